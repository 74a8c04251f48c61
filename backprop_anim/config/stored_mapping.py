"""Stored keys and values, such as JSON gives, in the plain form that a file is read into; nothing is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backprop_anim.common import ExperimentError, Problem
from backprop_anim.config.yaml_composer import MAX_DEPTH, MAX_VALUES
from backprop_anim.config.yaml_scalars import LONE_SURROGATE, has_lone_surrogates

__all__ = ["plain_mapping"]

MAX_STORED_VALUES = 10 * MAX_VALUES
"""A recording may hold lists that a file would have had in short."""


def plain_mapping(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return `mapping` with tuples for lists.

    Raises
    ------
    ExperimentError
        If it is too deep or too large, or holds what no file can hold.
    """
    if not isinstance(mapping, Mapping):
        raise ExperimentError(Problem((), "the stored experiment is not a mapping"))
    left = [MAX_STORED_VALUES]
    return {str(key): _plain(value, left, 1) for key, value in mapping.items()}


def _plain(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        raise ExperimentError(Problem((), "the stored experiment is nested too deeply or too large"))
    if isinstance(value, Mapping):
        return {str(key): _plain(item, left, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item, left, depth + 1) for item in value)
    if isinstance(value, str) and has_lone_surrogates(value):
        raise ExperimentError(Problem((), f"the stored experiment {LONE_SURROGATE}"))
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise ExperimentError(Problem((), f"the stored experiment holds a {type(value).__name__}"))
