"""Pictures: the poster and the folder of frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from film_helpers import FILM, draw, write
from PIL import Image

from backprop_anim.writers import formats
from backprop_anim.writers.png import encode_png


def test_the_poster_is_the_last_frame(tmp_path: Path) -> None:
    with Image.open(write(tmp_path / "film.png", formats["png"]())) as image:
        assert image.mode == "RGB"
        assert np.array_equal(image, draw(FILM, FILM.n_frames - 1)[..., :3])


def test_frames_are_numbered_from_zero(tmp_path: Path) -> None:
    film = replace(FILM, n_frames=3)
    folder = write(tmp_path / "frames", formats["frames"](), film)
    assert sorted(file.name for file in folder.iterdir()) == ["000000.png", "000001.png", "000002.png"]
    for index in range(3):
        with Image.open(folder / f"{index:06d}.png") as image:
            assert np.array_equal(image, draw(film, index)[..., :3])


def test_a_picture_of_noise_survives(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    (tmp_path / "noise.png").write_bytes(encode_png(pixels))
    with Image.open(tmp_path / "noise.png") as image:
        image.verify()
    with Image.open(tmp_path / "noise.png") as image:
        assert np.array_equal(image, pixels[..., :3])
