"""What Python hands over, as the words that a file would have: settings, sizes, paths and numbers of NumPy's."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from backprop_anim.common import UsageError

__all__ = ["as_text", "is_mapping", "kind_of", "plain_value", "typed_settings", "video_settings"]


def typed_settings(settings: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """Return settings as they would be typed: ``training.steps=100``."""
    if not is_mapping(settings):
        return list(settings)
    return [f"{key}={as_text(value)}" for key, value in settings.items()]


def video_settings(video: Mapping[str, Any]) -> list[str]:
    """Return settings of the film, by their names under ``video``, as they would be typed."""
    return [f"video.{key}={_video_text(key, value)}" for key, value in video.items()]


def as_text(value: Any) -> str:
    """Return a plain value as YAML's flow style writes it, which JSON is part of."""
    return value if isinstance(value, str) else json.dumps(value, default=plain_value, ensure_ascii=False)


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
        return "x".join(map(str, value))
    return as_text(value)


def kind_of(value: object) -> str:
    """Return what was given instead, in a word or two: never the whole value."""
    return repr(value) if isinstance(value, str) and len(value) <= 60 else f"a {type(value).__name__}"
