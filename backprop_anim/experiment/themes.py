"""Colours and line widths of a film; a theme is only numbers, it never draws.

Adding a theme is one registered class here: a subclass whose fields replace the colours it changes.
Widths and font sizes are in points of a frame whose shorter side has 720 of them, or fewer where it is small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Le, Predicate

from backprop_anim.common import Registry
from backprop_anim.experiment.css_colors import CSS_COLORS
from backprop_anim.experiment.value_colors import even_colors

__all__ = ["Color", "Theme", "themes", "with_hex_colors"]


def is_color(text: str) -> bool:
    """Return whether `text` is a colour such as '#d81b60', '#fff' or orange."""
    return text.lower() in CSS_COLORS or re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", text) is not None


def hex_color(color: str) -> str:
    """Return a colour in six digits, such as ``#ffa500`` for orange."""
    text = CSS_COLORS.get(color.lower(), color.lower())
    return text if len(text) == 7 else "#" + "".join(2 * digit for digit in text[1:])


def with_hex_colors(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a theme with every colour in six digits: what panels draw with, and what is compared."""

    def converted(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(converted, value))
        return hex_color(value) if isinstance(value, str) and is_color(value) else value

    return {name: converted(value) for name, value in options.items()}


Color = Annotated[str, Predicate(is_color)]
Width = Annotated[float, Ge(0.1), Le(20)]

VALUE_COLORS = 17
"""Between two of them colours are mixed in equal parts of red, green and blue."""


@dataclass(frozen=True)
class Theme:
    """What every panel takes its looks from.

    Attributes
    ----------
    background, surface : str
        Behind everything; inside empty nodes.
    ink, muted, faint, hairline : str
        Main text; secondary text; what is only a reminder; grid lines.
    accent : str
        The one colour of what is learned now and of the error on its way back.
    target : str
        What should be learned.
    positive, negative : str
        Signs, wherever numbers have them; they differ in lightness as well as in hue, and can be read as text.
    ramp : tuple of str
        Colours from the start of a curve to its end.
    classes : tuple of str
        One colour for each class.
    line : float
        Width of the main line, in points.
    """

    background: Color = "#fcfaf7"
    surface: Color = "#ffffff"
    ink: Color = "#1b2033"
    muted: Color = "#696e82"
    faint: Color = "#b9bcc8"
    hairline: Color = "#e6e4e1"
    accent: Color = "#d81b60"
    target: Color = "#b4b7c3"
    positive: Color = "#1a5296"
    negative: Color = "#be4f2a"
    ramp: tuple[Color, ...] = ("#3b0f9e", "#7a02a8", "#b5367a", "#e8603c", "#fbb32f")
    classes: tuple[Color, ...] = (
        "#d9a514",
        "#d32f4a",
        "#2f74c0",
        "#1b9e77",
        "#7b4fb5",
        "#e07b39",
        "#4f5d75",
        "#a3b18a",
        "#c77dff",
        "#6c584c",
    )
    line: Width = 4.0

    @property
    def has_hues(self) -> bool:
        """Whether signs differ in hue; where not, what is negative must be dashed or striped as well."""
        return any(max(parts) - min(parts) > 24 for parts in map(_parts, (self.positive, self.negative)))

    @property
    def number_colors(self) -> tuple[str, str]:
        """The colours of written numbers below zero and above: without hues, a number's own sign is enough."""
        return (self.negative, self.positive) if self.has_hues else (self.ink, self.ink)

    @property
    def values(self) -> tuple[str, ...]:
        """The colours of amounts from little to much, at equal distances for the eye."""
        ramp = tuple(map(hex_color, self.ramp))
        return even_colors(hex_color(self.background), ramp, hex_color(self.ink), VALUE_COLORS)


def _parts(color: str) -> tuple[int, ...]:
    """Return red, green and blue, from 0 to 255."""
    return tuple(int(hex_color(color)[k : k + 2], 16) for k in (1, 3, 5))


themes: Registry[Theme] = Registry("theme")
"""Every theme, by the word that stands behind ``video.theme``."""


@themes.register("light")
@dataclass(frozen=True)
class Light(Theme):
    """Ink on warm white, for posts and slides."""


@themes.register("dark")
@dataclass(frozen=True)
class Dark(Theme):
    """Light on midnight blue, for dark pages and talks."""

    background: Color = "#0f131d"
    surface: Color = "#141927"
    ink: Color = "#eef0f7"
    muted: Color = "#8b90a5"
    faint: Color = "#4a5066"
    hairline: Color = "#262c3b"
    accent: Color = "#ff5a8a"
    target: Color = "#5d6781"
    positive: Color = "#4a90e8"
    negative: Color = "#f79a70"
    ramp: tuple[Color, ...] = ("#5b2bd9", "#9a2fd0", "#d8508f", "#f58a5c", "#ffcf4a")


@themes.register("paper")
@dataclass(frozen=True)
class Paper(Theme):
    """Black on white, prints well without colour."""

    background: Color = "#ffffff"
    surface: Color = "#ffffff"
    ink: Color = "#000000"
    muted: Color = "#555555"
    faint: Color = "#aaaaaa"
    hairline: Color = "#dddddd"
    accent: Color = "#111111"
    target: Color = "#999999"
    positive: Color = "#111111"
    negative: Color = "#6f6f6f"
    ramp: tuple[Color, ...] = ("#000000", "#2b2b2b", "#555555", "#7d7d7d")
    classes: tuple[Color, ...] = ("#222222", "#888888", "#bbbbbb", "#555555")
