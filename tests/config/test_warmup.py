"""A schedule inside of another: made, kept, written and refused as every part is."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import experiment

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import dump_experiment, read_experiment
from backprop_anim.engine import learning_rate_schedules
from backprop_anim.experiment import as_mapping
from backprop_anim.webpage.page_data import _part

TEXT = """
task: {kind: points, shape: fruit}
network: {hidden: 4}
training: {steps: 40, schedule: {kind: warmup, steps: 10, WORDS}}
"""


def test_the_schedule_after_it_is_a_part_like_any_other() -> None:
    given = experiment(TEXT.replace("WORDS", "then: {kind: cosine, final: 0.2}"))
    assert given.training.schedule == learning_rate_schedules["warmup"](  # type: ignore[call-arg]
        steps=10, then=learning_rate_schedules["cosine"](final=0.2)
    )
    kept = as_mapping(given)["training"]["schedule"]
    assert kept == {"kind": "warmup", "steps": 10, "start": 1 / 3, "then": {"kind": "cosine", "final": 0.2}}
    assert _part(learning_rate_schedules, given.training.schedule) == kept
    again = read_experiment(dump_experiment(given), label="e", name="e", folder=Path())
    assert as_mapping(again) == as_mapping(given)
    assert experiment(TEXT.replace("WORDS", "then: linear")).training.schedule.factors(40)[-1] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("then: cosin", r"e:4:\d+: training.schedule.then: there is no schedule 'cosin' \(did you mean 'cosine'\?\)"),
        ("then: {kind: cosine, final: 2}", r"e:4:\d+: training.schedule.then.final: must be a number"),
        ("then: 3", r"training.schedule.then: must be the name of a schedule"),
        ("start: 0", r"training.schedule.start: must be"),
        ("after: cosine", "unknown key 'after'; write then"),
    ],
)
def test_what_is_wrong_in_it_has_its_place(words: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        read_experiment(TEXT.replace("WORDS", words), label="e", name="e", folder=Path())
