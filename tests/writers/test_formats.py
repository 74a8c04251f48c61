"""What holds for every registered format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film_helpers import FILM, FILMS, draw, samples, write

from backprop_anim.common.errors import EncodingError
from backprop_anim.writers import FilmSpec, formats, open_writers

VIDEO = ["mp4", "webm", "gif", "webp"]


def content(path: Path) -> list[tuple[str, bytes]]:
    """The bytes of a file, or the names and bytes of the files in a folder."""
    if path.is_dir():
        return [(file.name, file.read_bytes()) for file in sorted(path.iterdir())]
    return [("", path.read_bytes())]


def test_the_formats_of_the_contract_are_registered() -> None:
    assert set(formats) >= {"mp4", "gif", "webm", "webp", "png", "frames"}
    for name in FILMS:
        assert formats.summary(name)


@pytest.mark.parametrize("name", FILMS)
def test_two_runs_leave_the_same_bytes_and_nothing_else(name: str, tmp_path: Path) -> None:
    made = formats[name]()
    first, second = (write(tmp_path / f"{run}{made.suffix}", made) for run in ("first", "second"))
    assert content(first) == content(second)
    assert sorted(tmp_path.iterdir()) == sorted([first, second])


@pytest.mark.parametrize("name", FILMS)
def test_one_frame_is_a_film(name: str, tmp_path: Path) -> None:
    made = formats[name]()
    path = write(tmp_path / f"film{made.suffix}", made, replace(FILM, n_frames=1))
    assert len(content(path)) == 1


@pytest.mark.parametrize("quality", ["draft", "high"])
@pytest.mark.parametrize("name", VIDEO)
def test_every_quality_can_be_made(name: str, quality: str, tmp_path: Path) -> None:
    made = formats[name]()
    write(tmp_path / f"film{made.suffix}", made, replace(FILM, n_frames=5, quality=quality))


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize("given", [0, 3])
def test_too_few_frames_are_an_error_and_leave_nothing(name: str, given: int, tmp_path: Path) -> None:
    with (  # noqa: PT012
        pytest.raises(EncodingError, match=f"got {given} of the 30 frames"),
        open_writers({tmp_path / "film": formats[name]()}, FILM, samples(FILM)) as writers,
    ):
        for index in range(given):
            writers.write(draw(FILM, index))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILMS)
def test_a_frame_too_many_is_an_error(name: str, tmp_path: Path) -> None:
    film = replace(FILM, n_frames=2)
    writer = formats[name]().open(tmp_path / "film", film, samples(film))
    try:
        writer.write(draw(film, 0))
        writer.write(draw(film, 1))
        with pytest.raises(EncodingError, match="more than the 2 frames"):
            writer.write(draw(film, 1))
    finally:
        writer.abort()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize(
    "wrong", [np.zeros((108, 190, 4), np.uint8), np.zeros((108, 192, 3), np.uint8), np.zeros((108, 192, 4))]
)
def test_a_frame_of_another_shape_is_an_error(name: str, wrong: np.ndarray, tmp_path: Path) -> None:
    writer = formats[name]().open(tmp_path / "film", FILM, samples(FILM))
    with pytest.raises(EncodingError, match=r"frame 0 is .* the film's frames are \(108, 192, 4\) uint8"):
        writer.write(wrong)
    writer.abort()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILMS)
def test_a_cut_film_is_whole_up_to_the_cut(name: str, tmp_path: Path) -> None:
    path = tmp_path / "film"
    with pytest.raises(KeyboardInterrupt), open_writers({path: formats[name]()}, FILM, samples(FILM)) as writers:  # noqa: PT012
        for index in range(12):
            writers.write(draw(FILM, index))
        left = writers.finish_early()
        assert [*tmp_path.iterdir()] == left
        assert left == ([] if name == "png" else [path])  # the poster is the last frame
        if left:
            path.rename(tmp_path / "kept")
        raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == (["kept"] if left else [])


@pytest.mark.parametrize("name", ["mp4", "webm"])
@pytest.mark.parametrize(("size", "nearest"), [((1281, 720), "1280x720"), ((640, 361), "640x360"), ((1, 1), "2x2")])
def test_odd_sizes_are_refused_with_the_nearest_allowed(name: str, size: tuple[int, int], nearest: str) -> None:
    given = f"{size[0]}x{size[1]}"
    assert formats[name]().problem(*size) == (
        f"{name} needs an even width and height, not {given}; the nearest allowed size is {nearest}"
    )
    assert formats[name]().problem(1280, 720) is None


@pytest.mark.parametrize("name", ["gif", "webp", "png", "frames"])
def test_other_formats_take_odd_sizes(name: str, tmp_path: Path) -> None:
    film = FilmSpec(51, 37, 10, 3)
    made = formats[name]()
    assert made.problem(51, 37) is None
    path = tmp_path / "film"
    with open_writers({path: made}, film, [np.full(film.shape, 255, np.uint8)]) as writers:
        for grey in (0, 100, 200):
            writers.write(np.full(film.shape, grey, np.uint8))
    assert path.exists()


@pytest.mark.parametrize(("name", "largest"), [("gif", 65535), ("webp", 16383)])
def test_a_size_beyond_the_format_is_refused(name: str, largest: int) -> None:
    problem = formats[name](max_width_px=100).problem(100, 70_000)
    assert problem is not None
    assert f"not 100x70000; the nearest allowed size is 100x{largest}" in problem
    assert formats[name](max_width_px=100).problem(70_000, 100) is None  # it is made smaller anyway
