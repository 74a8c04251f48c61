"""A training handed over as arrays: what is recorded is what was captured, and what is worked out from it is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_training import half_circles, states

from backprop_anim import Recorder, load_experiment, train
from backprop_anim.common.errors import OutputError, RecordingError, UsageError
from backprop_anim.runs.recordings import open_run, revised
from backprop_anim.story import derivation_steps
from backprop_anim.story.step_values import compute_step_values

X, Y = half_circles()


def recorded(n_steps: int = 80, losses: float | None = None, **options: Any) -> Recorder:
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy", **{"name": "moons", "count": 20} | options)
    for w, b, loss in states(X, Y, n_steps):
        recorder.capture(w, b, loss=None if losses is None else losses * loss)
    return recorder


def test_states_losses_gradients_and_updates_are_those_of_the_training() -> None:
    recording = recorded().recording
    told = list(states(X, Y, 81))
    assert recording.n_snapshots == 20
    assert recording.steps[[0, -1]].tolist() == [0, 80]
    layout = recording.experiment.network.layout
    for row, step in enumerate(recording.steps.tolist()):
        w, b, loss = told[step]
        expected = layout.pack({"W1": w[0], "b1": b[0], "W2": w[1], "b2": b[1]})
        assert recording.parameters[row].tolist() == expected.tolist()
        assert recording.snapshot_losses[row] == pytest.approx(loss, rel=1e-12)
        after_w, after_b, _ = told[step + 1]
        after = layout.pack({"W1": after_w[0], "b1": after_b[0], "W2": after_w[1], "b2": after_b[1]})
        assert np.abs(-0.5 * recording.gradients[row] - (after - expected)).max() < 1e-12
        if step < 80:
            assert np.abs(recording.updates[row] - (after - expected)).max() < 1e-15


def test_a_run_is_made_of_it_that_can_be_drawn_again_and_checked(tmp_path: Path) -> None:
    recorder = recorded(names={"inputs": ["east", "north"], "classes": ["up", "down"]})
    film = recorder.film(tmp_path, formats=["png"], size="320x180")
    folder = tmp_path / "moons"
    assert film.film == folder / "moons.png"
    text = (folder / "experiment.yaml").read_text(encoding="utf-8")
    assert "kind: recorded" in text
    assert "by: your own code" in text
    with np.load(folder / "samples.npz") as stored:
        assert stored["x"].tolist() == X.tolist()
        assert stored["y"].tolist() == Y.tolist()
    again = open_run(folder / "recording.npz")
    assert again.experiment.training.by == "your own code"
    assert again.experiment.dataset.class_names == ("up", "down")
    assert again.experiment.dataset.input_names == ("east", "north")
    assert again.parameters.tolist() == recorder.recording.parameters.tolist()
    assert recorder.predict(X).classes == tuple("up" if p < 0.5 else "down" for p in recorder.predict(X).outputs[:, 1])
    assert recorder.weights(0)["W1"].tolist() == next(states(X, Y, 0))[0][0].tolist()


def test_a_step_is_told_as_the_training_made_it(tmp_path: Path) -> None:
    recorder = recorded(keep=[30])
    film = recorder.explain(30, tmp_path, formats=["png"], size="320x180")
    assert film.film.parent.name == "moons-step-30"
    missing = next(step for step in range(80) if step not in recorder.recording.steps)
    with pytest.warns(UserWarning, match=f"step {missing} was not kept; step"):
        recorder.explain(missing, tmp_path, formats=["png"], size="320x180")
    with pytest.raises(RecordingError, match="there is no step 81: moons has 80 steps"):
        recorder.explain(81, tmp_path)


def test_one_state_has_a_picture_and_a_page_and_no_film(tmp_path: Path) -> None:
    recorder = recorded(0)
    assert recorder.still(0, tmp_path).path.is_file()
    assert recorder.page(tmp_path / "one.html").path.is_file()
    with pytest.raises(RecordingError, match="no step was recorded: of the one state of moons"):
        recorder.film(tmp_path)
    assert recorder._repr_html_().startswith("<img")


def test_nothing_recorded_is_said() -> None:
    with pytest.raises(RecordingError, match=r"nothing was recorded yet: capture\(weights, biases\)"):
        _ = Recorder(X, Y, activations="tanh", loss="cross_entropy").recording


def test_a_training_that_leaves_the_numbers_keeps_what_came_before(tmp_path: Path) -> None:
    recorder = recorded(10)
    w, b, _ = next(states(X, Y, 0))
    recorder.capture([w[0] * np.nan, w[1]], b)
    recording = recorder.recording
    assert recording.diverged_at == 11
    assert recording.steps[-1] == 10
    assert recorder.film(tmp_path, formats=["png"], size="320x180").film.is_file()


@pytest.mark.parametrize(("factor", "said"), [(0.5, "0.5 times the cross-entropy"), (1.0, "")])
def test_losses_of_another_reduction_are_said(factor: float, said: str, recwarn: pytest.WarningsRecorder) -> None:
    recorded(losses=factor)
    assert [str(one.message)[: len(said) + 40] for one in recwarn if said] == (
        [] if not said else [str(recwarn[0].message)[: len(said) + 40]]
    )
    assert (said in str(recwarn[0].message)) if said else not recwarn.list


def test_sizes_of_one_input_and_two_outputs_are_a_curve() -> None:
    t = np.linspace(0, 1, 9)
    recorder = Recorder(t, np.column_stack([t, t**2]), activations=["tanh", "linear"], loss="mse")
    recorder.capture([np.ones((3, 1)), np.ones((2, 3))], [np.zeros(3), np.zeros(2)])
    assert recorder.recording.experiment.dataset.kind == "curve"


W, B = [np.ones((3, 2)), np.ones((2, 3))], [np.zeros(3), np.zeros(2)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x": X[:5]}, "x has 5 rows and y 60"),
        ({"x": X.T, "y": Y}, "x has 2 rows and y 60; it looks transposed: a row is a sample"),
        ({"x": np.where(X > 1, np.nan, X)}, "x holds numbers that are not finite, the first in row"),
        ({"x": X + 0j}, "x holds complex128, not numbers"),
        ({"x": [["a", object()]]}, "x holds object and str"),
        ({"y": Y + 3}, "y holds class 4; the network tells 2 apart, 0 to 1"),
        ({"y": Y - 1}, "y holds class -1; the network tells 2 apart"),
        ({"loss": "crossentropy"}, "there is no loss 'crossentropy'"),
        ({"loss": "mse", "y": np.zeros((60, 3))}, "the last layer has 2; the task needs 3 outputs"),
        (
            {"activations": "tahn"},
            r"there is no activation 'tahn' \(did you mean 'tanh'\?\); allowed are sigmoid, tanh",
        ),
        ({"count": 1}, "count is 1; it goes from 2 to 10,000"),
        ({"keep": [1.5]}, "a step of keep is a whole number, not 1.5"),
        ({"name": "a/b"}, "name is 'a/b': letters a-z"),
        ({"names": {"class": ["a", "b"]}}, "names has no 'class'; allowed are inputs, outputs, classes"),
        ({"names": {"classes": ["a"]}}, r"names.classes has 1 \(a\); the network tells 2 apart"),
        ({"x_test": X}, "x_test and y_test go together"),
        ({"colour": 1}, "there is no option 'colour'; there are count, keep, name"),
        ({"weights": [one.T for one in W]}, "they look transposed: a row is a neuron here, so hand over W.T"),
        ({"weights": [np.ones((3, 4)), W[1]]}, r"matrices of \(3, 4\), \(2, 3\) are no network of 2 inputs"),
        ({"weights": []}, "weights is empty"),
        ({"weights": [np.ones(3)]}, r"W1 has the shape \(3,\); needed is \(n_out, n_in\)"),
        ({"biases": [np.zeros(3)]}, "there are 2 matrices of weights and 1 vectors of biases"),
        ({"biases": [np.zeros(4), np.zeros(2)]}, r"b1 has the shape \(4,\); the network has \(3,\)"),
        ({"step": 5}, "the first state that is captured is that of step 0, not of step 5"),
    ],
)
def test_what_cannot_be_recorded_is_said(changes: dict[str, Any], said: str) -> None:
    given = {"x": X, "y": Y, "activations": "tanh", "loss": "cross_entropy", "weights": W, "biases": B, "step": None}
    given |= changes
    captured = {key: given.pop(key) for key in ("weights", "biases", "step")}
    with pytest.raises(UsageError, match=said):
        Recorder(given.pop("x"), given.pop("y"), **given).capture(**captured)


def test_steps_rise_and_shapes_stay() -> None:
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy")
    recorder.capture(W, B)
    recorder.capture(W, B, step=10)
    with pytest.raises(UsageError, match="step 10 was captured after step 10; steps only rise"):
        recorder.capture(W, B, step=10)
    with pytest.raises(UsageError, match="biases were captured with some states"):
        recorder.capture(W)
    with pytest.raises(UsageError, match=r"W1 has the shape \(4, 2\); the network has \(3, 2\)"):
        recorder.capture([np.ones((4, 2)), W[1]], B)
    assert recorder.recording.steps.tolist() == [0, 10]


def test_held_out_samples_are_measured_too() -> None:
    x, y = half_circles(40, seed=9)
    recording = recorded(x_test=x, y_test=y).recording
    assert recording.test_losses is not None
    assert recording.experiment.dataset.held_out is not None
    assert recording.experiment.dataset.held_out.n_samples == 40


def test_words_are_classes() -> None:
    words = np.array(["lower", "upper"])[Y]
    recorder = Recorder(X, words, activations="tanh", loss="cross_entropy")
    recorder.capture(W, B)
    assert recorder.recording.experiment.dataset.class_names == ("lower", "upper")


def test_a_large_network_is_few_states_in_single_precision_the_ends_exact(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    w, b = [rng.normal(0, 0.05, (300, 2)), rng.normal(0, 0.05, (300, 300)), np.zeros((2, 300))], [np.zeros(300)] * 2
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy", name="large", keep=[3])
    for step in range(40):
        w = [matrix + 0.001 * step for matrix in w]
        recorder.capture(w, [*b, np.zeros(2)])
    recording = recorder.recording
    assert not isinstance(recording.parameters, np.ndarray)
    assert recorder.weights()["W2"].tolist() == w[1].tolist()
    assert recorder.weights(3)["W1"] == pytest.approx(rng_free(0.05, 3), rel=1e-6)
    assert np.isfinite(recording.gradients[5]).all()
    assert recorder.film(tmp_path, formats=["png"], size="320x180").film.is_file()
    again = open_run(tmp_path / "large" / "recording.npz")
    assert again.parameters[7].tolist() == recording.parameters[7].tolist()
    assert (tmp_path / "large" / "recording.npz").stat().st_size < 2 * 4 * 40 * 92_000 * 1.1


def rng_free(scale: float, step: int) -> np.ndarray:
    return np.random.default_rng(0).normal(0, scale, (300, 2)) + 0.001 * sum(range(step + 1))


def test_states_that_lie_apart_are_told_as_so_many_steps(tmp_path: Path) -> None:
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy", name="apart")
    for step, (w, b, _) in enumerate(states(X, Y, 40)):
        if step % 10 == 0:
            recorder.capture(w, b, step=step)
    recording = recorder.recording
    assert recording.experiment.training.stride == 10
    told = revised(recording, ["video.slow_motion=[{step: 20}]"])
    passages = derivation_steps(told.experiment, compute_step_values(told, 0))["update"]
    assert passages[0].sentence == "10 steps move every weight"
    assert "these are 10 steps of your own code" in passages[0].note
    recorder.film(tmp_path, formats=["png"], size="320x180")
    again = open_run(tmp_path / "apart" / "recording.npz")
    assert again.experiment.training.stride == 10


def test_states_whose_loss_is_no_number_end_the_run(tmp_path: Path) -> None:
    recorder = Recorder(X, X[:, 0], activations="relu", loss="mse", name="far")
    w, b = [np.ones((3, 2)), np.ones((1, 3))], [np.zeros(3), np.zeros(1)]
    for step in range(6):
        recorder.capture([matrix * 1e60**step for matrix in w], b)
    recording = recorder.recording
    assert recording.diverged_at == 2
    assert np.isfinite(recording.snapshot_losses).all()
    assert recorder.film(tmp_path, formats=["png"], size="320x180").film.is_file()


def test_a_run_that_was_trained_here_is_not_written_over(tmp_path: Path) -> None:
    train(load_experiment("xor", {"training.steps": 5, "name": "moons"})).film(
        tmp_path, formats=["png"], size="320x180"
    )
    with pytest.raises(OutputError, match=r"moons holds a run that was trained here; give this one another name"):
        recorded().film(tmp_path, formats=["png"], size="320x180")
    recorded(name="other").film(tmp_path, formats=["png"], size="320x180")
    recorded(name="other").film(tmp_path, formats=["png"], size="320x180")  # the same script, run again


@pytest.mark.parametrize("sure", [False, True])
def test_a_loss_far_from_ours_is_said(sure: bool) -> None:
    recorder = Recorder(X, Y, activations="relu", loss="cross_entropy")  # it is a tanh network
    for w, b, loss in states(X, Y, 60, rate=2.0 if sure else 0.5):
        recorder.capture(w, b, loss=loss / 12)
    with pytest.warns(UserWarning, match="the last loss that was given is"):
        _ = recorder.recording


def test_unnamed_recorders_do_not_write_over_each_other() -> None:
    first, second = (Recorder(X, Y, activations="tanh", loss="cross_entropy") for _ in range(2))
    assert first.name.startswith("recording")
    assert first.name != second.name


def test_states_that_are_no_numbers_are_said() -> None:
    recorder = Recorder(X, Y, activations="tanh", loss="cross_entropy", name="nan", keep=[7])
    recorder.capture(W, B)
    recorder.capture([matrix * np.nan for matrix in W], B)
    with pytest.warns(UserWarning, match="keep names step 7, and the training had 1 step"):
        _ = recorder.recording
    with pytest.raises(RecordingError, match="it diverged at step 1: of the one state of nan"):
        recorder.film()
    never = Recorder(X, Y, activations="tanh", loss="cross_entropy")
    never.capture([matrix * np.nan for matrix in W], B)
    with pytest.raises(RecordingError, match="the first state holds numbers that are not finite"):
        _ = never.recording
