"""Pictures are read as they are seen, made smaller by means, and refused before they can do harm."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from backprop_anim.tasks import Dataset, TaskError, build_dataset, picture_file, tasks

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS = np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8)


def saved(path: Path, pixels: NDArray[Any], mode: str | None = None, **options: Any) -> str:
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(path, **options)
    return str(path)


def build(file: str, **options: Any) -> Dataset:
    return tasks["picture"](file=file, **options).build(np.random.default_rng(0))  # type: ignore[call-arg]


def colors(dataset: Dataset) -> NDArray[np.int64]:
    """The levels of the pixels, (rows, columns, channels)."""
    columns, rows = dataset.picture_size or (0, 0)
    return np.rint(255 * dataset.targets).astype(np.int64).reshape(rows, columns, -1)


def refused(file: str, **options: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        build(file, **options)
    return caught.value


def test_a_pixel_is_a_sample_at_its_middle_with_y_upwards(tmp_path: Path) -> None:
    dataset = build(saved(tmp_path / "a.png", CORNERS))
    assert dataset.inputs.tolist() == [[-0.5, 0.5], [0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]]
    assert dataset.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    assert (dataset.input_names, dataset.output_names) == (("x", "y"), ("red", "green", "blue"))
    assert (dataset.kind, dataset.picture_size) == ("regression", (2, 2))


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (4, 4), (2, 5)])
def test_the_longer_side_goes_from_minus_1_to_1_and_pixels_are_square(tmp_path: Path, shape: tuple[int, int]) -> None:
    rows, columns = shape
    dataset = build(saved(tmp_path / "a.png", np.zeros((*shape, 3), np.uint8)))
    x, y = dataset.inputs.T
    pixel = 2 / max(shape)
    assert np.ptp(x) + pixel == pytest.approx(columns * pixel)
    assert np.ptp(y) + pixel == pytest.approx(rows * pixel)
    assert max(x.max(), y.max()) + pixel / 2 == pytest.approx(1)
    np.testing.assert_array_equal(dataset.pixels, np.arange(rows * columns))


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "gif"])
def test_every_format_gives_the_same_colours(tmp_path: Path, ending: str) -> None:
    pixels = np.kron(CORNERS, np.ones((16, 16, 1), np.uint8))
    options = {"webp": {"lossless": True}, "jpg": {"quality": 95, "subsampling": 0}}.get(ending, {})
    found = colors(build(saved(tmp_path / f"a.{ending}", pixels, **options), size=2))
    assert np.abs(found - CORNERS).max() <= (3 if ending == "jpg" else 0)


def test_of_several_frames_the_first_is_taken(tmp_path: Path) -> None:
    first, second = (Image.fromarray(np.full((2, 2, 3), level, np.uint8)) for level in (10, 200))
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])
    assert (colors(build(str(tmp_path / "a.gif"))) == 10).all()


def test_a_larger_picture_becomes_the_means_of_its_areas(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (12, 20, 3), dtype=np.uint8)
    dataset = build(saved(tmp_path / "a.png", pixels), size=5)
    means = pixels.reshape(3, 4, 5, 4, 3).mean(axis=(1, 3))
    assert dataset.picture_size == (5, 3)
    assert np.abs(colors(dataset) - means).max() <= 1  # rounded along rows, then along columns
    assert dataset.notes[0] == "a.png: 5 × 3 pixels, averaged from 20 × 12"


def test_a_smaller_picture_stays_as_it_is(tmp_path: Path) -> None:
    assert build(saved(tmp_path / "a.png", CORNERS), size=200).picture_size == (2, 2)


def test_a_narrow_picture_keeps_two_pixels_across(tmp_path: Path) -> None:
    assert build(saved(tmp_path / "a.png", np.zeros((400, 4, 3), np.uint8)), size=10).picture_size == (2, 10)


def test_a_grey_picture_has_one_output_and_says_so(tmp_path: Path) -> None:
    file = saved(tmp_path / "a.png", np.array([[0, 51], [102, 255]], np.uint8))
    dataset = build(file)
    assert dataset.targets.tolist() == [[0.0], [0.2], [0.4], [1.0]]
    assert dataset.output_names == ("grey",)
    assert "a.png is grey, so there is one output" in dataset.notes[1]
    three = build(file, grey=False)
    assert (three.targets == dataset.targets).all()
    assert three.targets.shape == (4, 3)
    assert len(three.notes) == 1


def test_colours_become_grey_by_their_lightness(tmp_path: Path) -> None:
    dataset = build(saved(tmp_path / "a.png", CORNERS), grey=True)
    assert colors(dataset).ravel().tolist() == [76, 150, 29, 255]


def test_16_bits_of_grey_are_shares_of_white(tmp_path: Path) -> None:
    dataset = build(saved(tmp_path / "a.png", np.array([[0, 65535], [257 * 250, 32768]], np.uint16)))
    assert colors(dataset).ravel().tolist() == [0, 255, 250, 128]


@pytest.mark.parametrize(("mode", "ending"), [("P", "png"), ("L", "png"), ("1", "png"), ("CMYK", "jpg"), ("LA", "png")])
def test_it_reads_every_mode(tmp_path: Path, mode: str, ending: str) -> None:
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:, 4:] = 255
    found = colors(build(saved(tmp_path / f"a.{ending}", pixels, mode)))
    assert found[:, :3].max() <= 4
    assert found[:, 5:].min() >= 251


@pytest.mark.parametrize(("background", "expected"), [("white", 255), ("black", 0), ("#336699", (0x33, 0x66, 0x99))])
def test_the_background_shows_where_nothing_is(tmp_path: Path, background: str, expected: object) -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0] = 10, 20, 30, 255
    found = colors(build(saved(tmp_path / "a.png", pixels), background=background, grey=False))
    assert (found[0] == (10, 20, 30)).all()
    assert (found[1] == expected).all()


def test_what_nobody_sees_has_no_part_in_a_mean(tmp_path: Path) -> None:
    """Transparent pixels are often black."""
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:, ::2] = 200, 100, 0, 255
    found = colors(build(saved(tmp_path / "a.png", pixels), size=2))
    assert np.abs(found - np.mean([(200, 100, 0), WHITE], axis=0)).max() <= 1


def test_a_transparent_word_of_a_palette_shows_the_background(tmp_path: Path) -> None:
    image = Image.fromarray(CORNERS).quantize(4)
    image.save(tmp_path / "a.gif", transparency=image.getpixel((0, 0)))
    assert colors(build(str(tmp_path / "a.gif"), background="black"))[0, 0].tolist() == [0, 0, 0]


def test_a_picture_is_turned_as_the_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    pixels = np.concatenate([CORNERS, CORNERS[1:]])
    dataset = build(saved(tmp_path / "a.png", pixels, exif=exif))
    assert dataset.picture_size == (3, 2)
    np.testing.assert_array_equal(colors(dataset), np.rot90(pixels, -1))


def test_held_out_pixels_are_the_others(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    task = tasks["picture"](file=saved(tmp_path / "a.png", pixels), test=0.25)  # type: ignore[call-arg]
    dataset = build_dataset(task, np.random.default_rng(0), np.random.default_rng(1))
    assert dataset.held_out is not None
    assert dataset.held_out.n_samples == 12
    every = np.concatenate([dataset.pixels, dataset.held_out.pixels])
    np.testing.assert_array_equal(np.sort(every), np.arange(48))
    np.testing.assert_array_equal(dataset.targets, pixels.reshape(-1, 3)[dataset.pixels] / 255)


def a_header(width: int, height: int) -> bytes:
    """A PNG that claims to be large and holds next to nothing."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [8_000, 12_000, 40_000])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(a_header(side, side))
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    error = refused(str(tmp_path / "a.png"))
    assert "at most 50,000,000" in str(error)
    assert error.option == "file"


def test_too_many_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_file, "MAX_BYTES", 10)
    assert "at most 10 are allowed" in str(refused(saved(tmp_path / "a.png", CORNERS)))


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"BM" + bytes(60)])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    error = refused(str(tmp_path / "a.png"))
    assert str(error) == "a.png is not a picture; PNG, JPEG, WebP and GIF files are read"
    assert error.option == "file"


def test_a_damaged_picture_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    whole = Path(saved(tmp_path / "a.png", rng.integers(0, 256, (40, 40, 3), dtype=np.uint8))).read_bytes()
    for end in (len(whole) // 2, 60, 45):
        (tmp_path / "b.png").write_bytes(whole[:end])
        assert "b.png is damaged" in str(refused(str(tmp_path / "b.png")))


def test_a_missing_file_and_a_line_are_refused(tmp_path: Path) -> None:
    assert "does not exist" in str(refused(str(tmp_path / "none.png")))
    assert "is not a file" in str(refused(str(tmp_path)))
    assert "a side has at least 2" in str(refused(saved(tmp_path / "a.png", np.zeros((1, 9, 3), np.uint8))))


def test_a_background_is_a_colour(tmp_path: Path) -> None:
    error = refused(saved(tmp_path / "a.png", CORNERS), background="whitish")
    assert error.option == "background"
    assert "'whitish' is not a colour" in str(error)
