"""One word is for the hidden layers, the output follows from task and loss, and a loss can say what the targets are."""

from __future__ import annotations

import pytest
from config_helpers import MOONS, SERIES, SMALL, XOR, only, read

from backprop_anim.config import dump_experiment
from backprop_anim.engine import activations, losses
from backprop_anim.experiment import Experiment, as_mapping

THREE = "task: {kind: points, shape: blobs, classes: 3}\nnetwork: {hidden: [8, 4]}\ntraining: {steps: 50}\n"
LABELS = "task: {kind: table, columns: [x, y], inputs: x, targets: y, rows: [[0, 0], [1, 1], [2, 0]]}\n"


def names(experiment: Experiment) -> list[str]:
    return [activations.name_of(each) for each in experiment.network.activations]


def with_network(text: str, more: str) -> str:
    return text.replace("network: {", f"network: {{{more}, ")


@pytest.mark.parametrize(
    ("text", "word", "expected", "loss"),
    [
        (THREE, "tanh", ["tanh", "tanh", "softmax"], "cross_entropy"),
        (THREE, "relu", ["relu", "relu", "softmax"], "cross_entropy"),
        (THREE, "sigmoid", ["sigmoid", "sigmoid", "softmax"], "cross_entropy"),
        (THREE.replace("50}", "50, loss: mse}"), "sigmoid", ["sigmoid"] * 3, "mse"),
        (THREE.replace("50}", "50, loss: mse}"), "tanh", ["tanh", "tanh", "softmax"], "mse"),
        (MOONS, "relu", ["relu", "sigmoid"], "binary_cross_entropy"),
        (MOONS.replace("steps: 50", "steps: 50, loss: sse"), "sigmoid", ["sigmoid", "sigmoid"], "sse"),
        (SERIES, "relu", ["relu", "linear"], "mse"),
        (SERIES, "sigmoid", ["sigmoid", "sigmoid"], "mse"),  # its targets lie within 0 … 1
        (SERIES.replace("'sin(6*t)'", "5 * t, scale: false"), "sigmoid", ["sigmoid", "linear"], "mse"),
        (SMALL, "tanh", ["tanh", "linear"], "mse"),
        (SMALL, "sigmoid", ["sigmoid", "sigmoid"], "mse"),
        (XOR, "relu", ["relu", "linear"], "sse"),
        (MOONS.replace("[8]", "[]"), "tanh", ["tanh"], "mse"),  # without hidden layers it is the output's
        (SERIES, "[relu]", ["relu", "linear"], "mse"),
        (SERIES, "[relu, tanh]", ["relu", "tanh"], "mse"),
        (THREE, "[relu, tanh]", ["relu", "tanh", "softmax"], "cross_entropy"),
    ],
)
def test_the_output_follows_from_the_task_and_the_loss(text: str, word: str, expected: list[str], loss: str) -> None:
    text = text.replace(", activation: sigmoid", "")
    experiment = read(with_network(text, f"activation: {word}"))
    assert names(experiment) == expected
    assert losses.name_of(experiment.training.loss) == loss


@pytest.mark.parametrize("output", ["tanh", "linear", "{kind: leaky_relu, slope: 0.2}"])
def test_network_output_says_otherwise(output: str) -> None:
    experiment = read(with_network(SERIES, f"activation: relu, output: {output}").replace("[16]", "[16, 4]"))
    assert names(experiment)[:2] == ["relu", "relu"]
    assert names(experiment)[2] in output
    again = read(dump_experiment(experiment))
    assert again.network.activations == experiment.network.activations


def test_softmax_as_the_output_makes_an_output_for_each_class() -> None:
    assert read(with_network(MOONS, "output: softmax")).network.sizes == (2, 8, 2)


@pytest.mark.parametrize(
    ("network", "key", "said"),
    [
        ("activation: [relu, tanh], output: linear", "network.output", "give it once"),
        ("activation: softmax", "network.activation", "write it as output: softmax"),
        ("output: bogus", "network.output", "bogus"),
    ],
)
def test_what_contradicts_itself_is_refused(network: str, key: str, said: str) -> None:
    problem = only(with_network(SERIES, network))
    assert ".".join(map(str, problem.path)) == key
    assert said in problem.message


@pytest.mark.parametrize(("loss", "n_out"), [("cross_entropy", 2), ("binary_cross_entropy", 1)])
def test_a_label_column_is_classes_where_the_loss_says_so(loss: str, n_out: int) -> None:
    experiment = read(LABELS + f"network: {{hidden: 2}}\ntraining: {{steps: 5, loss: {loss}}}\n")
    assert experiment.dataset.class_names == ("0", "1")
    assert experiment.network.sizes == (1, 2, n_out)
    assert as_mapping(experiment)["task"]["classes"] is True
    assert read(LABELS + "network: {hidden: 2}\ntraining: {steps: 5}\n").dataset.kind == "series"
