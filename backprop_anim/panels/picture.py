"""The picture that a network draws, pixel by pixel, beside the one it learns, and where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from backprop_anim.panels.grid_pass import GridPass
from backprop_anim.panels.new_states import on_new_state
from backprop_anim.panels.panel import panels
from backprop_anim.panels.picture_places import KEY, picture_places
from backprop_anim.panels.plane_section import plane_section
from backprop_anim.tasks import pixel_middles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backprop_anim.drawing import PanelArea, Rect, Single
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["PicturePanel"]

LEVELS = 255.0
BASELINE = 9.0
"""How high a caption stands over its picture."""

FAINT = 0.12
"""How much is left of a pixel's colour that the network never sees."""

LARGE = 0.98
"""Full colour is the error that so large a share of pixels stays under, halfway through the film."""

KEY_GAP, KEY_HEIGHT = 8.0, 9.0


@panels.register("picture")
@dataclass(frozen=True)
class PicturePanel:
    """The picture as the network draws it, beside the one it learns and a map of the error at each pixel."""

    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        if experiment.dataset.picture_size is None:
            return "it draws the pixels of a picture, and this task has none (task: {kind: picture, file: …})"
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import PixelPicture, ValueColors

        experiment = stage.recording.experiment
        columns, rows = experiment.dataset.picture_size or (1, 1)
        if stage.shared is not None:  # a tile among others has room for one
            return _network_picture(stage, _fitted(stage.rect, columns / rows), lambda colors: None)
        first, second, third = picture_places(stage.rect, columns / rows)
        original, seen = _original(experiment)
        learned = PixelPicture(stage, second, columns, rows)
        learned.set_colors(_with_faint(original, seen, stage.theme.background))
        limit, largest = _error_limit(stage, original)
        errors = PixelPicture(stage, third, columns, rows)
        stage.animate(errors)
        ramp = ValueColors(stage.theme.values, 0.0, limit)
        shades = np.round(LEVELS * ramp.shades).astype(np.uint8)
        _write_captions(stage, (first, second, third), seen)
        _draw_key(stage, third, limit, largest)

        def show_errors(colors: NDArray[np.uint8]) -> None:
            errors.set_colors(shades[ramp.places(_errors(colors, original))])

        return _network_picture(stage, first, show_errors)


def _network_picture(
    stage: PanelArea, place: Rect, also: Callable[[NDArray[np.uint8]], None]
) -> Callable[[Moment], None]:
    """Create what the network draws; it is asked anew only when it has changed, and `also` is given its colours."""
    from backprop_anim.drawing import PixelPicture

    columns, rows = stage.recording.experiment.dataset.picture_size or (1, 1)
    picture, colors_of = PixelPicture(stage, place, columns, rows), _drawn_by(stage.recording.experiment)
    stage.animate(picture)

    def use(parameters: Array) -> None:
        colors = colors_of(parameters)
        picture.set_colors(colors)
        also(colors)

    return on_new_state(stage.recording, use)


def _drawn_by(experiment: Experiment) -> Callable[[Array], NDArray[np.uint8]]:
    """Return the function from a state to the colours at all pixels, (rows, columns, channels)."""
    columns, rows = experiment.dataset.picture_size or (1, 1)
    answers = GridPass(experiment, plane_section(experiment.dataset, "auto"), *pixel_middles(columns, rows))
    activation = experiment.network.activations[-1]

    def colors(parameters: Array) -> NDArray[np.uint8]:
        z: Single = answers.run(parameters)  # (rows, channels, columns)
        a = np.empty((z.shape[1], rows, columns), np.float32)
        with np.errstate(over="ignore"):
            activation.value(z.swapaxes(0, 1).reshape(len(a), -1), a.reshape(len(a), -1))  # type: ignore[arg-type]
        return _as_levels(experiment.dataset.to_answers(np.moveaxis(a, 0, -1).astype(np.float64)))

    return colors


def _as_levels(shares: Any) -> NDArray[np.uint8]:
    """Return shares as the levels of a screen, what is beyond 0 and 1 as these."""
    found: NDArray[np.uint8] = np.rint(LEVELS * np.nan_to_num(shares).clip(0, 1)).astype(np.uint8)
    return found


def _original(experiment: Experiment) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the picture that is learned, (rows, columns, channels), and which of its pixels are trained on."""
    dataset = experiment.dataset
    columns, rows = dataset.picture_size or (1, 1)
    picture = np.zeros((rows * columns, experiment.network.sizes[-1]), np.uint8)
    seen = np.zeros(rows * columns, np.bool_)
    for part in (dataset.held_out, dataset):
        if part is not None:
            picture[part.pixels] = _as_levels(part.shown_targets)
    seen[dataset.pixels] = True
    return picture.reshape(rows, columns, -1), seen.reshape(rows, columns)


def _with_faint(picture: NDArray[np.uint8], seen: NDArray[np.bool_], background: str) -> NDArray[np.uint8]:
    """Return a picture with those pixels near the ground that are not seen, (rows, columns, RGB)."""
    from matplotlib.colors import to_rgb

    found = np.broadcast_to(picture, (*picture.shape[:2], 3)).astype(np.float64)
    found[~seen] += (1 - FAINT) * (LEVELS * np.array(to_rgb(background)) - found[~seen])
    return np.rint(found).astype(np.uint8)


def _errors(colors: NDArray[np.uint8], original: NDArray[np.uint8]) -> Array:
    """Return the mean difference of the channels at each pixel as it is seen, (rows, columns), from 0 to 1."""
    found: Array = np.abs(colors.astype(np.int16) - original).mean(axis=-1) / LEVELS
    return found


def _error_limit(stage: PanelArea, original: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the error that has full colour, and the largest of the first, the middle and the last state."""
    from backprop_anim.drawing import nice_limit

    colors_of, recording = _drawn_by(stage.recording.experiment), stage.recording
    rows = (0, recording.n_snapshots // 2, recording.n_snapshots - 1)
    first, middle, last = (_errors(colors_of(recording.parameters[row]), original) for row in rows)
    return nice_limit(middle, LARGE), float(max(part.max() for part in (first, middle, last)))


def _fitted(rect: Rect, aspect: float) -> Rect:
    """Return the largest rectangle of a shape in the middle of another."""
    from backprop_anim.drawing import Rect

    width, height = min(rect.width, aspect * rect.height), min(rect.height, rect.width / aspect)
    return Rect(rect.left + (rect.width - width) / 2, rect.bottom + (rect.height - height) / 2, width, height)


def _write_captions(stage: PanelArea, places: Sequence[Rect], seen: NDArray[np.bool_]) -> None:
    """Say over each picture what it is, in as many words as it is wide."""
    from backprop_anim.drawing import LABEL_SIZE

    share = f"{100 * (1 - float(seen.mean())):.0f}%"
    originals = ["original"] if seen.all() else [f"original, {share} held out (faint)", "faint: held out", "original"]
    for place, said in zip(places, (["drawn by the network", "network"], originals, ["error"]), strict=True):
        fitting = [words for words in said if stage.text_width(words, LABEL_SIZE) <= place.width]
        if fitting:
            stage.text(place.left, place.top + BASELINE, fitting[0], va="baseline")


def _draw_key(stage: PanelArea, place: Rect, limit: float, largest: float) -> None:
    """Draw the colours of the errors under their map, with what they mean at both ends."""
    from backprop_anim.drawing import LEAST_SIZE, Rect, limit_text

    def width(words: str) -> float:
        return stage.text_width(words, LEAST_SIZE)

    said = limit_text(limit, largest)
    high = next((words for words in (said, said.partition(" ")[0]) if width(words) <= place.width / 2), "")
    baseline, start = place.bottom - KEY + 7, place.left + width("0") + KEY_GAP
    length = place.right - start - width(high) - KEY_GAP
    if not high or length <= KEY_GAP:
        return
    stage.text(place.left, baseline, "0", LEAST_SIZE, va="baseline")
    stage.text(place.right, baseline, high, LEAST_SIZE, ha="right", va="baseline")
    bar = stage.axes(Rect(start, baseline, length, KEY_HEIGHT))
    bar.set_xlim(0, 1)
    bar.set_ylim(0, 1)
    colors = _colormap(stage)
    bar.imshow(np.linspace(0, 1, 256)[np.newaxis], cmap=colors, extent=(0.0, 1.0, 0.0, 1.0), aspect="auto")


def _colormap(stage: PanelArea) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("values", list(stage.theme.values))
