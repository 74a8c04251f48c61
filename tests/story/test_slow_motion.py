"""One step in slow motion: recorded whole, told with true numbers, laid out in time."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.runs.recordings import revised
from backprop_anim.story.chain_rule import derivation_steps
from backprop_anim.story.moment import PHASES, shown_state
from backprop_anim.story.shown_samples import probe_inputs
from backprop_anim.story.step_values import compute_step_values
from backprop_anim.story.timeline import timeline
from backprop_anim.story.worked_formula import worked_formula
from backprop_anim.training import Recording, load_recording, save_recording
from backprop_anim.training.trainer import train

FRUIT = """
task: {kind: points, shape: fruit}
network: {hidden: 4, activation: sigmoid}
training: {steps: 40, aggression: 0.3, batch: 1, order: random, loss: mse, optimizer: OPTIMIZER, noise: NOISE}
video: {slow_motion: [{step: 17, seconds: 4}], fps: 10}
"""
HEART = """
task: {kind: curve, curve: heart, points: 30}
network: {layers: [1, 6, 7, 2], activation: sigmoid, init: {kind: normal, bias: same}}
training: {steps: 60, aggression: 6.0, noise: 0.5}
video: {slow_motion: [{step: 0, seconds: 2, sample: 3}, {step: 40, seconds: 3}], fps: 10, hold: 1}
snapshots: {count: 9, schedule: SCHEDULE}
"""
SOFTMAX = """
task: {kind: points, shape: blobs, classes: 3, points: 12}
network: {hidden: [5, 4], activation: [relu, tanh, softmax]}
training: {steps: 9, aggression: 0.1}
video: {slow_motion: [{step: 8, sample: 11}]}
"""


def run(text: str, **words: str) -> Recording:
    for word, value in words.items():
        text = text.replace(word, value)
    return train(read_experiment(text, label="e", name="e", folder=Path()))


def fruit(optimizer: str = "sgd", noise: str = "0.0") -> Recording:
    return run(FRUIT, OPTIMIZER=optimizer, NOISE=noise)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_a_traced_step_can_be_made_again_from_its_trace(optimizer: str) -> None:
    recording = fruit(optimizer, "0.5")
    (trace,) = recording.traces
    row = recording.nearest(17)
    assert recording.steps[row] == trace.step == 17
    experiment = recording.experiment
    gradient = recording.gradients[row] * trace.noise[experiment.network.layout.owner]
    memory, update = trace.memory_before.copy(), np.empty_like(gradient)
    experiment.training.optimizer.update(gradient, trace.rate, 18, memory, recording.parameters[row], update)
    np.testing.assert_array_equal(update, recording.updates[row])
    np.testing.assert_array_equal(memory, trace.memory_after)


@pytest.mark.parametrize("schedule", ["motion", "linear", "log", "{kind: power, exponent: 3}"])
def test_traced_steps_are_among_the_kept_ones_and_their_number_stays(schedule: str) -> None:
    recording = run(HEART, SCHEDULE=schedule)
    assert recording.n_snapshots == 9
    assert {0, 40, 60} <= set(recording.steps.tolist())


def test_the_numbers_of_a_single_sample_are_those_of_the_step() -> None:
    recording = fruit()
    numbers, row = compute_step_values(recording, 0), recording.nearest(17)
    assert numbers.sample == recording.samples[row]
    assert numbers.loss == pytest.approx(recording.losses[17], rel=1e-14)
    flat = recording.experiment.network.layout.pack(numbers.gradient)
    np.testing.assert_allclose(flat, recording.gradients[row], rtol=1e-13)


def test_the_gradient_of_a_full_batch_is_the_mean_of_those_of_its_samples() -> None:
    recording = run(HEART, SCHEDULE="linear")
    sample_gradients = []
    for sample in range(30):
        other = revised(recording, [f"video.slow_motion=[{{step: 40, sample: {sample}}}]"])
        sample_gradients.append(other.experiment.network.layout.pack(compute_step_values(other, 0).gradient))
    row = recording.nearest(40)
    np.testing.assert_allclose(np.mean(sample_gradients, axis=0), recording.gradients[row], atol=1e-14)


def evaluated(side: str) -> float:
    """Compute what a line of mathtext shows between two equals signs."""
    side = side.replace("−", "-").replace(r"\times", "*").replace(r"\cdot", "*").replace("…", "")
    side = side.replace("{", "").replace("}", "") if "sqrt" not in side and "^" not in side else side
    side = re.sub(r"\\log ([0-9.]+)", r"np.log(\1)", side).replace(r"\log (", "np.log(")
    side = re.sub(r"\\sqrt\{([^{}]*(?:\{[^{}]*\})?[^{}]*)\}", r"np.sqrt(\1)", side)
    side = re.sub(r"10\^\{(-?[0-9]+)\}", r"10.0**(\1)", side).replace("^2", "**2")
    side = re.sub(r"2\(", "2*(", side)
    side = side.replace("½(", "0.5*(").replace(r"\mathrm{sign}", "np.sign").replace(r"\mathrmsign", "np.sign")
    side = re.sub(r"\|([^|]*)\|", r"np.abs(\1)", side)
    assert re.fullmatch(r"([0-9.+\-*/() e]|np\.(log|sqrt|sign|abs))*", side.strip()), side
    return float(eval(side, {"np": np}))  # held to numbers by the line above


def with_optimizer(optimizer: str, noise: str = "0.0") -> str:
    return FRUIT.replace("OPTIMIZER", optimizer).replace("NOISE", noise)


LOSSES = ["mae", "huber", "{kind: huber, delta: 0.3}", "{kind: mse, half: true}", "{kind: sse, half: true}"]
DECAYS = ["{kind: adamw, weight_decay: 0.9}", "{kind: adamw, weight_decay: 0}"]
ENDS = ["[tanh, linear]", "[tanh, sigmoid]", "[tanh, softmax]"]
RULES = [
    "sgd",
    "momentum",
    "{kind: momentum, nesterov: true}",
    "nesterov",
    "adagrad",
    "adamw",
    *DECAYS,
    "rmsprop",
    "adam",
]


PENALIZED = SOFTMAX.replace("training: {", "training: {weight_decay: 0.3, l1: 0.02, noise: 0.5, ")


LABELS = """
task: {kind: table, columns: [u, v, l1, l2, l3], rows: [[0, 1, 0, 1, 0]], inputs: [u, v], targets: [l1, l2, l3]}
network: {hidden: [4]}
training: {steps: 9, loss: binary_cross_entropy}
video: {slow_motion: {step: 8}}
"""
TEXTS = [*map(with_optimizer, RULES), with_optimizer("adam", "0.5"), SOFTMAX, PENALIZED, LABELS]


@pytest.mark.parametrize("text", TEXTS)
def test_the_digits_that_are_shown_multiply_out(text: str) -> None:
    assert checked_formulas(run(text)) >= 5


def test_a_weight_that_is_held_still_is_told_with_no_change() -> None:
    recording = run(with_optimizer("adam").replace("activation: sigmoid", "activation: sigmoid, freeze: [W1, W2]"))
    (passage,) = derivation_steps(recording.experiment, compute_step_values(recording, 0))["update"]
    assert re.fullmatch(r"W[12] is held still, whatever its gradient is", passage.sentence)
    assert re.fullmatch(r"\\Delta w.* = 0", passage.lines[-1])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("classes", [2, 3])
def test_every_loss_is_told_by_itself(loss: str, ends: str, classes: int) -> None:
    text = SOFTMAX.replace("classes: 3", f"classes: {classes}").replace("[5, 4]", "[5]")
    if classes == 2 and "softmax" not in ends:
        text = text.replace("hidden: [5]", "layers: [2, 5, 1]")
    text = text.replace("[relu, tanh, softmax]", ends).replace("training: {", f"training: {{loss: {loss}, ")
    recording = run(text)
    numbers = compute_step_values(recording, 0)
    assert checked_formulas(recording) >= 4
    told = derivation_steps(recording.experiment, numbers)
    (line,) = told["loss"][0].lines
    assert ("½" in line) == ("half" in loss) or "huber" in loss, line
    assert ("|" in line) == ("mae" in loss) or "huber" in loss, line
    assert float(line.split("= ")[-1]) == pytest.approx(numbers.loss, rel=5e-3)


def checked_formulas(recording: Recording) -> int:
    """Compute again every formula of a step from the numbers it shows; return how many there were."""
    checked = 0
    for group in derivation_steps(recording.experiment, compute_step_values(recording, 0)).values():
        for passage in group:
            for line in passage.lines:
                parts = line.replace(r"\approx", "=").replace(r"\leftarrow", "=").split(" = ")
                if r"\approx" in line or len(parts) < 3 or not re.match(r"[−0-9({]", parts[-2].strip()):
                    continue
                shown = parts[-1].replace("−", "-")
                decimals = len(shown.partition(".")[2])
                if "10^" in shown:
                    assert evaluated(parts[-2]) == pytest.approx(evaluated(shown), rel=6e-3), line
                else:
                    assert round(evaluated(parts[-2]), decimals) == pytest.approx(float(shown), abs=1e-12), line
                checked += 1
    return checked


def test_the_chain_rule_is_told_with_its_factor_2_and_the_engines_numbers() -> None:
    recording = fruit()
    numbers = compute_step_values(recording, 0)
    back = [line for p in derivation_steps(recording.experiment, numbers)["backward"] for line in p.lines]
    assert len(back) == 4  # the output's delta, an output weight, a hidden delta, a hidden weight
    assert back[0].startswith(r"\delta^{(2)} = 2(\hat y − y)\,\sigma′(z^{(2)}) = 2(")
    assert float(back[0].split("= ")[-1].replace("−", "-")) == pytest.approx(numbers.delta[-1][0], rel=5e-3)


def test_what_cannot_be_shown_exactly_is_marked() -> None:
    told = worked_formula(lambda w: f"{w(1 / 3)} − {w(1 / 3 - 1e-12)}", 1e-12, lambda r: r(1 / 3) - r(1 / 3 - 1e-12))
    assert r"\approx" in told.text


def test_the_film_stops_plays_the_phases_in_order_and_goes_on() -> None:
    recording = fruit()
    moments = timeline(recording.experiment.video, recording)
    slow = [moment for moment in moments if moment.act is not None]
    assert len(slow) == pytest.approx(40, abs=2)
    phases = [moment.act.phase for moment in slow if moment.act]
    assert [p for k, p in enumerate(phases) if not k or phases[k - 1] != p] == [*PHASES, "outcome"]
    row = recording.nearest(17)
    assert {moment.snapshot for moment in slow} == {row, row + 1}
    np.testing.assert_array_equal(shown_state(recording, slow[0]), recording.parameters[row])
    np.testing.assert_allclose(shown_state(recording, slow[-1]), recording.parameters[row + 1], atol=1e-15)
    probes = probe_inputs(recording, moments)
    sample = recording.experiment.dataset.inputs[recording.samples[row]]
    assert (probes[[moment.frame for moment in slow]] == sample).all()


def test_captions_and_slow_motion_hold_at_any_rate() -> None:
    for fps in (10, 25, 50):
        recording = revised(
            run(HEART, SCHEDULE="linear"),
            [f"video.fps={fps}", "video.milestones=false", "video.opening=0", "video.formats=[mp4]"],
        )
        recording = revised(recording, ["video.captions=[{step: 15, text: half way, seconds: 2}]", "video.seconds=6"])
        moments = timeline(recording.experiment.video, recording)
        slow_s = sum(moment.act is not None for moment in moments) / fps
        said_s = sum(moment.caption == "half way" for moment in moments) / fps
        assert slow_s == pytest.approx(5.0, abs=8 / fps)
        assert said_s == pytest.approx(2.0, abs=1 / fps)
        assert len(moments) / fps == pytest.approx(6 + slow_s + 1, abs=2 / fps)


def test_a_recording_keeps_its_traces(tmp_path: Path) -> None:
    recording = run(HEART, SCHEDULE="motion")
    save_recording(recording, tmp_path / "r.npz")
    again = load_recording(tmp_path / "r.npz", lambda words, dataset: recording.experiment)
    assert [trace.step for trace in again.traces] == [0, 40]
    for ours, theirs in zip(recording.traces, again.traces, strict=True):
        np.testing.assert_array_equal(ours.batch, theirs.batch)
        np.testing.assert_array_equal(ours.noise, theirs.noise)


def test_a_step_that_was_not_recorded_is_refused() -> None:
    with pytest.raises(ExperimentError, match=r"step 30 was not recorded in full \(0, 40\)"):
        revised(run(HEART, SCHEDULE="linear"), ["video.slow_motion=[{step: 30}]"])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{step: 40}", "allowed are 0 to 39"),
        ("{step: 3, sample: 16}", "allowed are 0 to 15"),
        ("{step: 3}, {step: 3}", "twice"),
        ("{step: 3, second: 4}", "did you mean 'seconds'"),
        ("{step: 3, follow: [hidden 5]}", r"'hidden 5' names neuron 5: allowed are 1 to 4"),
        ("{step: 3, follow: [hidden 2.1]}", r"names hidden layer 2: allowed are 1 to 1"),
        ("{step: 3, follow: [w1.1.3]}", r"names neuron that it comes from 3: allowed are 1 to 2"),
        ("{step: 3, follow: [neuron 1]}", r"'neuron 1' is none of: 'hidden 2', 'output 1', 'w1.2.1' .*, 'b1.2'"),
        ("{step: 3, follow: [w1.2.1, w1.2.1]}", "'w1.2.1' stands here twice"),
    ],
)
def test_impossible_slow_motion_is_a_mistake_in_the_file(entry: str, said: str) -> None:
    text = FRUIT.replace("{step: 17, seconds: 4}", entry).replace("OPTIMIZER", "sgd").replace("NOISE", "0.0")
    with pytest.raises(ExperimentError, match=said) as caught:
        read_experiment(text, label="e.yaml", name="e", folder=Path())
    assert "e.yaml:5:" in str(caught.value)


def test_a_sample_that_a_single_step_does_not_see_is_refused() -> None:
    recording = fruit()
    seen = int(recording.samples[recording.nearest(17)])
    other = (seen + 1) % 16
    text = FRUIT.replace("seconds: 4", f"sample: {other}").replace("OPTIMIZER", "sgd").replace("NOISE", "0.0")
    with pytest.raises(ExperimentError, match=rf"is {other}, which step 17 does not see: allowed is {seen}\b"):
        read_experiment(text, label="e", name="e", folder=Path())


@pytest.mark.parametrize(
    ("captions", "said"),
    [
        ("{step: 99, text: late}", "training ends at step 60"),
        ("{step: 5, text: a}, {step: 5, text: b}", "0.0 s of film after the caption at step 5"),
        ("{step: 5, text: a, seconds: 3}, {step: 30, text: b}", "lower its seconds to"),
    ],
)
def test_impossible_captions_are_mistakes_in_the_file(captions: str, said: str) -> None:
    text = HEART.replace("SCHEDULE", "linear").replace("fps: 10", f"fps: 10, captions: [{captions}]")
    text = text.replace("slow_motion: [{step: 0, seconds: 2, sample: 3}, {step: 40, seconds: 3}], ", "")
    with pytest.raises(ExperimentError, match=said):
        read_experiment(text, label="e", name="e", folder=Path())
