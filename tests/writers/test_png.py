"""Pictures: the poster and the folder of frames."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film_helpers import FILM, draw, write
from PIL import Image

from backprop_anim.common import EncodingError, OutputError
from backprop_anim.writers import Pixels, formats
from backprop_anim.writers.png import FAST, SMALL, save_png


def decoded(path: Path) -> Pixels:
    """Decode a picture, which must be whole, and say its colours without alpha."""
    with Image.open(path) as image:
        image.verify()
    with Image.open(path) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image)


def noise(*shape: int) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)


def test_the_poster_is_the_last_frame(tmp_path: Path) -> None:
    path = write(tmp_path / "film.png", formats["png"]())
    assert np.array_equal(decoded(path), draw(FILM, FILM.n_frames - 1)[..., :3])


def test_frames_are_numbered_from_zero(tmp_path: Path) -> None:
    film = replace(FILM, n_frames=12)
    folder = write(tmp_path / "frames", formats["frames"](), film)
    assert sorted(file.name for file in folder.iterdir()) == [f"{index:06d}.png" for index in range(12)]
    for index in range(12):
        assert np.array_equal(decoded(folder / f"{index:06d}.png"), draw(film, index)[..., :3])


@pytest.mark.parametrize("strategy", [FAST, SMALL])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 4), (7, 5), (1, 300), (300, 1), (108, 192)])
def test_every_pixel_survives(size: tuple[int, int], strategy: int, tmp_path: Path) -> None:
    """Small ones too: by their shape alone, some could be taken for a row of pictures."""
    pixels = noise(*size)
    save_png(tmp_path / "noise.png", pixels, strategy)
    assert np.array_equal(decoded(tmp_path / "noise.png"), pixels[..., :3])


def test_the_same_pixels_give_the_same_bytes(tmp_path: Path) -> None:
    first, second, pixels = tmp_path / "first.png", tmp_path / "second.png", noise(70, 50)
    save_png(first, pixels)
    save_png(second, pixels.copy(order="F"))  # however they lie in memory
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("folder", ["missing", "runs.zip"])
def test_a_missing_folder_is_said_and_not_made(folder: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"film\.png could not be written: No such file or directory"):
        save_png(tmp_path / folder / "film.png", noise(7, 5))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_may_be_called_like_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~").mkdir()
    save_png(Path("~/film.png"), noise(7, 5))
    assert (tmp_path / "~" / "film.png").is_file()


def test_a_failure_of_the_encoder_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise OSError("encoder error -2 when writing image file")

    monkeypatch.setattr("imageio.v3.imwrite", fail)
    with pytest.raises(OutputError, match=r"film\.png could not be written: encoder error -2"):
        save_png(tmp_path / "film.png", noise(7, 5))
    assert list(tmp_path.iterdir()) == []


def test_a_frame_that_could_not_be_written_stops_the_film_soon(tmp_path: Path) -> None:
    film = replace(FILM, n_frames=100)
    writer = formats["frames"]().open(tmp_path / "frames", film, [])
    shutil.rmtree(tmp_path / "frames")
    with pytest.raises(OutputError, match=r"000000\.png could not be written: No such file"):  # noqa: PT012
        for _ in range(5):
            writer.write(draw(film, 0))
    writer.abort()


@pytest.mark.parametrize("given", [1, 2])
def test_the_last_frames_are_waited_for(given: int, tmp_path: Path) -> None:
    film = replace(FILM, n_frames=given)
    writer = formats["frames"]().open(tmp_path / "frames", film, [])
    shutil.rmtree(tmp_path / "frames")
    for index in range(given):
        writer.write(draw(film, index))
    with pytest.raises(OutputError, match=r"000000\.png could not be written: No such file"):
        writer.close()
    writer.abort()


@pytest.mark.parametrize("name", ["png", "frames"])
def test_no_picture_appears_after_an_abort(name: str, tmp_path: Path) -> None:
    writer = formats[name]().open(tmp_path / "film", replace(FILM, n_frames=1), [])
    writer.abort()
    with pytest.raises(EncodingError, match=f"{name}: aborted"):
        writer.write(draw(FILM, 0))
    assert list(tmp_path.iterdir()) == []
