"""A recording comes back as it was, bit for bit, and knows its states."""

from __future__ import annotations

import io
import pickle
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from helpers import ALL, CLASSES, SERIES, experiment, loaded
from recording_contents import DATA, SLOW, contents

from backprop_anim.training import save_recording
from backprop_anim.training.trainer import train

VARIANTS = [*((text, ()) for text in ALL), *((text, (SLOW, "training.optimizer=adam")) for text in ALL)]


@pytest.mark.parametrize(("text", "settings"), VARIANTS)
def test_a_recording_comes_back_bit_for_bit_with_its_names(
    text: str, settings: tuple[str, ...], tmp_path: Path
) -> None:
    recording = train(experiment(ALL[text], *settings))
    assert len(recording.traces) == (2 if settings else 0)
    save_recording(recording, tmp_path / "r.npz")
    again = loaded(tmp_path / "r.npz")
    assert contents(again) == contents(recording)
    np.testing.assert_array_equal(again.snapshot_losses, recording.snapshot_losses)


def test_names_in_any_script_come_back(tmp_path: Path) -> None:
    recording = train(experiment(CLASSES, "title=Größe ✓ → 日本"))
    save_recording(recording, tmp_path / "r.npz")
    again = loaded(tmp_path / "r.npz").experiment
    assert again.dataset.class_names == ("äpfel", "pêche", "桃")
    assert again.title == "Größe ✓ → 日本"


def test_the_same_recording_gives_the_same_bytes_to_a_file_or_a_stream(tmp_path: Path) -> None:
    first, second = (train(experiment(CLASSES, SLOW)) for _ in range(2))
    save_recording(first, tmp_path / "r.npz")
    stream = io.BytesIO()
    save_recording(second, stream)
    assert stream.getvalue() == (tmp_path / "r.npz").read_bytes()
    save_recording(loaded(tmp_path / "r.npz"), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == stream.getvalue()


def test_a_recording_is_small(tmp_path: Path) -> None:
    settings = ("snapshots.count=300", "training.steps=3000", "training.noise=0")
    recording = train(experiment(ALL["heart"], *settings))
    save_recording(recording, tmp_path / "r.npz")
    numbers = 300 * (3 * 77 + 2) + 3000 + 30 * 3
    assert (tmp_path / "r.npz").stat().st_size < 8 * numbers + 10_000


def test_a_recording_goes_from_one_process_to_another() -> None:
    recording = train(experiment(CLASSES, SLOW))
    assert contents(pickle.loads(pickle.dumps(recording))) == contents(recording)


def test_nearest_is_the_last_kept_state_that_is_not_after_a_step() -> None:
    recording = train(experiment(SERIES, "snapshots={steps: [3, 10]}"))
    assert recording.steps.tolist() == [0, 3, 10, 40]
    asked = {0: 0, 2: 0, 3: 1, 9: 1, 10: 2, 39: 2, 40: 3, 10**9: 3}
    assert {step: recording.nearest(step) for step in asked} == asked


def test_the_first_states_alone_leave_out_what_belongs_to_the_others() -> None:
    recording = train(experiment(SERIES, SLOW))
    part = recording.first_states(2)
    assert part.steps.tolist() == recording.steps[:2].tolist()
    assert [trace.step for trace in part.traces] == [0]
    np.testing.assert_array_equal(part.losses, recording.losses)
    assert recording.n_finite == recording.n_snapshots
    recording.updates[3, 1] = np.inf
    recording.gradients[5, 0] = np.nan
    assert recording.n_finite == 3
    assert recording.first_states(0).n_finite == 0


def test_a_dataset_has_the_parts_that_are_stored() -> None:
    """A new part of a data set has to be saved as well."""
    given = train(experiment(SERIES)).experiment.dataset
    saved = {
        *DATA,
        "kind",
        "input_names",
        "output_names",
        "class_names",
        "shown_range",
        "features",
        "input_columns",
        "held_out",
        "n_left_out",
        "picture_size",
        "notes",
    }
    saved |= {"file_inputs", "file_targets", "input_units", "target_units"}
    assert set(asdict(given)) == saved
