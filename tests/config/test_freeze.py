"""Arrays that training holds still: what may be named, and where a wrong name is."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import experiment

from backprop_anim.common.errors import ExperimentError
from backprop_anim.config import read_experiment
from backprop_anim.experiment import as_mapping

TEXT = """
task: {kind: points, shape: fruit}
network: {hidden: 4, bias: BIAS, freeze: FREEZE}
training: {steps: 4}
"""


@pytest.mark.parametrize(
    ("freeze", "bias", "said"),
    [
        (
            "[w2]",
            "true",
            r"e:3:\d+: network.freeze\[0\]: there is no array 'w2' \(did you mean 'W2'\?\); this",
        ),
        ("[W1, b3]", "true", r"e:3:\d+: network.freeze\[1\]: there is no array 'b3'"),
        ("[b1]", "false", "this network has W1 and W2"),
        ("[W1, W2]", "false", "names every array: nothing is left to train"),
        ("W1", "true", r"must be a list of arrays such as \[b1, W2\]"),
    ],
)
def test_what_cannot_be_held_still_is_a_mistake_in_the_file(freeze: str, bias: str, said: str) -> None:
    text = TEXT.replace("BIAS", bias).replace("FREEZE", freeze)
    with pytest.raises(ExperimentError, match=said):
        read_experiment(text, label="e", name="e", folder=Path())


def test_it_is_kept_in_the_networks_order_and_unsaid_where_nothing_is() -> None:
    some, none = (experiment(TEXT.replace("BIAS", "true").replace("FREEZE", each)) for each in ("[b2, W1]", "[]"))
    assert as_mapping(some)["network"]["freeze"] == ["W1", "b2"]
    assert "freeze" not in as_mapping(none)["network"]
