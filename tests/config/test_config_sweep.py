"""One file for many runs: every combination, checked like the file itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.config import read_experiment
from backprop_anim.config.sweep import Variant, read_variants
from backprop_anim.experiment.experiment import as_mapping

BASE = """\
subtitle: All alike
task: {kind: curve, curve: circle, points: 8}
network: {hidden: 3}
training: {steps: 10}
"""


def variants(sweep: str = "", *typed: str) -> tuple[Variant, ...]:
    text = BASE + (f"sweep: {sweep}\n" if sweep else "")
    return read_variants(text, label="here.yaml", name="here", folder=Path(), sweeps=typed)


def test_every_combination_in_the_order_of_the_file() -> None:
    found = variants("{training.aggression: [1, 3], training.noise: [0, 0.5]}")
    chosen = [(each.experiment.training.aggression, each.experiment.training.noise) for each in found]
    assert chosen == [(1, 0), (1, 0.5), (3, 0), (3, 0.5)]
    assert found[1].experiment.name == "here--aggression-1--noise-0.5"
    assert found[1].experiment.subtitle == found[1].label == "aggression 1 · noise 0.5"
    assert found[1].settings == {"aggression": 1, "noise": 0.5}


def test_its_overrides_alone_give_the_same_run() -> None:
    text = BASE + "sweep: {network.hidden: [[2], [4, 4]], training.optimizer: [sgd, {kind: adam, beta1: 0.8}]}\n"
    for each in read_variants(text, label="here.yaml", name="here", folder=Path(), overrides=["seed=5"]):
        again = read_experiment(text, label="here.yaml", name="here", folder=Path(), overrides=each.overrides)
        assert as_mapping(again) == as_mapping(each.experiment)
        assert again.seed == 5


def test_without_a_sweep_there_is_one() -> None:
    (only,) = variants()
    assert (only.experiment.name, only.settings, only.label) == ("here", {}, "")
    assert only.experiment.subtitle == "All alike"


def test_what_is_typed_counts_more() -> None:
    found = variants("{training.noise: [0, 1]}", "training.noise=0.5,0.7", "seed=[1, 2]")
    assert [(each.experiment.training.noise, each.experiment.seed) for each in found] == [
        (0.5, 1),
        (0.5, 2),
        (0.7, 1),
        (0.7, 2),
    ]


def test_names_of_settings_that_end_alike_are_whole() -> None:
    found = variants(
        "{video.theme: [light, dark], training.schedule: [constant, cosine], snapshots.schedule: [log, linear]}"
    )
    assert set(found[0].settings) == {"theme", "training.schedule", "snapshots.schedule"}


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("3", "here.yaml:5:8: sweep: must be a mapping such as"),
        ("{training.noise: 3}", "here.yaml:5:25: sweep.training.noise: must be a list of values, not 3"),
        ("{training.noise: []}", "must be a list of values"),
        ("{training.noise: [1, 1]}", "1 stands there twice"),
        ("{name: [a, b]}", "name cannot be swept: each run is named after its settings"),
        ("{training.nois: [0]}", "here.yaml:5:24: training.nois: unknown key 'nois' (did you mean 'noise'?)"),
        ("{training.noise: [0, -1]}", "here.yaml:5:25: training.noise: must be a number from 0"),
        (
            "{seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], training.steps: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}",
            "11 × 10 are 110 runs",
        ),
    ],
)
def test_a_mistake_has_its_place(sweep: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        variants(sweep)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("network.hidden=[2],[4]", [(2,), (4,)]),
        ("network.hidden=[[2], [4, 4]]", [(2,), (4, 4)]),
        ("network.hidden=2,8,[16,16]", [(2,), (8,), (16, 16)]),
        ("network.hidden=[2, 4]", [(2,), (4,)]),
        ("network.hidden=[2],[4, 4],", [(2,), (4, 4)]),
        ("network.hidden=[2],3", [(2,), (3,)]),
    ],
)
def test_lists_may_be_values(typed: str, values: list[tuple[int, ...]]) -> None:
    assert [each.experiment.network.sizes[1:-1] for each in variants("", typed)] == values


def test_lists_of_names_may_be_values() -> None:
    found = variants("", "network.activation=[relu,sigmoid],[tanh,sigmoid]")
    plain = [as_mapping(each.experiment)["network"]["activation"] for each in found]
    assert plain == [["relu", "sigmoid"], ["tanh", "sigmoid"]]


@pytest.mark.parametrize("written", ["", ", aggression: 7", ", learning_rate: 7", ", aggression: 7, learning_rate: 7"])
@pytest.mark.parametrize("word", ["aggression", "learning_rate"])
def test_either_word_for_the_learning_rate_takes_the_place_of_both(written: str, word: str) -> None:
    text = BASE.replace("steps: 10", f"steps: 10{written}")
    found = read_variants(text, label="here", name="here", folder=Path(), sweeps=[f"training.{word}=1,2"])
    assert [(each.experiment.training.aggression, each.label) for each in found] == [(1, f"{word} 1"), (2, f"{word} 2")]


def test_a_typed_sweep_takes_the_place_of_the_same_by_another_word() -> None:
    found = variants("{training.aggression: [5, 6], seed: [1, 2]}", "training.learning_rate=1,2")
    assert [(each.experiment.training.aggression, each.experiment.seed) for each in found] == [
        *((1, 1), (2, 1), (1, 2), (2, 2))
    ]


def test_two_words_for_one_setting_are_not_swept_together() -> None:
    said = "aggression and learning_rate say the same; sweep one of them"
    with pytest.raises(UsageError, match=f"--sweep training.learning_rate=3,4: {said}"):
        variants("", "training.aggression=1,2", "training.learning_rate=3,4")
    with pytest.raises(ExperimentError, match=r"here\.yaml:5:62: sweep\.training\.learning_rate: " + said):
        variants("{training.aggression: [1, 2], training.learning_rate: [3, 4]}")


@pytest.mark.parametrize("word", ["aggression", "learning_rate"])
def test_a_mistake_in_the_learning_rate_goes_by_the_word_that_was_written(word: str) -> None:
    with pytest.raises(ExperimentError, match=rf"^--sweep training\.{word}=-1,1: training\.{word}: must be a number"):
        variants("", f"training.{word}=-1,1")


def test_one_number_is_not_swept_twice_by_two_spellings() -> None:
    with pytest.raises(UsageError, match=r"10 stands there twice"):
        variants("", "training.steps=10,1e1")


def test_the_mistakes_of_all_combinations_are_said_once() -> None:
    with pytest.raises(ExperimentError) as caught:
        variants("{training.noise: [-1, x], training.steps: [5, 6]}")
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("typed", ["training.noise", "=1", "training.noise=", "training.noise=[1", "name=a,b"])
def test_a_malformed_option_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="--sweep"):
        variants("", typed)


def test_a_wrong_value_that_was_typed_names_the_option() -> None:
    with pytest.raises(ExperimentError, match=r"^--sweep training\.noise=0,x: training\.noise: must be a number"):
        variants("", "training.noise=0,x")


def test_a_single_run_of_such_a_file_says_what_to_do() -> None:
    with pytest.raises(ExperimentError, match=r"here\.yaml:5:1: sweep: this file means several runs: make them with"):
        read_experiment(BASE + "sweep: {seed: [1, 2]}\n", label="here.yaml", name="here", folder=Path())
