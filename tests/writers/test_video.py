"""MP4 and WebM, decoded."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film_helpers import (
    BLOCK,
    CORNER,
    CRIMSON,
    FILM,
    GROUND,
    INK,
    LAST,
    decode,
    distance,
    draw,
    duration_s,
    probe,
    write,
)

from backprop_anim.writers import formats
from backprop_anim.writers.encoder_pipe import executable
from backprop_anim.writers.ffmpeg_writer import bt709, raw_video_args


@pytest.fixture(scope="module", params=["mp4", "webm"])
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = formats[request.param]()
    return write(tmp_path_factory.mktemp("video") / f"film{made.suffix}", made)


def test_it_has_every_frame_at_its_time(video: Path) -> None:
    assert len(decode(video)) == FILM.n_frames
    assert duration_s(video) == pytest.approx(1.0, abs=0.011)
    assert "30 fps" in probe(video)
    assert "192x108" in probe(video)


def test_its_colours_are_right_and_labelled(video: Path) -> None:
    assert "yuv420p(tv, bt709" in probe(video)
    frames = decode(video)
    for frame in frames[[0, 15, -1]]:
        assert distance(frame[BLOCK][8:-8, 8:-8], CRIMSON) <= 2
        assert distance(frame[70:100, 60:120], GROUND) <= 2
    assert distance(frames[-1][CORNER][8:-8, 8:-8], LAST) <= 2
    assert distance(frames[-2][CORNER][8:-8, 8:-8], GROUND) <= 3


def test_every_flat_colour_becomes_the_nearest_one() -> None:
    """Beside BT.709's own formulas (ITU-R BT.709-6, section 3): off by more than rounding, a warm white is greenish."""
    colors = np.random.default_rng(0).integers(0, 256, (6, 10, 3))
    pixels = np.kron(np.concatenate([colors, np.full((6, 10, 1), 255)], axis=-1), np.ones((32, 32, 1))).astype(np.uint8)
    height, width = pixels.shape[:2]
    command = [executable(), "-v", "error", *raw_video_args(width, height, "30"), "-vf", bt709(), "-f", "rawvideo", "-"]
    planes = subprocess.run(command, input=pixels.tobytes(), capture_output=True, check=True).stdout
    n = width * height
    luma, *chroma = np.split(np.frombuffer(planes, np.uint8).astype(float), [n, n + n // 4])
    red, _, blue = np.moveaxis(colors / 255, -1, 0)
    bright = colors / 255 @ [0.2126, 0.7152, 0.0722]
    whole, halved = luma.reshape(height, width)[16::32, 16::32], [c.reshape(height // 2, -1) for c in chroma]
    assert np.abs(whole - (16 + 219 * bright)).max() < 0.6
    for found, color, range_ in zip(halved, (blue, red), (1.8556, 1.5748), strict=True):
        assert np.abs(found[8::16, 8::16] - (128 + 224 * (color - bright) / range_)).max() < 0.6


def test_frames_are_in_order_though_the_array_is_reused(video: Path) -> None:
    for index, frame in enumerate(decode(video)):
        row = frame[52:56, :, 1].mean(axis=0)
        assert row.argmin() == draw(FILM, index)[54, :, 1].argmin()
        assert row.min() < (GROUND[1] + INK[1]) / 2  # a line of one pixel stays a line


def test_mp4_starts_before_it_is_loaded(tmp_path: Path) -> None:
    data = write(tmp_path / "film.mp4", formats["mp4"]()).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data


def test_the_bytes_do_not_depend_on_the_number_of_processors(tmp_path: Path) -> None:
    data = write(tmp_path / "film.mp4", formats["mp4"]()).read_bytes()
    assert b" threads=3 " in data  # x264 writes its options into the stream


def test_high_quality_is_nearer_to_what_was_drawn(tmp_path: Path) -> None:
    texture = np.full(FILM.shape, 255, np.uint8)
    texture[..., :3] = np.random.default_rng(1).normal(128, 12, (108, 192, 1)).astype(np.uint8)
    errors = []
    for quality in ("standard", "high"):
        writer = formats["mp4"]().open(tmp_path / quality, replace(FILM, n_frames=1, quality=quality), [])
        writer.write(texture)
        writer.close()
        errors.append(np.abs(decode(tmp_path / quality)[0].astype(float) - texture[..., :3]).mean())
    assert errors[1] < errors[0] / 1.2
