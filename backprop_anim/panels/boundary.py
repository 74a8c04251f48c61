"""Where a network draws the line between classes: its answer at every place of a plane of two inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from backprop_anim.drawing import PanelArea, Scale, Single
    from backprop_anim.engine import Activation, Array, Network
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.tasks import Dataset

__all__ = ["BoundaryPanel"]

MARKERS = (("D", 0.86), ("o", 1.0), ("s", 0.9), ("^", 1.1), ("v", 1.1), ("P", 1.1), ("X", 1.1), ("p", 1.1), ("*", 1.4))
"""The shape of each class and its size; their number is prime to that of the usual colours."""

KEY_MARK, KEY_GAP, KEY_ROW = 20.0, 20.0, 26.0
LEAST_NAME = 34.0
"""Points below which a name is left out of the key rather than cut."""

HALF_LIMIT = 30.0
"""Pre-activations up to this are tried for an answer of one half."""


@panels.register("boundary")
@dataclass(frozen=True)
class BoundaryPanel:
    """Probability field over two inputs, the line at one half, the samples, and a ring on the current one."""

    strength: Annotated[float, Ge(0), Le(1)] = 0.34
    max_points: Annotated[int, Ge(0), Le(20_000)] = 600
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        dataset = experiment.dataset
        if dataset.kind != "classes":
            return f"it draws the boundary between classes, and this task gives {dataset.kind}"
        if dataset.n_inputs != 2:
            return f"it needs two inputs for its axes, and this task has {dataset.n_inputs}"
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.story import probe_samples

        recording, theme = stage.recording, stage.theme
        inputs = recording.experiment.dataset.inputs
        samples = probe_samples(recording, stage.moments)
        axes = _axes(stage)
        show_field = self._create_field(stage, axes)
        self._create_points(stage, axes, np.unique(samples))
        (ring,) = axes.plot([0], [0], "o", mfc="none", mec=theme.ink, mew=2.2, markersize=24, clip_on=False)
        stage.animate(ring)

        def show(moment: Moment) -> None:
            show_field(moment)
            ring.set_data(*inputs[samples[moment.frame], :, np.newaxis])

        return show

    def _create_field(self, stage: PanelArea, axes: Axes) -> Callable[[Moment], None]:
        """Create the colours and the border; they are found anew only when the network has changed."""
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import IdentityTransform

        from backprop_anim.drawing import ColorField, border_path
        from backprop_anim.story import picture_key, shown_state

        recording, theme = stage.recording, stage.theme
        network = recording.experiment.network
        colors = [_color(stage, k) for k in range(len(recording.experiment.dataset.class_names))]
        field = ColorField(axes, network.activations[-1], network.sizes[-1], colors, theme.background, self.strength)
        answers = _GridPass(network, field.x, field.y)
        scores = _scores(network.activations[-1])
        border = PathPatch(border_path(np.zeros((2, 2, 2)), field.x_px[:2], field.y_px[:2]))
        border.set(facecolor="none", edgecolor=theme.ink, linewidth=2.0, linestyle=(0, (3.2, 2.0)), snap=False)
        axes.add_artist(border)
        border.set_transform(IdentityTransform())
        stage.animate(field, border)
        shown: tuple[int, float] | None = None

        def show(moment: Moment) -> None:
            nonlocal shown
            state = picture_key(recording, moment)
            if state != shown:
                shown = state
                z = answers.run(shown_state(recording, moment))
                field.set_values(z)
                border.set_path(border_path(scores(z), field.x_px, field.y_px))

        return show

    def _create_points(self, stage: PanelArea, axes: Axes, current: NDArray[np.int64]) -> None:
        """Draw the samples: evenly chosen ones of each class where they are too many, and those that will be ringed."""
        from backprop_anim.drawing import MarkerSprite

        dataset = stage.recording.experiment.dataset
        labels, share = _labels(dataset), min(1.0, self.max_points / dataset.n_samples)
        size = min(11.5, max(5.0, 23 * max(share * dataset.n_samples, 1) ** -0.2))
        drawn = []
        for k in range(len(dataset.class_names)):
            members = np.flatnonzero(labels == k)
            n_shown = min(len(members), max(1, round(share * len(members)))) if share > 0 else 0
            chosen = members[np.linspace(0, len(members) - 1, n_shown).astype(int)]
            chosen = np.union1d(chosen, current[labels[current] == k]) if share > 0 else chosen
            drawn += axes.plot(*dataset.inputs[chosen].T, **_mark(stage, k, size))
        for artist in drawn:
            artist.set_animated(True)
        stage.animate(MarkerSprite(drawn))


class _GridPass:
    """A network's pre-activations of the last layer at a grid of two inputs, in single precision.

    A row of the grid is one batch, so that every product is small; see `backprop_anim.drawing.color_field.STRIP`.

    Parameters
    ----------
    network : Network
    x, y : ndarray
        The inputs along the columns and along the rows.
    """

    def __init__(self, network: Network, x: Array, y: Array) -> None:
        self._network = network
        # Far from zero the distance from the middle is exact where the place itself is not.
        self._middle = np.array([x.mean(), y.mean()])
        self._x, self._y = x - self._middle[0], y - self._middle[1]
        sizes = network.sizes[1:]
        self._z = [np.empty((len(y), n, len(x)), np.float32) for n in sizes]
        self._with_ones = [np.ones((len(y), n + network.bias, len(x)), np.float32) for n in sizes[:-1]]

    def run(self, parameters: Array) -> Single:
        """Return z for a state, (rows, n_out, columns); a buffer that the next call overwrites."""
        from backprop_anim.drawing import LARGEST

        network = self._network
        first, *later = network.layout.blocks(parameters)
        bias = first[:, 2] if network.bias else 0.0
        # W a + b is a sum of what x and what y give.
        with np.errstate(over="ignore", invalid="ignore"):
            across = (first[:, :1] * self._x).astype(np.float32)  # (n, columns)
            down = np.outer(self._y, first[:, 1]) + (first[:, :2] @ self._middle + bias)  # (rows, n)
            np.add(across, down.astype(np.float32)[:, :, np.newaxis], out=self._z[0])
            for layer, block in enumerate(later):
                rows, z = self._with_ones[layer], self._z[layer]
                network.activations[layer].value(z, rows[:, : z.shape[1]])  # type: ignore[arg-type]
                np.matmul(block.astype(np.float32), rows, out=self._z[layer + 1])
            last = self._z[-1]
            np.nan_to_num(last, copy=False)
            return np.clip(last, -LARGEST, LARGEST, out=last)


def _scores(activation: Activation) -> Callable[[Single], Single | Array]:
    """Return the function from z, (rows, n_out, columns), to scores of which the decided class has the highest.

    Where a higher z is a higher answer, z itself is the score: answers near 0 and 1 are too flat to find a line in.
    """
    tried = np.linspace(-HALF_LIMIT, HALF_LIMIT, 6001)[np.newaxis]
    answers = np.empty_like(tried)
    rises, half = True, 0.0
    if not activation.output_only:
        activation.value(tried, answers)
        rises = bool((np.diff(answers[0]) >= 0).all())
        half = float(np.interp(0.5, answers[0], tried[0])) if rises else 0.5

    def scores(z: Single) -> Single | Array:
        values = z
        if not rises:
            values = np.empty_like(z)
            activation.value(z, values)  # type: ignore[arg-type]
        values = values.swapaxes(0, 1)
        return values if len(values) > 1 else np.concatenate([np.full_like(values, half), values])

    return scores


def _axes(stage: PanelArea) -> Axes:
    """Draw axes with the inputs' names, and the key of the classes beside or above that of y."""
    from backprop_anim.drawing import LABEL_SIZE, plot_axes, truncate_text

    dataset = stage.recording.experiment.dataset

    def width(text: str) -> float:
        return stage.text_width(text, LABEL_SIZE)

    given = (*dataset.input_names, "", "")
    names = [truncate_text(name, lambda text: width(text) < 0.8 * stage.rect.width) for name in given[:2]]
    full = sum(width(name) + KEY_MARK + KEY_GAP for name in dataset.class_names)
    beside = full + width(names[1]) < 0.86 * stage.rect.width
    place = stage if beside else replace(stage, rect=stage.rect.inset(top=KEY_ROW))
    x, y = (_scale(values) for values in dataset.inputs.T)
    axes = plot_axes(place, x, y, "", names[0], names[1])
    axes.grid(False)  # the field would hide it
    left, right = axes.bbox.x0 / stage.scale, axes.bbox.x1 / stage.scale
    labels, more = _key_labels(dataset.class_names, right - left, width)
    taken = sum(width(word) + KEY_MARK + KEY_GAP for word in labels) - KEY_GAP
    _draw_key(stage, labels, more, right - taken if beside else left)
    return axes


def _scale(values: Array) -> Scale:
    """Return the axis of an input: from 0 to 1 for a share that fills it, otherwise the data and a margin."""
    from backprop_anim.drawing import linear_scale

    low, high = float(values.min()), float(values.max())
    if low >= 0.049 and high <= 0.951 and high - low >= 0.5:
        return linear_scale(0.0, 1.0, 5)
    return linear_scale(low, high, 5, 0.08)


def _key_labels(names: Sequence[str], room: float, width: Callable[[str], float]) -> tuple[list[str], str]:
    """Return the names as they fit side by side, cut where they must be, and how many there is no room for."""
    from backprop_anim.drawing import truncate_text

    for n in range(len(names), 0, -1):
        more = f"… {len(names) - n} more" if n < len(names) else ""
        left = room - n * (KEY_MARK + KEY_GAP) - (width(more) if more else -KEY_GAP)
        limit = _limit([width(name) for name in names[:n]], left)
        if limit >= LEAST_NAME or n == 1 or all(width(name) <= limit for name in names[:n]):
            break
    return [truncate_text(name, lambda text: width(text) <= limit) for name in names[:n]], more


def _limit(widths: Sequence[float], room: float) -> float:
    """Return the width to which the wider ones must be cut so that all together take no more than `room`."""
    narrow, rest = 0.0, sorted(widths)
    while rest and narrow + rest[0] * len(rest) <= room:
        narrow += rest.pop(0)
    return (room - narrow) / len(rest) if rest else max(widths)


def _draw_key(stage: PanelArea, labels: Sequence[str], more: str, left: float) -> None:
    """Write the names of the classes side by side, each behind its mark."""
    from backprop_anim.drawing import LABEL_SIZE

    axes, x, baseline = stage.canvas_axes(), left, stage.rect.top - 14
    for k, label in enumerate(labels):
        axes.plot([x + 6], [baseline + LABEL_SIZE * 0.33], clip_on=False, **_mark(stage, k, 9.5))
        stage.text(x + KEY_MARK, baseline, label, LABEL_SIZE)
        x += KEY_MARK + stage.text_width(label, LABEL_SIZE) + KEY_GAP
    if more:
        stage.text(x, baseline, more, LABEL_SIZE)


def _mark(stage: PanelArea, k: int, size: float) -> dict[str, Any]:
    """Return how the samples of class `k` are drawn."""
    marker, factor = MARKERS[k % len(MARKERS)]
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": size * factor,
        "color": _color(stage, k),
        "mec": stage.theme.background,
        "mew": 1.3,
    }


def _color(stage: PanelArea, k: int) -> str:
    return stage.theme.classes[k % len(stage.theme.classes)]


def _labels(dataset: Dataset) -> NDArray[np.int64]:
    """Return the class of each sample; a task of classes always has them."""
    if dataset.labels is None:
        raise ValueError("a boundary needs labels")
    return dataset.labels
