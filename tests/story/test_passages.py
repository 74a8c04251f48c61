"""What a step is told by: every number in the picture in the same digits, the neurons that matter, words of a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backprop_anim.config import read_experiment
from backprop_anim.story.chain_rule import derivation_steps
from backprop_anim.story.formula_tints import formula_parts, tinted, untinted
from backprop_anim.story.moment import StepPhase
from backprop_anim.story.passages import DerivationStep, derivation_at, reading_s
from backprop_anim.story.step_values import StepValues, compute_step_values
from backprop_anim.story.timeline import timeline
from backprop_anim.story.worked_formula import decimals_of_sum, fixed_number, plain_number, plain_text, signed_number
from backprop_anim.story.worth_telling import most_telling_sample
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

FRUIT = """
task: {kind: points, shape: fruit}
network: {hidden: 4, activation: sigmoid}
training: {steps: 40, aggression: 0.3, batch: 1, order: random, loss: mse}
video: {slow_motion: [{step: 17}]}
"""
HEART = """
task: {kind: curve, curve: heart, points: 30}
network: {layers: [1, 6, 7, 2], activation: sigmoid}
training: {steps: 60, aggression: 3.0}
video: {slow_motion: [{step: 40, sample: 11}]}
"""
ISLANDS = """
task: {kind: points, shape: blobs, classes: 3, points: 12}
network: {hidden: [5, 4], activation: [relu, tanh, softmax]}
training: {steps: 9, aggression: 0.1}
video: {slow_motion: [{step: 8, sample: 11}]}
"""
NUMBER = r"−?[0-9]+(?:\.[0-9]+)?"
TEXTS = [FRUIT, HEART, ISLANDS]


def told(text: str, *settings: str) -> tuple[Recording, StepValues, dict[str, tuple[DerivationStep, ...]]]:
    recording = train(read_experiment(text, label="e", name="e", folder=Path(), overrides=list(settings)))
    numbers = compute_step_values(recording, 0)
    return recording, numbers, dict(derivation_steps(recording.experiment, numbers))  # type: ignore[arg-type]


def right_side(line: str) -> str:
    """The numbers of a formula, between its last two equals signs."""
    return re.split(r" = | \\approx ", line)[-2]


@pytest.mark.parametrize("text", TEXTS)
def test_every_number_of_a_weighted_sum_stands_in_the_picture(text: str) -> None:
    _, _, passages = told(text)
    for passage in passages["forward"]:
        assert passage.focus is not None
        seen = {mark.text for mark in passage.focus.marks}
        side = right_side(passage.lines[0])
        rest = re.findall(rf"… \(?({NUMBER})", side)  # what many small terms come to belongs to no single line
        for number in re.findall(NUMBER, side):
            assert number in seen or number in rest, (number, passage.lines[0])
        assert {mark.kind for mark in passage.focus.marks} == {"weight", "value", "bias"}


@pytest.mark.parametrize("text", TEXTS)
def test_every_factor_on_the_way_back_but_the_slope_stands_in_the_picture(text: str) -> None:
    _, numbers, passages = told(text)
    for passage in passages["backward"]:
        assert passage.focus is not None
        seen = {mark.text for mark in passage.focus.marks}
        missing = []
        for line in passage.lines:
            side = right_side(line).removeprefix("2(")
            missing += [number for number in re.findall(NUMBER, side) if number not in seen]
        slope = float(numbers.slope[passage.focus.layer - 1][passage.focus.unit])
        assert len(missing) <= 1
        for number in missing:
            assert float(number.replace("−", "-")) == pytest.approx(slope, rel=6e-3, abs=1e-9)


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_has_one_precision_within_a_passage(text: str) -> None:
    _, _, passages = told(text)
    for passage in (*passages["forward"], *passages["backward"]):
        assert passage.focus is not None
        shown = passage.lines[0].rsplit("= ", 1)[-1].lstrip("+")
        if passage.focus.direction == "backward":  # the delta goes on into the gradient
            here = passage.focus.layer, passage.focus.unit
            (delta,) = [m for m in passage.focus.marks if m.kind == "delta" and (m.layer, m.unit) == here]
            assert shown == delta.text
        elif r"\sigma(" in passage.lines[1] or "tanh" in passage.lines[1]:
            assert f"({shown})" in passage.lines[1]


@pytest.mark.parametrize("text", TEXTS)
def test_factors_have_the_colour_of_their_line_or_of_the_error(text: str) -> None:
    _, _, passages = told(text)
    seen = 0
    for group in passages.values():
        for passage in group:
            if passage.focus is None:
                continue
            for line in passage.tinted_lines:
                assert "".join(part.text for part in formula_parts(line)) == untinted(line)
                for part in formula_parts(line):
                    number = part.text.strip("(){}")
                    kinds = {mark.kind for mark in passage.focus.marks if mark.text == number}
                    if part.tint in ("minus", "plus") and kinds:
                        assert kinds & {"weight", "bias"}
                        assert number.startswith("−") == (part.tint == "minus")
                        seen += 1
                    elif part.tint == "error" and re.fullmatch(NUMBER, number) and kinds:
                        assert "delta" in kinds
                        seen += 1
    assert seen >= 6


def test_tints_can_be_taken_out_again() -> None:
    line = f"z = {tinted('1.5', 'plus')} \\cdot {tinted('(−2)', 'minus')}"
    assert untinted(line) == r"z = 1.5 \cdot (−2)"
    assert [part.tint for part in formula_parts(line)] == ["", "plus", "", "minus"]
    assert tinted("1", "") == "1"


@pytest.mark.parametrize("text", TEXTS)
def test_the_neurons_told_are_those_that_the_error_moves_most(text: str) -> None:
    _, numbers, passages = told(text)
    focus = [passage.focus for passage in passages["backward"]]
    for told_of, deltas in zip(focus, numbers.delta[::-1], strict=False):
        assert told_of is not None
        assert abs(deltas[told_of.unit]) == np.abs(deltas).max()
    assert [(f.layer, f.unit) for f in focus if f] == [
        (p.focus.layer, p.focus.unit) for p in passages["forward"][::-1] if p.focus
    ]
    assert "moves it most" in passages["forward"][0].note


def test_a_file_chooses_what_is_followed() -> None:
    follow = "video.slow_motion=[{step: 40, follow: [hidden 1.2, w2.3.5, b3.1, output 2]}]"
    _, numbers, passages = told(HEART, follow)
    neurons = [(p.focus.layer, p.focus.unit) for p in passages["forward"] if p.focus]
    assert neurons == [(1, 1), (2, 2), (3, 0), (3, 1)]
    assert [(p.focus.layer, p.focus.unit) for p in passages["backward"] if p.focus] == [(3, 0), (3, 1), (2, 2), (1, 1)]
    updated = [p.lines[-1] if k == 0 else p.lines[0] for k, p in enumerate(passages["update"])]
    assert len(updated) == 2
    assert "w_{35}^{(2)}" in updated[0]
    assert "b_{1}^{(3)}" in updated[1]
    assert any("w_{35}^{(2)}" in line for line in passages["backward"][2].lines)
    assert "most" not in passages["forward"][0].note
    shown = passages["backward"][2].lines[1].rsplit("= ", 1)[-1].replace("−", "-")
    assert float(shown) == pytest.approx(numbers.gradient["W2"][2, 4], rel=5e-3)


def test_one_hidden_layer_needs_no_number() -> None:
    _, _, passages = told(FRUIT, "video.slow_motion=[{step: 17, follow: [hidden 3]}]")
    assert [(p.focus.layer, p.focus.unit) for p in passages["forward"] if p.focus] == [(1, 2), (2, 0)]


@pytest.mark.parametrize(
    ("rule", "letters"),
    [("momentum", ["v"]), ("rmsprop", ["s"]), ("adam", ["m", "s", r"\hat m", r"\hat s"])],
)
def test_rules_with_a_memory_are_spelled_out(rule: str, letters: list[str]) -> None:
    recording, numbers, passages = told(FRUIT, f"training.optimizer={rule}")
    lines = [line for passage in passages["update"] for line in passage.lines]
    for letter in letters:
        assert any(line.startswith(f"{letter} ") for line in lines), letter
    layout, focus = recording.experiment.network.layout, passages["update"][0].focus
    assert focus is not None
    (edge,) = focus.edges
    after = layout.arrays(numbers.trace.memory_after[0])[f"W{edge.layer}"][edge.unit, edge.source]
    shown = next(line for line in lines if line.startswith(f"{letters[0]} ")).rsplit("= ", 1)[-1]
    value = re.sub(r" \\cdot 10\^\{(.*)\}", r"e\1", shown).replace("−", "-")
    assert float(value) == pytest.approx(after, rel=6e-3)


@pytest.mark.parametrize("text", TEXTS)
def test_every_symbol_is_said_once_and_no_minus_stands_alone(text: str) -> None:
    _, _, passages = told(text)
    said = [note for group in passages.values() for p in group for note in p.note.split("; ") if note]
    assert len(said) == len(set(said))
    words = " ".join(said)
    for symbol in ("L is", "y the target", "δ is", "η"):
        assert symbol in words
    for group in passages.values():
        for passage in group:
            for line in passage.lines:
                assert r"\leftarrow −" not in line
                assert "−0.000 " not in f"{line} "


def test_a_passage_takes_the_time_that_its_numbers_take() -> None:
    line = r"z_{2}^{(1)} = 1.63 \cdot 0.2 + (−0.531) \cdot 0.05 = −0.174"
    assert reading_s(DerivationStep("", ())) == 2
    assert reading_s(DerivationStep("", (line,))) == 2
    assert reading_s(DerivationStep("", (line, line))) == pytest.approx(10 * 0.35)
    passages = {"forward": (DerivationStep("long", (line,) * 4), DerivationStep("short", (line,)))}
    halves = [derivation_at(passages, StepPhase(0, "forward", p)).passage.sentence for p in (0.5, 0.7, 0.8)]  # type: ignore[arg-type]
    assert halves == ["long", "long", "short"]


def test_without_seconds_a_step_takes_the_time_to_read_it_and_with_seconds_just_that() -> None:
    recording, _, passages = told(HEART)
    video = recording.experiment.video
    for seconds in (None, 9.0):
        (motion,) = video.slow_motion
        shown = replace(video, slow_motion=(replace(motion, seconds=seconds),))
        slow_s = sum(moment.act is not None for moment in timeline(shown, recording)) / video.fps
        wanted = sum(reading_s(passage) for group in passages.values() for passage in group)
        assert slow_s == pytest.approx(wanted if seconds is None else seconds, abs=5 / video.fps)


def test_the_passage_of_a_moment() -> None:
    passages = {"forward": tuple(DerivationStep(word, ()) for word in "abc")}
    for progress, word, share in ((0.0, "a", 0.0), (0.3, "a", 0.9), (0.5, "b", 0.5), (1.0, "c", 1.0)):
        shown = derivation_at(passages, StepPhase(0, "forward", progress))  # type: ignore[arg-type]
        assert shown.passage.sentence == word
        assert shown.share == pytest.approx(share)


def test_the_sample_with_the_largest_loss_is_worth_telling_if_it_has_an_input() -> None:
    recording, *_ = told(HEART)
    experiment, row = recording.experiment, recording.nearest(40)
    state, every = recording.parameters[row], np.arange(experiment.dataset.n_samples)
    outputs = experiment.network.outputs(state, experiment.dataset.inputs)
    losses = ((outputs - experiment.targets()) ** 2).sum(axis=1)
    losses[~experiment.dataset.inputs.any(axis=1)] = -1.0
    assert most_telling_sample(experiment, state, every) == losses.argmax()
    assert most_telling_sample(experiment, state, np.array([0])) == 0  # it has nothing else


def test_zeros_have_no_sign_and_sums_have_equal_decimals() -> None:
    assert (signed_number(-0.0, 4), fixed_number(-0.00001, 3, signed=True), plain_number(0.0, 3)) == ("0", "0.000", "0")
    assert plain_text(plain_number(1.234e-9, 3)) == "1.23·10⁻⁹"
    decimals = decimals_of_sum(1.8435, -0.031251)
    assert fixed_number(1.8435, decimals) + fixed_number(-0.031251, decimals) == "1.843−0.031"
