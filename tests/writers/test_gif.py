"""GIF: timing, colours and the palette."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from film_helpers import BLOCK, CORNER, CRIMSON, FILM, GROUND, LAST, distance, draw, pictures, samples, write
from PIL import Image

from backprop_anim.common.errors import EncodingError
from backprop_anim.writers import FilmSpec, formats
from backprop_anim.writers.frame_pacing import fitted_size, pace_frames
from backprop_anim.writers.gif import GITHUB_LIMIT_BYTES, Gif
from backprop_anim.writers.palette import frequent_colours, with_exact_colours


@pytest.mark.parametrize(("n_frames", "fps"), [(30, 30), (31, 30), (50, 60), (17, 24), (10, 7)])
@pytest.mark.parametrize("name", ["gif", "webp"])
def test_it_is_as_long_as_the_film_and_ends_with_its_last_frame(
    name: str, n_frames: int, fps: int, tmp_path: Path
) -> None:
    film = replace(FILM, n_frames=n_frames, fps=fps)
    shown, lasts = pictures(write(tmp_path / "film", formats[name](), film))
    tick_ms = 10 if name == "gif" else 1
    assert sum(lasts) == pytest.approx(1000 * n_frames / fps, abs=0.51 * tick_ms)
    assert distance(shown[-1][CORNER][8:-8, 8:-8], LAST) <= 4
    assert distance(shown[-2][CORNER][8:-8, 8:-8], GROUND) <= 4
    assert 1000 * (len(lasts) - 1) / sum(lasts[:-1]) <= 20.1


@pytest.mark.parametrize("name", ["gif", "webp"])
def test_it_repeats_for_ever(name: str, tmp_path: Path) -> None:
    with Image.open(write(tmp_path / "film", formats[name]())) as image:
        assert image.info["loop"] == 0


def test_flat_colours_are_exact(tmp_path: Path) -> None:
    shown, _ = pictures(write(tmp_path / "film.gif", Gif()))
    for picture in shown:
        assert np.all(picture[BLOCK] == CRIMSON)
        assert np.all(picture[70:100, 60:120] == GROUND)
    assert np.all(shown[-1][CORNER] == LAST)


def test_flat_colours_are_exact_among_more_colours_than_a_gif_has(tmp_path: Path) -> None:
    frame = draw(FILM, 0)
    rng = np.random.default_rng(0)
    frame[60:, 96:, :3] = rng.integers(0, 256, (48, 96, 3))  # more colours than a GIF has
    frame[8:40, 48:, :3] = np.array(CRIMSON) + rng.integers(0, 3, (32, 144, 3))  # many like the accent
    writer = Gif().open(tmp_path / "film.gif", replace(FILM, n_frames=1), [frame])
    writer.write(frame)
    writer.close()
    with Image.open(tmp_path / "film.gif") as image:
        picture = np.asarray(image.convert("RGB"))
    assert np.all(picture[:6] == GROUND)
    assert np.all(picture[BLOCK] == CRIMSON)


@pytest.mark.parametrize("name", ["gif", "webp"])
def test_a_wide_film_is_made_smaller(name: str, tmp_path: Path) -> None:
    shown, _ = pictures(write(tmp_path / "film", formats[name](max_width_px=97)))
    assert {picture.shape for picture in shown} == {(55, 97, 3)}
    assert distance(shown[0][8:16, 8:16], CRIMSON) <= 4


def test_the_palette_comes_from_the_samples(tmp_path: Path) -> None:
    grey = np.full(FILM.shape, 128, np.uint8)
    film = replace(FILM, n_frames=1)
    seen = []
    for sample in (draw(FILM, 0), grey):
        writer = Gif().open(tmp_path / "film.gif", film, [sample])
        writer.write(draw(FILM, 0))
        writer.close()
        with Image.open(tmp_path / "film.gif") as image:
            seen.append(np.asarray(image.convert("RGB"))[20, 20])
    assert tuple(seen[0]) == CRIMSON
    assert tuple(seen[1]) != CRIMSON  # nothing like it was in the sample


def test_no_samples_are_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="no sample frames"):
        Gif().open(tmp_path / "film.gif", FILM, [])
    assert list(tmp_path.iterdir()) == []


def test_the_commonest_colours_replace_their_like() -> None:
    palette = np.zeros((256, 4), np.uint8)
    palette[:, 3] = 255
    palette[0, :3], palette[1, :3], palette[2, :3] = (250, 249, 246), (251, 249, 248), (200, 30, 70)
    made = with_exact_colours(palette, np.array([GROUND, CRIMSON], np.uint8))
    assert made[:3, :3].tolist() == [list(GROUND), list(GROUND), list(CRIMSON)]
    assert np.all(made[3:, :3] == 0)
    assert np.all(made[:, 3] == 255)
    both = with_exact_colours(palette, np.array([(202, 30, 70), (198, 30, 70)], np.uint8))[:, :3].tolist()
    assert [202, 30, 70] in both  # the rarer does not take the entry of the commoner
    assert [198, 30, 70] in both
    assert frequent_colours(samples(FILM))[:2].tolist() == [list(GROUND), list(CRIMSON)]


@pytest.mark.parametrize(
    ("film_fps", "option", "shown"),
    [(30, 20, 20), (30, 30, 25), (30, 50, 25), (60, 50, 50), (10, 20, 10), (24, 20, 20), (15, 20, Fraction(100, 7))],
)
def test_the_rate_is_the_nearest_that_a_gif_can_time(film_fps: int, option: int, shown: Fraction) -> None:
    film = replace(FILM, fps=film_fps)
    notes = Gif(fps=option).notes(film)
    assert Gif(fps=option)._pacing(film).rate == shown
    assert len(notes) == (shown != min(film_fps, option))
    assert all(f"{float(shown):.4g} fps instead of {min(film_fps, option)}" in note for note in notes)


@pytest.mark.parametrize("n_frames", [1, 2, 3, 29, 300, 301])
@pytest.mark.parametrize(
    ("fps", "rate"), [(1, 1), (7, 1), (7, 7), (24, 20), (24, 24), (30, 20), (30, Fraction(100, 7)), (60, 50)]
)
def test_a_cadence_keeps_length_order_and_the_last_frame(n_frames: int, fps: int, rate: Fraction) -> None:
    shown = pace_frames(FilmSpec(2, 2, fps, n_frames), Fraction(rate))
    assert shown.picks[-1] == n_frames - 1
    assert len(set(shown.picks)) == len(shown.picks)
    assert list(shown.picks) == sorted(shown.picks)
    assert shown.length_s == Fraction(n_frames, fps)
    for k, pick in enumerate(shown.picks[:-1]):
        assert 0 <= Fraction(k) / rate - Fraction(pick, fps) < Fraction(1, fps)  # it is the frame of that moment


@pytest.mark.parametrize(
    ("size", "fitted"), [((1280, 720), (800, 450)), ((800, 600), (800, 600)), ((4000, 1), (800, 1))]
)
def test_fitted_size(size: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fitted_size(*size, 800) == fitted


def test_a_file_too_large_for_github_is_mentioned(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    path.touch()
    for size, n_notes in ((GITHUB_LIMIT_BYTES, 0), (GITHUB_LIMIT_BYTES + 100_000, 1)):
        with path.open("r+b") as file:
            file.truncate(size)
        notes = Gif().notes_on(path)
        assert len(notes) == n_notes
    assert "film.gif has 10.1 MB, GitHub takes at most 10 MB" in notes[0]
