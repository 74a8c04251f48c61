"""Every number that a page shows is the recording's: parameters, gradients, updates, losses, accuracies, samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from browser_page import Film, Open

from backprop_anim.config import read_experiment
from backprop_anim.engine import Array
from backprop_anim.training import Recording

pytestmark = pytest.mark.browser

DOUBLE, SINGLE = 1e-12, 1e-6
NAMES = [
    *("full", "one", "mini", "noise", "noisy mini", "momentum", "adam", "cosine", "deep", "curve", "series"),
    *(
        "warmup",
        "costly",
        "labels",
        "units",
        "features",
        "waves",
        "held out",
        "classes",
        "table",
        "xor",
        "fruit",
        "heart-adam",
        "classifier",
    ),
]


def assert_close(found: Array, wanted: Array, precision: float, what: str) -> None:
    """Hold each number to its own size, or where it is what large ones leave, to the largest of its kind."""
    scale = max(float(np.abs(wanted).max(initial=0)), 1e-300)
    np.testing.assert_allclose(found, wanted, rtol=precision, atol=precision * scale, err_msg=what)


def rows_of(recording: Recording) -> list[int]:
    return sorted({0, 1, recording.n_snapshots // 2, recording.n_snapshots - 2, recording.n_snapshots - 1})


def update_of(film: Film) -> Array | None:
    """What the step that leaves the shown state adds."""
    assert film.read("update") is None
    film.call("tell", "update")
    found = film.read("update")
    return None if found is None else np.array(found)


@pytest.mark.parametrize("name", NAMES)
def test_each_state_has_the_numbers_of_the_recording(open_page: Open, name: str) -> None:
    film = open_page(name)
    recording = film.recording
    training = recording.experiment.training
    assert film.read("mode") == "recording"
    assert film.read("steps") == recording.steps.tolist()
    precise = SINGLE if training.optimizer.n_memory else DOUBLE  # updates of an optimizer that remembers are stored
    for row in rows_of(recording):
        film.call("seek", int(recording.steps[row]))
        assert film.read("step") == recording.steps[row]
        assert film.read("phase") == "none"
        assert film.numbers("parameters").tolist() == recording.parameters[row].tolist()
        assert_close(film.numbers("gradient"), recording.gradients[row], DOUBLE, f"gradient {row}")
        assert_close(film.numbers("loss"), recording.snapshot_losses[row], DOUBLE, f"loss {row}")
        if recording.experiment.dataset.labels is None:
            assert film.read("accuracy") is None
        else:
            assert film.read("accuracy") == recording.snapshot_accuracies[row]
        found = update_of(film)
        if row == recording.n_snapshots - 1:
            assert found is None
        else:
            assert found is not None
            assert_close(found, recording.updates[row], precise, f"update {row}")
            assert_close(film.numbers("gradient"), recording.gradients[row], DOUBLE, f"gradient {row}, told")


def test_a_long_recording_has_its_ends_in_double_and_the_rest_in_single_precision(open_page: Open) -> None:
    film = open_page("single")
    recording = film.recording
    assert recording.parameters.nbytes > 200_000
    for row in rows_of(recording):
        film.call("seek", int(recording.steps[row]))
        at_an_end = row in {0, recording.n_snapshots - 1}
        precise = DOUBLE if at_an_end else SINGLE
        assert_close(film.numbers("parameters"), recording.parameters[row], precise, f"parameters {row}")
        assert_close(film.numbers("gradient"), recording.gradients[row], 10 * precise, f"gradient {row}")
        assert_close(film.numbers("loss"), recording.snapshot_losses[row], precise, f"loss {row}")
        update = update_of(film)
        if update is not None:
            assert_close(update, recording.updates[row], 10 * precise, f"update {row}")


@pytest.mark.parametrize("name", ["full", "classes", "curve", "series", "table", "features", "waves"])
def test_the_samples_are_those_of_the_recording(open_page: Open, name: str) -> None:
    film = open_page(name)
    dataset = film.recording.experiment.dataset
    found = film.read("samples")
    np.testing.assert_array_equal([sample["inputs"] for sample in found], dataset.shown_inputs)
    targets = [sample["target"] for sample in found]
    if dataset.labels is not None:
        assert targets == [dataset.class_names[label] for label in dataset.labels]
    else:
        wanted = film.recording.experiment.targets()
        np.testing.assert_array_equal(np.reshape(targets, wanted.shape), wanted)


@pytest.mark.parametrize("name", ["one", "fruit"])
def test_a_step_of_one_sample_tells_of_that_sample(open_page: Open, name: str) -> None:
    film = open_page(name)
    for row in (0, 3, 5):
        film.call("seek", int(film.recording.steps[row]))
        assert film.read("sample") == film.recording.samples[row]


def test_what_is_read_is_a_copy(open_page: Open) -> None:
    film = open_page("full")
    film.call("tell", "update")
    before = {name: film.read(name) for name in ("parameters", "gradient", "update", "steps", "samples")}
    film.page.evaluate(
        """() => {
          const element = document.querySelector("backprop-anim");
          for (const name of ["parameters", "gradient", "update", "steps"]) element[name].fill(99);
          element.samples[0].inputs.fill(99);
        }"""
    )
    assert {name: film.read(name) for name in before} == before


def test_going_on_live_from_a_full_batch_is_the_recorded_run(open_page: Open) -> None:
    film = open_page("full")
    recording = film.recording
    film.call("train", int(recording.steps[-1]))
    assert film.read("mode") == "live"
    assert film.read("step") == recording.steps[-1]
    assert_close(film.numbers("parameters"), recording.parameters[-1], 1e-9, "parameters")


def test_what_is_held_out_has_a_loss_of_its_own(open_page: Open) -> None:
    film = open_page("held out")
    recording = film.recording
    held_out = recording.experiment.dataset.held_out
    assert held_out is not None
    assert recording.test_losses is not None
    assert recording.test_accuracies is not None
    for row in rows_of(recording):
        film.call("seek", int(recording.steps[row]))
        assert_close(film.numbers("testLoss"), recording.test_losses[row], DOUBLE, f"test loss {row}")
        assert film.read("testAccuracy") == recording.test_accuracies[row]
    samples = film.read("testSamples")
    np.testing.assert_array_equal([each["inputs"] for each in samples], held_out.inputs)
    assert film.read("samples") != samples
    film.call("train", 5)
    assert film.read("testLoss") != recording.test_losses[-1]


def test_samples_are_in_the_units_of_the_file(open_page: Open) -> None:
    film = open_page("units")
    dataset = film.recording.experiment.dataset
    assert [each["inputs"] for each in film.read("samples")] == dataset.shown_inputs.tolist()
    assert [each["target"] for each in film.read("samples")] == dataset.shown_targets[:, 0].tolist()
    film.call("addSample", {"inputs": [200.5, 0, 1], "target": 4321})
    again = read_experiment(film.call("toYaml"), label="the page", name="units", folder=Path())
    assert again.dataset.shown_inputs[-1].tolist() == [200.5, 0, 1]
    assert again.dataset.shown_targets[-1].tolist() == [4321]
    np.testing.assert_array_equal(again.dataset.inputs[:-1], dataset.inputs)
    np.testing.assert_array_equal(again.dataset.targets[:-1], dataset.targets)


def test_a_csv_has_the_columns_of_the_file(open_page: Open) -> None:
    film = open_page("units")
    film.call("setCsv", "mass;sex;length\n3500;F;180,5\n4000;m;200\n")
    assert film.read("samples") == [{"inputs": [180.5, 1, 0], "target": 3500}, {"inputs": [200, 0, 1], "target": 4000}]
    film.call("setCsv", "190,f,3600")
    assert film.read("samples") == [{"inputs": [190, 1, 0], "target": 3600}]
    error = film.refusal("setCsv", "190,cow,3600")
    assert 'column sex: "cow" is not one of f, m' in error
