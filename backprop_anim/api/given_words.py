"""What Python hands over, as the words that a file would have: settings, sizes, paths and numbers of NumPy's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeGuard

from backprop_anim.common import ExperimentError, UsageError
from backprop_anim.config import NoTargetError, Override

__all__ = [
    "as_text",
    "in_words_of_motion",
    "in_words_of_python",
    "is_mapping",
    "kind_of",
    "plain_value",
    "swept_settings",
    "typed_settings",
    "video_settings",
]


def typed_settings(settings: Sequence[str] | Mapping[str, Any], argument: str) -> list[str]:
    """Return settings as they would be typed, ``training.steps=100``; messages call them by the argument's name."""
    if isinstance(settings, str):
        raise UsageError(f"{argument} is a mapping such as {{'training.steps': 100}}, not {kind_of(settings)}")
    if not is_mapping(settings):
        return [Override(str(setting), argument) for setting in settings]
    return [Override(f"{key}={as_text(value)}", argument) for key, value in settings.items()]


def video_settings(video: Mapping[str, Any]) -> list[str]:
    """Return settings of the film, by their names under ``video``, as they would be typed."""
    return [Override(f"video.{key}={_video_text(key, value)}", key) for key, value in video.items()]


def swept_settings(sweep: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return settings with the values that each is to have, as they would be typed."""
    found = list[str]()
    for key, values in sweep.items():
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise UsageError(f"sweep[{key!r}] is a list of values, not {kind_of(values)}")
        found.append(Override(f"{key}={as_text(list(values))}", f"sweep[{key!r}]"))
    return found


@contextmanager
def in_words_of_python() -> Iterator[None]:
    """Let messages of what is read in here speak of arguments, where they would speak of the command's options."""
    try:
        yield
    except NoTargetError as error:
        example = f", as in {{'task.targets': {error.sensible[0]!r}}}" if error.sensible else ""
        table, _, listed = str(error).partition("\n")
        said = f"{table.partition(':')[0]}: say in overrides which of its columns is to be predicted{example}"
        raise UsageError(f"{said}\n{listed}") from None
    except ExperimentError as error:
        said_to = (replace(each, message=each.message.replace("--set ", "")) for each in error.problems)
        raise ExperimentError(*said_to) from None


@contextmanager
def in_words_of_motion() -> Iterator[None]:
    """Let a message about the step that is told name the argument `step`, where the rest is of `motion`."""
    try:
        yield
    except ExperimentError as error:
        said = (replace(each, place="step") if each.path[-1:] == ("step",) else each for each in error.problems)
        raise ExperimentError(*said) from None


def as_text(value: Any) -> str:
    """Return a plain value as YAML's flow style writes it, which JSON is part of."""
    return json.dumps(value, default=plain_value, ensure_ascii=False)


def plain_value(value: Any) -> Any:
    """Return a path, or a number or an array of NumPy's, as JSON has it."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise UsageError(f"a setting is text, a number, true or false, a list or a mapping, not {kind_of(value)}")


def is_mapping(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a value is a mapping, for the type checker too."""
    return isinstance(value, Mapping)


def _video_text(key: str, value: Any) -> str:
    """Return a setting of the film as typed; a size may be a pair of numbers."""
    if key == "size" and isinstance(value, (tuple, list)) and len(value) == len(("width", "height")):
        return as_text("x".join(map(str, value)))
    return as_text(value)


def kind_of(value: object) -> str:
    """Return what was given instead, in a word or two: never the whole value."""
    return repr(value) if isinstance(value, str) and len(value) <= 60 else f"a {type(value).__name__}"
