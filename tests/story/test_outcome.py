"""What is said of a step's outcome is what the engine finds at the state that it led to."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backprop_anim.common import number_text
from backprop_anim.config import read_experiment
from backprop_anim.engine import decided_classes
from backprop_anim.story.chain_rule import derivation_steps
from backprop_anim.story.step_values import StepValues, compute_step_values
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

FRUIT = """
seed: 2
task: {kind: points, shape: fruit}
network: {hidden: 4, activation: sigmoid}
training: {steps: 320, aggression: 0.3, batch: 1, order: random, loss: mse}
video: {slow_motion: [{step: 300}]}
"""
CURVE = """
task: {kind: curve, curve: heart, points: 30}
network: {layers: [1, 6, 2]}
training: {steps: 60, aggression: 0.5}
video: {slow_motion: [{step: 40}]}
"""


def told(text: str, **changed: object) -> tuple[Recording, StepValues, str, list[str]]:
    """A run, its told step, and the sentence and lines of the outcome; `changed` numbers stand in for the step's."""
    recording = train(read_experiment(text, label="e", name="e", folder=Path()))
    numbers = replace(compute_step_values(recording, 0), **changed)  # type: ignore[arg-type]
    (passage,) = derivation_steps(recording.experiment, numbers)["outcome"]
    return recording, numbers, passage.sentence, list(passage.lines)


def ends(line: str) -> list[str]:
    return re.findall(r"([0-9.]+) \\rightarrow ([0-9.]+)", line)[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("text", [FRUIT, CURVE])
def test_the_losses_before_and_after_are_those_of_the_states(text: str) -> None:
    recording, numbers, _, lines = told(text)
    (step,) = recording.experiment.traced_steps
    rows = recording.nearest(step), recording.nearest(step + 1)
    for shown, loss in zip(ends(lines[0]), (numbers.loss, numbers.loss_after), strict=True):
        assert float(shown) == pytest.approx(loss, rel=6e-3)
    header = tuple(number_text(recording.snapshot_losses[row], numbers.loss_decimals) for row in rows)
    assert ends(lines[1]) == header


def test_the_count_of_right_samples_is_that_of_both_states() -> None:
    recording, _, sentence, lines = told(FRUIT)
    dataset, network = recording.experiment.dataset, recording.experiment.network
    rows = recording.nearest(300), recording.nearest(301)
    right = [
        decided_classes(network.outputs(recording.parameters[row], dataset.inputs)) == dataset.labels for row in rows
    ]
    assert ends(lines[2]) == tuple(str(one.sum()) for one in right)
    gained = int((right[1] & ~right[0]).sum())
    assert gained > 1
    assert sentence.lower().startswith(("two", "three", "four")[gained - 2])
    assert sentence.endswith("are on the right side")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("1100", "1110", "One more strawberry sample is on the right side"),
        ("0000", "1110", "Three samples are on the right side"),
        ("1111", "1101", "One strawberry sample is on the wrong side now"),
        ("1100", "0111", "Two to the right side, one to the wrong one"),
        ("1100", "1100", "No sample changes sides, but the loss falls"),
    ],
)
def test_what_there_is_to_notice(before: str, after: str, sentence: str) -> None:
    labels = told(FRUIT)[0].experiment.dataset.labels
    assert labels is not None
    place = {0: iter(np.flatnonzero(labels == 0)), 1: iter(np.flatnonzero(labels == 1))}
    chosen = [next(place[k]) for k in (0, 0, 1, 1)]  # two lemons, two strawberries
    rows = []
    for word in (before, after):
        right = np.zeros(len(labels), bool)
        right[chosen] = [letter == "1" for letter in word]
        rows.append(right)
    assert told(FRUIT, is_right=rows[0], is_right_after=rows[1])[2] == sentence


@pytest.mark.parametrize(
    ("sample", "all_data", "sentence"),
    [
        (0.1, 0.1, "The answer is a little better"),
        (0.1, 0.3, "Better for this sample, not on the whole"),
        (0.3, 0.1, "Better on the whole, not for this sample"),
        (0.3, 0.3, "Worse than before: the step went too far"),
    ],
)
def test_a_step_that_helps_only_in_part_is_told_so(sample: float, all_data: float, sentence: str) -> None:
    found = told(CURVE, loss=0.2, all_loss=0.2, loss_after=sample, all_loss_after=all_data)
    assert found[2] == sentence
