"""Whatever is in a file, there is an Experiment or an ExperimentError, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from config_helpers import MOONS, SERIES, SMALL, XOR, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_anim.common.errors import ExperimentError, UsageError
from backprop_anim.config import experiment_from_mapping
from backprop_anim.config.file_keys import sections
from backprop_anim.experiment.experiment import as_mapping

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BASES = (SMALL, XOR, MOONS, SERIES)
DATASET = read(SMALL).dataset
FULL = as_mapping(read(SMALL))

SIGNS = "[]{}:,-?&*!|>'\"\\#%@`\n\t\r "
WORDS = [
    *(": ", "- ", "? ", "&a ", "*a", "!!str ", "<<", "~", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "\\x", "kind"),
    *(".nan", "1e999", "null", "0x", "9" * 200, "\ud800", "\u2028", "\ufeff", "é", "😀"),
]
fragments = st.sampled_from([*SIGNS, *WORDS])
texts = st.lists(fragments | st.text(max_size=5), max_size=40).map("".join)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["auto", "full", "adam", "softmax", "1x1", "99999x99999", "table", "points", "file", "every", "\ud800"]
    )
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
paths = st.sampled_from([(*path, key) for path, model in sections().items() for key in model.model_fields])


def attempt(action: Callable[[], object]) -> None:
    """Run `action`: it may refuse what it was given, soon and in words, and nothing else."""
    start, said = time.process_time(), "fine"
    try:
        action()
    except (ExperimentError, UsageError) as error:
        said = str(error)
    assert said
    assert time.process_time() - start < 1


@SETTINGS
@given(texts)
def test_any_text(text: str) -> None:
    attempt(lambda: read(text))


@SETTINGS
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    attempt(lambda: read(data))


@SETTINGS
@given(st.sampled_from(BASES), st.integers(0, 400), st.integers(0, 6), texts)
def test_any_damage(text: str, at: int, cut: int, inserted: str) -> None:
    attempt(lambda: read(text[:at] + inserted + text[at + cut :]))


@SETTINGS
@given(paths, values, st.booleans())
def test_any_value_for_any_key(path: tuple[str, ...], value: Any, beside: bool) -> None:
    mapping: dict[str, Any] = {key: dict(item) if isinstance(item, dict) else item for key, item in FULL.items()}
    *sections_above, key = path
    target = mapping.setdefault(sections_above[0], {}) if sections_above else mapping
    target[key] = value
    if beside and isinstance(value, dict):
        value["kind"] = "normal"
    attempt(lambda: experiment_from_mapping(mapping, DATASET))


@SETTINGS
@given(st.sampled_from(["training.noise", "task", "network.layers", "a.b", "video.panels", "x"]), texts)
def test_any_override(key: str, typed: str) -> None:
    attempt(lambda: read(SMALL, [f"{key}={typed}"]))
