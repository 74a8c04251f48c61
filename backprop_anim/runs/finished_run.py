"""What a finished run's folder holds to be shown elsewhere: words and names of files; it reads no recording."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backprop_anim.common import BackpropAnimError, NotFoundError, RecordingError, counted, is_file
from backprop_anim.config import MAX_BYTES, read_yaml, title_from
from backprop_anim.runs.run_files import EXPERIMENT, RECORDING, SUMMARY, read_summary

__all__ = ["FinishedRun", "read_finished"]

VIDEOS = {".webm": "video/webm", ".mp4": "video/mp4"}
"""In the order in which a browser should try them: where it can play both, the one without patents."""
ANIMATIONS = (".gif", ".webp")
POSTER = ".png"
WEB_PAGE = ".html"


@dataclass(frozen=True)
class FinishedRun:
    """A run as others may show it.

    Attributes
    ----------
    folder : Path
    name, title, subtitle : str
        The last two as written in the experiment: any text at all.
    steps : int
    final_loss : float
    width_px, height_px : int
        Size of a frame.
    files : tuple of str
        The names of its files that are there, the films first.
    settings : mapping
        The experiment's keys as plain data.
    n_runs : int
        How many runs it shows; `steps` is the most of them, and `final_loss` the least.
    diverged_at : int or None
        The step at which its loss left the numbers.
    """

    folder: Path
    name: str
    title: str
    subtitle: str
    steps: int
    final_loss: float
    width_px: int
    height_px: int
    files: tuple[str, ...]
    settings: Mapping[str, Any]
    n_runs: int = 1
    diverged_at: int | None = None

    @property
    def videos(self) -> dict[str, str]:
        """Its videos by name, each with its media type."""
        found = {kind: self.file_named(suffix) for suffix, kind in VIDEOS.items()}
        return {name: kind for kind, name in found.items() if name}

    @property
    def animation(self) -> str | None:
        """The moving picture, a GIF or else a WebP."""
        return next(filter(None, map(self.file_named, ANIMATIONS)), None)

    @property
    def poster(self) -> str | None:
        """The last frame as a picture."""
        return self.file_named(POSTER)

    @property
    def page(self) -> str | None:
        """The page that plays it."""
        return self.file_named(WEB_PAGE)

    def file_named(self, suffix: str) -> str | None:
        """Return the name of its film or picture of one kind, if that is there."""
        return next((name for name in self.files if name == self.name + suffix), None)

    @property
    def loss_text(self) -> str:
        """The final loss in three digits, as 0.0770."""
        if 1e3 <= self.final_loss < 1e6:
            return f"{self.final_loss:,.0f}"
        return f"{self.final_loss:#.3g}".rstrip(".")

    @property
    def loss_words(self) -> str:
        """What `loss_text` is, and how the run ended."""
        ended = "" if self.diverged_at is None else f", diverged at step {self.diverged_at:,}"
        return f"loss after {counted(self.steps, 'step')}{ended}"

    @property
    def alt(self) -> str:
        """What is seen, in a few sentences."""
        said = [" ".join(text.split()) for text in (self.title, self.subtitle)]
        end = f"Final loss {self.loss_text} after {counted(self.steps, 'step')}."
        if self.diverged_at is not None:
            end = f"The training diverged at step {self.diverged_at:,}."
        if self.n_runs > 1:
            end = f"{self.n_runs} runs side by side; the least final loss is {self.loss_text}, at step {self.steps:,}."
        return " ".join([*(_sentence(text) for text in said if text), end])


def read_finished(folder: Path) -> FinishedRun:
    """Read what the folder of a finished run says of it.

    Files that its summary does not name were left by an earlier run, and are left out; but not a page that is no older
    than the recording, which was made of it since.

    Raises
    ------
    NotFoundError
        If there is no finished run.
    RecordingError
        If what is there is damaged.
    """
    summary = read_summary(folder)
    runs = summary.get("runs")
    n_runs = len(runs) if isinstance(runs, list) and not is_file(folder / EXPERIMENT) else 1
    told = {key: summary[key] for key in ("title", "subtitle") if isinstance(summary.get(key), str)}
    settings = told if n_runs > 1 else _settings(folder / EXPERIMENT)
    try:
        name, final_loss = _text(summary["name"]), float(summary["final_loss"])
        steps, width_px, height_px = (_count(summary[key]) for key in ("steps", "width", "height"))
        named = [_text(each) for each in summary["files"]]
        diverged_at = None if summary.get("diverged_at") is None else _count(summary["diverged_at"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RecordingError(f"{folder / SUMMARY} is not a run's summary ({type(error).__name__}: {error})") from None
    if not math.isfinite(final_loss):
        raise RecordingError(f"{folder / SUMMARY} is not a run's summary (the final loss is not finite)")
    if _page_made_since(folder, name + WEB_PAGE) and name + WEB_PAGE not in named:
        named.append(name + WEB_PAGE)
    return FinishedRun(
        folder=folder,
        name=name,
        title=str(settings.get("title") or title_from(name)),
        subtitle=str(settings.get("subtitle") or ""),
        steps=steps,
        final_loss=final_loss,
        width_px=width_px,
        height_px=height_px,
        files=tuple(each for each in named if Path(each).name == each and is_file(folder / each)),
        settings=settings,
        n_runs=n_runs,
        diverged_at=diverged_at,
    )


def _page_made_since(folder: Path, name: str) -> bool:
    """Return whether there is a page of that name that is no older than the recording beside it."""
    try:
        return (folder / name).stat().st_mtime_ns >= (folder / RECORDING).stat().st_mtime_ns
    except (OSError, ValueError):
        return False


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _settings(path: Path) -> dict[str, Any]:
    """Return the keys of an experiment file as plain data, unchecked: what was run is shown, whatever it is."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"no finished run in {path.parent}: {path.name}: {error.strerror or error}") from None
    try:
        return dict(read_yaml(content, str(path))[0].value)
    except BackpropAnimError as error:
        raise RecordingError(str(error)) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value
