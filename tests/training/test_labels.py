"""Several labels at once: a column of 0 and 1 for each output, taken by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers import experiment

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.engine import activations
from backprop_anim.runs import Summary, predict
from backprop_anim.runs.report import loss_lines
from backprop_anim.story.verdict import verdict
from backprop_anim.training import load_recording, save_recording
from backprop_anim.training.trainer import train

TEXT = """
task: {kind: table, columns: [u, v, l1, l2], rows: [[0, 0, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]], inputs: [u, v], TARGETS}
network: {hidden: [15]}
training: {steps: 500, loss: binary_cross_entropy, optimizer: adam, aggression: 0.02}
"""


def text_of(targets: str = "targets: [l1, l2]") -> str:
    return TEXT.replace("TARGETS", targets)


def test_each_output_answers_yes_or_no() -> None:
    given = experiment(text_of())
    assert activations.name_of(given.network.activations[-1]) == "sigmoid"
    assert given.network.sizes[-1] == 2
    assert given.has_labels
    recording = train(given)
    outputs = predict(recording, given.dataset.inputs.tolist()).outputs
    np.testing.assert_array_equal(np.rint(outputs), [[0, 1], [1, 1], [0, 0]])
    np.testing.assert_array_equal(recording.label_accuracies[-1], [1, 1])
    first = given.network.outputs(recording.parameters[0], given.dataset.inputs) >= 0.5
    np.testing.assert_allclose(recording.label_accuracies[0], (first == given.targets()).mean(axis=0))
    assert [line.partition(":")[0] for line in loss_lines(recording)[1:]] == ["Accuracy of l1", "Accuracy of l2"]
    assert verdict(recording) == "Right: l1 3 of 3, l2 3 of 3"


def test_summary_and_closing_lines_name_the_accuracy_of_each_label_held_out_too(tmp_path: Path) -> None:
    text = text_of().replace("targets: [l1, l2]", "targets: [l1, l2], test: 0.34").replace("steps: 500", "steps: 3")
    recording = train(experiment(text))
    held_out, last = recording.experiment.dataset.held_out, recording.parameters[-1]
    assert held_out is not None
    shares = {}
    for word, data in (("label_accuracy", recording.experiment.dataset), ("test_label_accuracy", held_out)):
        says_yes = recording.experiment.network.outputs(last, data.inputs) >= 0.5
        shares[word] = dict(zip(["l1", "l2"], (says_yes == data.targets).mean(axis=0).tolist(), strict=True))
    said = Summary(recording, tmp_path, (), (), 0, {}).as_mapping()
    assert {word: said[word] for word in shares} == shares
    *_, first, second = loss_lines(recording)
    assert first.endswith(f", held out {shares['test_label_accuracy']['l1']:.1%}")
    assert second.startswith("Accuracy of l2: ")
    plain = Summary(train(experiment(text_of("targets: l1"))), tmp_path, (), (), 0, {}).as_mapping()
    assert "label_accuracy" not in plain


def test_a_recording_of_it_can_be_read(tmp_path: Path) -> None:
    recording = train(experiment(text_of()))
    save_recording(recording, tmp_path / "r.npz")
    again = load_recording(tmp_path / "r.npz", lambda words, dataset: recording.experiment)
    np.testing.assert_array_equal(again.label_accuracies, recording.label_accuracies)


def test_one_column_is_two_classes_as_before() -> None:
    given = experiment(text_of("targets: l1"))
    assert (given.dataset.kind, given.has_labels) == ("classes", False)


def test_columns_that_are_said_to_be_classes_are_one_hot() -> None:
    with pytest.raises(ExperimentError, match="several class columns are one-hot"):
        read_experiment(text_of("targets: [l1, l2], classes: true"), label="e", name="e", folder=Path())


def test_other_numbers_are_refused() -> None:
    text = text_of().replace("[1, 1, 1, 1]", "[1, 1, 1, 0.5]")
    with pytest.raises(
        ExperimentError, match=r"e:4:\d+: training.loss: binary_cross_entropy is for classes or targets of"
    ):
        read_experiment(text, label="e", name="e", folder=Path())
