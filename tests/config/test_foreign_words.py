"""Words of other libraries: each is answered with the right one, and what is named is there."""

# ruff: noqa: E501  # one case a line
from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from config_helpers import NETWORK, SMALL, TASK, TRAINING, only, problems_of, read

from backprop_anim.common.errors import ExperimentError, Problem
from backprop_anim.config.dump import dump_mapping
from backprop_anim.config.foreign_words import _ROWS, FOREIGN_WORDS, instruction, own_word

AWAITED: set[str] = set()
"""Keys that answers speak of and that are not there yet; take them out as they come."""

UNKNOWN = ("unknown key", "there is no ")
PARTS = (
    "task",
    "network.activation",
    "network.init",
    "training.loss",
    "training.optimizer",
    "training.schedule",
    "video.theme",
)
ANY_PART = {"training.optimizer.*": "training.optimizer.sgd", "video.theme.*": "video.theme.light"}


def with_word(section: str, word: str, value: Any = 1) -> str:
    """Return a small experiment with `word` in a section: as a key, or as the name of a part."""
    section = ANY_PART.get(section, section)
    part = next((part for part in PARTS if section.startswith(f"{part}.")), "")
    if section.endswith(".kind"):
        section, leaf = section.removesuffix(".kind"), word
    elif section == "video.formats":
        leaf = [word]
    elif part:
        section, leaf = part, {"kind": section.removeprefix(f"{part}."), word: value}
    else:
        section, leaf = f"{section}.{word}".lstrip("."), value
    mapping: dict[str, Any] = {
        "task": {"kind": "curve", "curve": "circle", "points": 20},
        "network": {"hidden": [3]},
        "training": {"steps": 50},
    }
    *above, last = section.split(".")
    inside = mapping
    for key in above:
        inside = inside.setdefault(key, {})
    inside[last] = leaf
    return dump_mapping(mapping)


def unknown_in(text: str) -> list[Problem]:
    """Return what is wrong with the names and keys of a text."""
    try:
        read(text)
    except ExperimentError as error:
        return [problem for problem in error.problems if problem.message.startswith(UNKNOWN)]
    return []


@pytest.mark.parametrize(("section", "word"), FOREIGN_WORDS, ids=" ".join)
def test_a_foreign_word_is_answered(section: str, word: str) -> None:
    found = unknown_in(with_word(section, word))
    assert len(found) == 1, f"{word} exists in {section}: take its row away, and look at those that speak of it"
    (problem,) = found
    assert problem.message.endswith(f"; {instruction(FOREIGN_WORDS[section, word])}")
    assert repr(word) in problem.message
    assert re.match(r"e\.yaml:\d+:\d+: [\w.\[\]]+: ", str(problem))
    assert len(problem.message) < 120


@pytest.mark.parametrize(
    ("section", "answer"), sorted({(section, FOREIGN_WORDS[section, _]) for section, _ in FOREIGN_WORDS})
)
def test_what_an_answer_names_is_there(section: str, answer: str) -> None:
    said = instruction(answer)
    names = (
        re.findall(r"\b(?:write|and|or|nearest is) ([\w.]+)", said) if said.startswith(("write", "the nearest")) else []
    )
    for name in names:
        home, _, key = name.rpartition(".")
        if name not in AWAITED:
            assert not unknown_in(with_word(home or section, key)), name
    for key, value in re.findall(r"write (?:(\w+): )?(\{.*\})", said):
        read(SMALL, [f"{section}.{key}={value}" if key else f"training.optimizer={value}"])


def test_a_word_has_one_answer_in_a_section() -> None:
    count = Counter(
        (section, word) for sections, words, _ in _ROWS for section in sections.split(" ") for word in words.split()
    )
    assert [pair for pair, times in count.items() if times > 1] == []


@pytest.mark.parametrize("word", ["batch-size", "Batch_Size", "batch size"])
def test_however_it_is_spelled(word: str) -> None:
    assert own_word(("training",), word) == "batch"


@pytest.mark.parametrize(
    ("text", "place", "path", "message"),
    [
        (NETWORK + TASK + "training: {steps: 5, lr: 1}\n", "3:22", "training.lr", "unknown key 'lr'; write learning_rate"),
        (SMALL + "lr: 1\n", "4:1", "lr", "unknown key 'lr' here; write training.learning_rate"),
        (SMALL + "hidden_layer_sizes: [3]\n", "4:1", "hidden_layer_sizes", "unknown key 'hidden_layer_sizes' here; write network.hidden"),
        (SMALL + "video: {batch_size: 3}\n", "4:9", "video.batch_size", "unknown key 'batch_size' here; write training.batch"),
        (SMALL + "shuffle: true\n", "4:1", "shuffle", "unknown key 'shuffle' here; in training, write order: shuffled"),
        (SMALL + "weight_decay: 1\n", "4:1", "weight_decay", "unknown key 'weight_decay' here; it belongs under training"),
        (SMALL + "video: {data: 1}\n", "4:9", "video.data", "unknown key 'data' here; write task"),
        (SMALL + "loss: mse\n", "4:1", "loss", "unknown key 'loss' here; it belongs under training"),
        (SMALL + "optimizer: adam\n", "4:1", "optimizer", "unknown key 'optimizer' here; it belongs under training"),
        (SMALL + "steps: 5\n", "4:1", "steps", "unknown key 'steps' here; it belongs under training"),
        (TASK + NETWORK + "training: {steps: 5, optimizer: {kind: adam, lr: 0.01}}\n", "3:46", "training.optimizer.lr", "unknown key 'lr'; write training.learning_rate"),
        (TASK + NETWORK + "training: {steps: 5, optimizer: {kind: sgd, momentum: 0.9}}\n", "3:45", "training.optimizer.momentum", "unknown key 'momentum'; write {kind: momentum, momentum: 0.9}"),
        (TASK + "network: {hidden: [3, 3], activation: [relu, mish, sigmoid]}\n" + TRAINING, "2:46", "network.activation[1]", "there is no activation 'mish'; the nearest is swish"),
        (TASK + NETWORK + "training: {steps: 5, loss: {kind: BCELoss}}\n", "3:35", "training.loss.kind", "there is no loss 'BCELoss'; write binary_cross_entropy"),
    ],
)  # fmt: skip
def test_the_answer_fits_the_place(text: str, place: str, path: str, message: str) -> None:
    problem = only(text)
    assert str(problem) == f"e.yaml:{place}: {path}: {message}"


@pytest.mark.parametrize(
    "text",
    [
        TASK + NETWORK + "training: {iterations: 50}\n",
        TASK + NETWORK + "training: {max_iter: 50}\n",
        TASK + NETWORK + "training: {}\nsteps: 50\n",
        TASK + NETWORK + "steps: 50\n",
        TASK + NETWORK + "train: {steps: 50}\n",
        TASK + "model: {hidden: [3]}\n" + TRAINING,
        TASK + "network: {hidden_layers: [3]}\n" + TRAINING,
        "dataset: {kind: curve, curve: circle}\n" + NETWORK + TRAINING,
        "task: {kind: table, rows: [[0, 1], [1, 0]], columns: [a, b], x: a, targets: b}\n" + NETWORK + TRAINING,
    ],
)
def test_what_stands_there_by_another_name_is_not_missing(text: str) -> None:
    assert only(text).message.startswith("unknown key")


def test_a_typed_word_is_answered_where_it_was_typed() -> None:
    problem = only(SMALL, overrides=["training.lr=0.1"])
    assert str(problem) == "--set training.lr=0.1: training.lr: unknown key 'lr'; write learning_rate"


def test_what_is_near_and_foreign_to_none_is_guessed_as_before() -> None:
    assert "did you mean 'noise'" in only(TASK + NETWORK + "training: {steps: 5, nois: 1}\n").message
    assert len(problems_of(SMALL + "sed: 1\nnetz: 2\n")) == 2
