"""A recording of a picture knows which pixel each sample is, and is refused where that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from helpers import experiment, loaded, stored

from backprop_anim.common.errors import RecordingError
from backprop_anim.training import Recording, save_recording
from backprop_anim.training.trainer import train

FOX = Path(__file__).parents[2] / "configs" / "data" / "fox.png"


def recorded(path: Path, more: str = "") -> Recording:
    """A run of 36 pixels, saved."""
    text = f"task: {{kind: picture, file: {FOX}, size: 6{more}}}\nnetwork: {{hidden: [3]}}\ntraining: {{steps: 4}}\n"
    run = train(experiment(text))
    save_recording(run, path)
    return run


@pytest.mark.parametrize("more", ["", ", test: 0.25", ", grey: true"])
def test_the_pixels_come_back_as_such(more: str, tmp_path: Path) -> None:
    before = recorded(tmp_path / "r.npz", more).experiment.dataset
    after = loaded(tmp_path / "r.npz").experiment.dataset
    assert after.picture_size == before.picture_size == (6, 6)
    np.testing.assert_array_equal(after.pixels, before.pixels)
    if before.held_out is not None:
        assert after.held_out is not None
        np.testing.assert_array_equal(after.held_out.pixels, before.held_out.pixels)


@pytest.mark.parametrize("more", ["", ", test: 0.25"])
@pytest.mark.parametrize("size", [[5, 6], [6, 7], [60, 60], [0, 36], [-6, -6], [2**40, 2**40], [36, 1]])
def test_a_picture_of_another_size_is_refused(size: list[int], more: str, tmp_path: Path) -> None:
    path = tmp_path / "r.npz"
    recorded(path, more)
    values = stored(path)
    words = json.loads(values["words"].tobytes())
    words["dataset"]["picture_size"] = size
    np.savez(path, **{**values, "words": np.frombuffer(json.dumps(words).encode(), np.uint8)})
    with pytest.raises(RecordingError, match="picture"):
        loaded(path)


def test_a_place_beyond_the_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.npz"
    recorded(path)
    values = stored(path)
    values["data_inputs"][3, 0] = 1e300
    np.savez(path, **values)
    with pytest.raises(RecordingError, match="a place lies outside of the picture"):
        loaded(path)
