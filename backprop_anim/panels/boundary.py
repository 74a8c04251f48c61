"""Where a network draws the line between classes: its answer at every place of a plane of two inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from backprop_anim.panels.class_plane import (
    class_color,
    class_mark,
    held_out_mark,
    plane_axes,
    ring_mark,
)
from backprop_anim.panels.grid_pass import GridPass
from backprop_anim.panels.halos import create_halos
from backprop_anim.panels.new_states import on_new_state
from backprop_anim.panels.panel import panels
from backprop_anim.panels.plane_section import PlaneSection, SectionInputs, plane_section, section_problem

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from backprop_anim.drawing import PanelArea, Single
    from backprop_anim.engine import Activation, Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["BoundaryPanel"]

PLAIN = 0.1
"""The border is drawn in full where two classes are ahead by so much somewhere; with less it is fainter."""

GHOST = 0.4
"""How strong the border is that a told step leaves behind."""

HALF_LIMIT = 30.0
"""Pre-activations up to this are tried for an answer of one half."""


@panels.register("boundary")
@dataclass(frozen=True)
class BoundaryPanel:
    """Probability field over two inputs, the line at one half, the samples, rings on the wrong and the current one."""

    strength: Annotated[float, Ge(0), Le(1)] = 0.34
    max_points: Annotated[int, Ge(0), Le(20_000)] = 600
    halos: bool = True
    inputs: SectionInputs = "auto"
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        dataset = experiment.dataset
        if dataset.kind != "classes":
            return f"it draws the boundary between classes, and this task gives {dataset.kind}"
        return section_problem(dataset, self.inputs)

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.story import probe_samples

        recording = stage.recording
        section = plane_section(stage.recordings_on_axes[0].experiment.dataset, self.inputs)
        places = section.places(recording.experiment.dataset)
        samples = probe_samples(recording, stage.moments)
        axes = plane_axes(stage, section, self.halos and self.max_points > 0)
        show_field = self._create_field(stage, axes, section)
        show_halos = self._create_points(stage, axes, section, np.unique(samples))
        (ring,) = axes.plot([0], [0], visible=stage.shared is None, **ring_mark(stage, 24))  # tiles have no key for it
        stage.animate(ring)

        def show(moment: Moment) -> None:
            show_field(moment)
            show_halos(moment)
            ring.set_data(*places[samples[moment.frame], :, np.newaxis])

        return show

    def _create_field(self, stage: PanelArea, axes: Axes, section: PlaneSection) -> Callable[[Moment], None]:
        """Create the colours and the border; they are found anew only when the network has changed."""
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import IdentityTransform

        from backprop_anim.drawing import ColorField, border_path
        from backprop_anim.story import eased, row_before

        recording, theme = stage.recording, stage.theme
        network = recording.experiment.network
        colors = [class_color(stage, k) for k in range(len(recording.experiment.dataset.class_names))]
        field = ColorField(axes, network.activations[-1], network.sizes[-1], colors, theme.background, self.strength)
        answers = GridPass(recording.experiment, section, field.x, field.y)
        scores = _scores(network.activations[-1])
        nowhere = border_path(np.zeros((2, 2, 2)), field.x_px[:2], field.y_px[:2])
        ghost, border = PathPatch(nowhere, linewidth=1.4, alpha=GHOST), PathPatch(nowhere, linewidth=2.0)
        for line in (ghost, border):
            line.set(facecolor="none", edgecolor=theme.ink, linestyle=(0, (3.2, 2.0)), snap=False)
            axes.add_artist(line)
            line.set_transform(IdentityTransform())
        stage.animate(field, ghost, border)

        def use(parameters: Array) -> None:
            z = answers.run(parameters)
            field.set_values(z)
            border.set_path(border_path(scores(z), field.x_px, field.y_px))
            border.set_alpha(eased(_decision(network.activations[-1], z) / PLAIN))

        show_state = on_new_state(recording, use)
        left: int | None = None

        def show(moment: Moment) -> None:
            nonlocal left
            was = row_before(recording, moment)
            ghost.set_visible(was is not None)
            if was is not None and was != left:
                left = was
                ghost.set_path(border_path(scores(answers.run(recording.parameters[was])), field.x_px, field.y_px))
            show_state(moment)

        return show

    def _create_points(
        self, stage: PanelArea, axes: Axes, section: PlaneSection, current: NDArray[np.int64]
    ) -> Callable[[Moment], None]:
        """Draw the samples: evenly chosen ones of each class where they are too many, and those that will be ringed."""
        from backprop_anim.drawing import MarkerSprite

        dataset = stage.recording.experiment.dataset
        places = section.places(dataset)
        labels, share = dataset.known_labels, min(1.0, self.max_points / dataset.n_samples)
        size = min(11.5, max(5.0, 23 * max(share * dataset.n_samples, 1) ** -0.2))
        artists, drawn = [], [np.empty(0, np.int64)]
        for k in range(len(dataset.class_names)):
            members = np.flatnonzero(labels == k)
            n_shown = min(len(members), max(1, round(share * len(members)))) if share > 0 else 0
            chosen = members[np.linspace(0, len(members) - 1, n_shown).astype(int)]
            chosen = np.union1d(chosen, current[labels[current] == k]) if share > 0 else chosen
            artists += axes.plot(*places[chosen].T, **class_mark(stage, k, size))
            drawn.append(chosen)
        every = np.concatenate(drawn)
        told = [(places[every], dataset.shown_inputs[every], labels[every])]
        if (held_out := dataset.held_out) is not None and self.max_points:
            chosen = held_out.some_samples(self.max_points)
            told.append(
                (section.places(held_out)[chosen], held_out.shown_inputs[chosen], held_out.known_labels[chosen])
            )
            artists += _held_out_points(stage, axes, told[-1][0], told[-1][2], size)
        for artist in artists:
            artist.set_animated(True)
        show_halos = create_halos(stage, axes, told, size) if self.halos else lambda moment: None
        stage.animate(MarkerSprite(artists))
        return show_halos


def _held_out_points(
    stage: PanelArea, axes: Axes, places: Array, labels: NDArray[np.int64], size: float
) -> list[Line2D]:
    """Draw samples that the network is not trained on, hollow."""
    artists = []
    for k in np.unique(labels).tolist():
        artists += axes.plot(*places[labels == k].T, **held_out_mark(stage, k, size))
    return artists


def _decision(activation: Activation, z: Single) -> float:
    """Return how far two classes at least are ahead of all others somewhere, by their answers; 0 for one alone.

    A line between answers of 0.499 and 0.501 divides nothing yet: it would blink from state to state.
    """
    inside = np.ascontiguousarray(z[1:-1, :, 1:-1].swapaxes(0, 1)).reshape(z.shape[1], -1)
    answers = np.empty_like(inside)
    with np.errstate(over="ignore"):
        activation.value(inside, answers)  # type: ignore[arg-type]
    if len(answers) == 1:
        return float(2 * min(answers.max() - 0.5, 0.5 - answers.min()))
    second, first = np.partition(answers, -2, axis=0)[-2:]
    ahead, best = first - second, answers.argmax(axis=0)
    leads = sorted(float(ahead[best == k].max(initial=0.0)) for k in range(len(answers)))
    return leads[-2]


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
