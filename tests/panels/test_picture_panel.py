"""The picture panel shows the network's own colours at the pixels, and the error in those that its key explains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from panel_checks import stays_inside
from PIL import Image
from small_runs import FOX, DrawnFilm, texts
from table_films import drawn, made, plane_text, rgb

from backprop_anim.common.errors import ExperimentError
from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.pixel_picture import PixelPicture
from backprop_anim.experiment.themes import themes
from backprop_anim.panels import default_grid, leading_panel
from backprop_anim.panels.picture_places import CAPTION, KEY, picture_places
from backprop_anim.story.moment import shown_state

NETWORK = "network: {hidden: [8]}\ntraining: {steps: 30, optimizer: adam, aggression: 0.05}\n"
ALONE = ("video.panels=[[picture]]", "video.milestones=false")


def text(more: str = "", file: Path = FOX) -> str:
    return f"task: {{kind: picture, file: {file}, size: 12{more}}}\n{NETWORK}"


def pictures(shown: DrawnFilm) -> list[PixelPicture]:
    """What the network draws, what it learns, and the error."""
    found = shown.canvas.figure.findobj(PixelPicture)
    still = [picture for picture in found if not picture.get_animated()]
    moving: list[Any] = shown.animated("picture", PixelPicture)
    assert (len(still), len(moving)) == (1, 2)
    errors, network = moving
    return [network, still[0], errors]


def seen(shown: DrawnFilm, frame: int, picture: PixelPicture) -> NDArray[np.uint8]:
    """The colour in the middle of each cell, as it stands in the frame."""
    pixels = shown.draw(frame)
    across, down = picture._inside[1], picture._inside[0]
    rows, columns = picture.colors.shape[:2]
    y = (down.start + (np.arange(rows) + 0.5) * (down.stop - down.start) / rows).astype(int)
    x = (across.start + (np.arange(columns) + 0.5) * (across.stop - across.start) / columns).astype(int)
    return pixels[np.ix_(y, x)][..., :3]


def levels(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(255 * np.clip(shares, 0, 1))


@pytest.mark.parametrize("theme", themes)
@pytest.mark.parametrize("more", ["", ", grey: true", ", test: 0.25"])
def test_every_pixel_has_the_colour_of_the_answer_there(more: str, theme: str) -> None:
    shown = drawn(text(more), *ALONE, f"video.theme={theme}")
    experiment, (network, _, _) = shown.recording.experiment, pictures(shown)
    columns, rows = experiment.dataset.picture_size or (0, 0)
    for frame in (0, len(shown.moments) - 1):
        found = seen(shown, frame, network).reshape(rows * columns, 3)
        state = shown_state(shown.recording, shown.moments[frame])
        for part in filter(None, (experiment.dataset, experiment.dataset.held_out)):
            expected = levels(experiment.answers(state, part.shown_inputs))
            assert np.abs(found[part.pixels] - expected).max() <= 1


def test_the_answers_beyond_0_and_1_are_cut() -> None:
    shown = drawn(text().replace("aggression: 0.05", "aggression: 1.5"), *ALONE)
    experiment, (network, _, _) = shown.recording.experiment, pictures(shown)
    frame = len(shown.moments) - 1
    answers = experiment.answers(shown_state(shown.recording, shown.moments[frame]), experiment.dataset.inputs)
    assert answers.min() < -0.05 or answers.max() > 1.05
    assert np.abs(seen(shown, frame, network).reshape(-1, 3) - levels(answers)).max() <= 1


def test_the_original_stands_beside_it_and_what_is_held_out_is_faint() -> None:
    whole, parted = (drawn(text(more), *ALONE) for more in ("", ", test: 0.25"))
    original = seen(whole, 0, pictures(whole)[1]).reshape(-1, 3).astype(float)
    np.testing.assert_array_equal(original, levels(whole.recording.experiment.dataset.targets))
    found = seen(parted, 0, pictures(parted)[1]).reshape(-1, 3).astype(float)
    dataset = parted.recording.experiment.dataset
    assert dataset.held_out is not None
    np.testing.assert_array_equal(found[dataset.pixels], original[dataset.pixels])
    ground = np.array(rgb(themes["light"]().background))
    away = np.abs(found - ground)[dataset.held_out.pixels]
    assert (away <= 0.12 * np.abs(original - ground)[dataset.held_out.pixels] + 1).all()
    assert "original, 25% held out (faint)" in texts(parted.canvas)
    assert "original" in texts(whole.canvas)


@pytest.mark.parametrize("theme", themes)
def test_the_error_has_the_colour_that_its_key_says(theme: str) -> None:
    shown = drawn(text(), *ALONE, f"video.theme={theme}")
    network, original, errors = pictures(shown)
    limit = float(next(word for word in texts(shown.canvas) if word.startswith("0.")).split()[0])
    for frame in (0, len(shown.moments) // 2, len(shown.moments) - 1):
        found = seen(shown, frame, errors).astype(float)
        off = np.abs(seen(shown, frame, network).astype(float) - original.colors[..., :3]).mean(axis=-1) / 255
        ramp = np.array([rgb(color) for color in themes[theme]().values])
        place = np.clip(off / limit, 0, 1) * (len(ramp) - 1)
        expected = np.stack([np.interp(place, np.arange(len(ramp)), part) for part in ramp.T], axis=-1)
        assert np.abs(found - expected).max() <= 2


def test_nearly_all_errors_halfway_stay_under_what_has_full_colour() -> None:
    shown = drawn(text(), *ALONE)
    recording, dataset = shown.recording, shown.recording.experiment.dataset
    answers = recording.experiment.answers(recording.parameters[recording.n_snapshots // 2], dataset.inputs)
    off = np.abs(levels(answers) - levels(dataset.targets)).mean(axis=1) / 255
    limit = float(next(word for word in texts(shown.canvas) if word.startswith("0.")).split()[0])
    assert np.quantile(off, 0.98) <= limit <= 1.1 * np.quantile(off, 0.98)


@pytest.mark.parametrize("size", ["640x360", "540x540", "540x960"])
@pytest.mark.parametrize("shape", [(12, 12), (5, 40), (40, 5)])
def test_it_stays_in_its_place_whatever_its_shape(size: str, shape: tuple[int, int], tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)).save(file)
    shown = drawn(text(file=file), *ALONE, f"video.size={size}")
    assert stays_inside(shown, "picture")


@pytest.mark.parametrize("rect", [Rect(10, 20, *size) for size in [(770, 560), (616, 300), (616, 640), (300, 200)]])
@pytest.mark.parametrize("aspect", [0.2, 0.7, 1.0, 1.6, 8.0])
def test_the_places_have_the_shape_and_room_for_their_words(rect: Rect, aspect: float) -> None:
    places = picture_places(rect, aspect)
    assert places[0].height >= max(place.height for place in places) - 1e-9
    for k, place in enumerate(places):
        assert place.width == pytest.approx(aspect * place.height)
        assert place.left >= rect.left - 1e-6
        assert place.right <= rect.right + 1e-6
        assert place.top + CAPTION <= rect.top + 1e-6
        assert place.bottom - (KEY if k == 2 else 0) >= rect.bottom - 1e-6
        for other in places[:k]:
            beside = place.right < other.left or other.right < place.left
            assert beside or place.top + CAPTION < other.bottom or other.top + CAPTION < place.bottom


def test_it_leads_the_film_of_a_picture_and_no_other() -> None:
    experiment = made(text())
    assert leading_panel(experiment) == "picture"
    assert {"picture", "network", "loss"} == {name for row in default_grid(experiment, 16 / 9) for name in row}
    with pytest.raises(ExperimentError, match=r"it draws the pixels of a picture, and this task has none"):
        made(plane_text(), *ALONE)


def test_the_other_panels_show_one_channel_of_it() -> None:
    for panel in ("field", "scatter"):
        made(text(), f"video.panels=[[{panel}]]", f"video.panel_options={{{panel}: {{output: blue}}}}")
        with pytest.raises(ExperimentError, match="they are red, green, blue"):
            made(text(), f"video.panels=[[{panel}]]", f"video.panel_options={{{panel}: {{output: pink}}}}")
