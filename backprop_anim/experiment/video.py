"""How the film of an experiment looks and what it stops at; the words for it are read elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from backprop_anim.experiment.font_choice import FontChoice
from backprop_anim.experiment.video_events import Caption, SlowMotion

__all__ = ["Quality", "Video"]

Quality = Literal["draft", "standard", "high"]


@dataclass(frozen=True)
class Video:
    """How the film looks; names here are checked words, looked up by the rooms that draw and write.

    Attributes
    ----------
    formats : tuple of str
    width_px, height_px, fps : int
    theme : str
    theme_options : mapping
        Colours and the like that replace the theme's own, by its names for them.
    hold_s : float
        Seconds on the last frame.
    seconds : float or None
        Length of the training part; None gives each snapshot one frame.
    intro_s : float
        Seconds of a card with the title before the first frame; 0 for none.
    opening_s : float
        Seconds for which the first state is held.
    slow_motion : tuple of SlowMotion
    captions : tuple of Caption
    milestones : bool
        Whether the film says when the loss halves, and the like.
    quality : {"draft", "standard", "high"}
    panels : tuple of tuple of str, or None
        Rows of panel names; None means a layout that suits the task and the shape of the frame.
    panel_options, format_options : mapping of str to mapping
        Options by the name of the panel or the format.
    font : FontChoice, optional
        The typeface of all text, where it is not the film's own.
    """

    formats: tuple[str, ...]
    width_px: int
    height_px: int
    fps: int
    theme: str
    theme_options: Mapping[str, Any]
    hold_s: float
    seconds: float | None
    quality: Quality
    panels: tuple[tuple[str, ...], ...] | None
    panel_options: Mapping[str, Mapping[str, Any]]
    format_options: Mapping[str, Mapping[str, Any]]
    intro_s: float = 0.0
    opening_s: float = 1.0
    slow_motion: tuple[SlowMotion, ...] = ()
    captions: tuple[Caption, ...] = ()
    milestones: bool = True
    font: FontChoice | None = None
