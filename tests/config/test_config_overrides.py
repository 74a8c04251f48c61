"""``--set key.path=value``: as if the file had said so, with a place of its own."""

from __future__ import annotations

import pytest
from config_helpers import NETWORK, SMALL, TASK, XOR, only, problems_of, read

from backprop_anim.common.errors import UsageError
from backprop_anim.experiment.experiment import as_mapping
from backprop_anim.experiment.snapshot_schedules import (
    EqualMotionSnapshots,
    EverySnapshots,
    LinearSnapshots,
    PowerSnapshots,
)


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("training.noise=0.5", ("training", "noise"), 0.5),
        ("training.noise = 0.5", ("training", "noise"), 0.5),
        ("training.steps=7", ("training", "steps"), 7),
        ("seed=0", ("seed",), 0),
        ("title=One = two: three", None, None),
        ("title='1: 2'", ("title",), "1: 2"),
        ("subtitle=", ("subtitle",), ""),
        ("name=other", ("name",), "other"),
        ("network.hidden=[4, 5]", ("network", "layers"), [1, 4, 5, 2]),
        ("network.layers=[1, 9, 2]", ("network", "layers"), [1, 9, 2]),
        ("video.formats=[png]", ("video", "formats"), ["png"]),
        ("video.theme.ink='#000000'", ("video", "theme"), {"kind": "light", "ink": "#000000"}),
        ("training.optimizer=adam", ("training", "optimizer", "kind"), "adam"),
        ("training.optimizer.beta1=0.5", ("training", "optimizer", "beta1"), 0.5),
        ("training.optimizer={kind: momentum, momentum: 0.5}", ("training", "optimizer", "momentum"), 0.5),
        ("video.format_options.gif.fps=10", ("video", "format_options", "gif", "fps"), 10),
    ],
)
def test_a_value_takes_the_place_of_the_files(override: str, path: tuple[str, ...] | None, value: object) -> None:
    text = TASK + NETWORK + "training: {steps: 50, optimizer: adam}\nvideo: {theme: light}\n"
    if path is None:
        with pytest.raises(UsageError, match="scalar or flow collection"):
            read(text, [override])
        return
    found = as_mapping(read(text, [override]))
    for key in path:
        found = found[key]
    assert found == value


@pytest.mark.parametrize("written", ["aggression", "learning_rate"])
@pytest.mark.parametrize("typed", ["aggression", "learning_rate"])
def test_either_word_for_the_learning_rate_replaces_both(written: str, typed: str) -> None:
    text = TASK + NETWORK + f"training: {{steps: 50, {written}: 7}}\n"
    assert read(text, [f"training.{typed}=3"]).training.aggression == 3.0
    both = text.replace("7}", "7, aggression: 5}" if written == "learning_rate" else "7, learning_rate: 5}")
    assert read(both, [f"training.{typed}=3"]).training.aggression == 3.0
    assert only(text.replace("7}", "-7}")).path == ("training", written)
    assert only(text, overrides=[f"training.{typed}=0"]).path == ("training", typed)


@pytest.mark.parametrize(
    ("written", "override", "schedule"),
    [
        ("{count: 9, schedule: linear}", "snapshots.every=5", EverySnapshots(5)),
        ("{every: 5}", "snapshots.count=9", EqualMotionSnapshots(9)),
        ("{every: 5}", "snapshots.schedule=linear", LinearSnapshots(300)),
        ("{count: 9, schedule: power}", "snapshots.schedule.exponent=3", PowerSnapshots(9, 3.0)),
        ("{count: 9, schedule: power}", "snapshots.count=8", PowerSnapshots(8)),
    ],
)
def test_snapshots_can_be_set_in_another_way(written: str, override: str, schedule: object) -> None:
    assert read(SMALL + f"snapshots: {written}\n", [override]).snapshots == schedule


def test_the_last_of_several_counts() -> None:
    assert read(SMALL, ["seed=3", "seed=4"]).seed == 4


@pytest.mark.parametrize(
    ("override", "path", "words"),
    [
        ("training.noise=-1", ("training", "noise"), "a number from 0 to 1,000, not -1"),
        ("training.nois=1", ("training", "nois"), "did you mean 'noise'"),
        ("network.layers=[1, 3, 3]", ("network", "layers", 2), "needs 2 outputs"),
        ("video.size=801x600", ("video", "size"), "800x600"),
        ("training.steps=", ("training", "steps"), "not the text ''"),
        ("training.steps=~", ("training", "steps"), "has no value"),
        ("training.optimizer.beta1=.5", ("training", "optimizer"), "needs a kind"),
        ("network=3", ("network",), "must be a mapping"),
    ],
)
def test_mistakes_are_found_where_they_were_typed(override: str, path: tuple[str, ...], words: str) -> None:
    problem = only(SMALL, overrides=[override])
    assert problem.place == f"--set {override}"
    assert problem.path == path
    assert words in problem.message


def test_mistakes_of_the_file_stand_before_those_of_the_command() -> None:
    problems = problems_of(SMALL + "sed: 1\n", overrides=["video.fps=0", "training.noise=-1"])
    assert [problem.place for problem in problems] == [
        *("e.yaml:4:1", "--set video.fps=0", "--set training.noise=-1"),
    ]


def test_a_mistake_in_the_file_can_be_set_right() -> None:
    assert read(TASK + NETWORK + "training: {steps: 20k}\n", ["training.steps=20"]).training.steps == 20
    assert read(TASK + NETWORK, ["training.steps=20"]).training.steps == 20


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("training.noise", "--set needs key.path=value"),
        ("=3", "--set needs key.path=value"),
        ("training..noise=3", "--set needs key.path=value"),
        ("", "--set needs key.path=value"),
        ("training.noise=[1", "scalar or flow collection"),
        ("training.noise=a: 1", "scalar or flow collection"),
        ("training.noise=- 1", "scalar or flow collection"),
        ("training.noise=!!float 3", "scalar or flow collection"),
        ("training.steps.x=3", "training.steps is a single value"),
        ("task.rows.0=3", "task.rows is a list; set it as a whole: --set task.rows=[…]"),
        ("title=" + "[" * 10_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_meant(override: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(XOR, [override])
    assert words in str(caught.value)
