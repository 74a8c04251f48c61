"""The seeds of an experiment: one for all, or some apart that stand with what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backprop_anim.config.file_schema import MAX_SEED, FileKeys, NetworkKeys
from backprop_anim.config.message_text import format_value
from backprop_anim.config.problems import Problems
from backprop_anim.config.yaml_nodes import Path
from backprop_anim.experiment import Seeds

__all__ = ["seeds_apart"]


def seeds_apart(keys: FileKeys, problems: Problems) -> tuple[Any, Any, Seeds]:
    """Return the task and the first weights as they were given, without their seeds, and these seeds."""
    task, of_task = _parted(keys.task, ("task",), problems)
    init, of_init = _parted(keys.network.init, ("network", "init"), problems)
    if init == {}:  # the seed alone was given
        init = NetworkKeys.model_fields["init"].default
    return task, init, Seeds(of_task, of_init, keys.training.seed)


def _parted(given: Any, path: Path, problems: Problems) -> tuple[Any, int | None]:
    if not isinstance(given, Mapping) or "seed" not in given:
        return given, None
    rest, seed = {key: value for key, value in given.items() if key != "seed"}, given["seed"]
    if isinstance(seed, float) and seed.is_integer():
        seed = int(seed)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MAX_SEED:
        problems.add((*path, "seed"), f"must be a whole number from 0 to {MAX_SEED:,}, not {format_value(seed)}")
        return rest, None
    return rest, seed
