"""Films, pictures and pages that were made: in a notebook each shows itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from backprop_anim.runs import Summary

__all__ = ["PICTURES", "PLAYABLE", "Compared", "Page", "Rendered", "Still"]

PLAYABLE = {".mp4": "video/mp4", ".webm": "video/webm"}
PICTURES = {".gif": "image/gif", ".webp": "image/webp", ".png": "image/png"}
DRAWINGS = {".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Rendered:
    """The files of a film; in a notebook it shows itself.

    Attributes
    ----------
    summary : Summary
    """

    summary: Summary

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that was written."""
        return self.summary.files

    @property
    def film(self) -> Path:
        """The first film, or the poster where there is none."""
        return self.summary.pictures[0]

    def __repr__(self) -> str:
        """Say where the film is: a prompt that shows the result should not show every number of the run."""
        return f"Rendered({', '.join(map(str, self.summary.pictures))})"

    def _repr_html_(self) -> str:
        return _shown(self.film, self.summary.experiment.title)


@dataclass(frozen=True)
class Compared:
    """The files of a comparison; in a notebook its film shows itself.

    Attributes
    ----------
    files : tuple of Path
        The films and pictures, then the table and the summary.
    told : mapping
        What ``summary.json`` holds: the runs with their losses among it.
    notes : tuple of str
        What a user should know.
    """

    files: tuple[Path, ...]
    told: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def film(self) -> Path:
        """The first film, or the picture where there is none."""
        return self.files[0]

    def __repr__(self) -> str:
        """Say where the film is, and of how many runs."""
        return f"Compared({self.film}: {len(self.told['runs'])} runs)"

    def _repr_html_(self) -> str:
        return _shown(self.film, str(self.told["title"]))


@dataclass(frozen=True)
class Page:
    """A page that was written; in a notebook it shows itself, in a frame of its own.

    Attributes
    ----------
    path : Path
    notes : tuple of str
        What had to be left out.
    """

    path: Path
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say where the page is."""
        return f"Page({self.path})"

    def _repr_html_(self) -> str:
        text = escape(self.path.read_text(encoding="utf-8"), quote=True)
        looks = f'style="width:100%;height:860px;border:0" title="{escape(self.path.stem)}"'
        return f'<iframe srcdoc="{text}" {looks} sandbox="allow-scripts allow-downloads"></iframe>'


@dataclass(frozen=True)
class Still:
    """A picture of one step; in a notebook it shows itself.

    Attributes
    ----------
    path : Path
    step : int
        The step that it shows.
    """

    path: Path
    step: int

    def __repr__(self) -> str:
        """Say where the picture is, and what it shows."""
        return f"Still({self.path}: step {self.step:,})"

    def _repr_html_(self) -> str:
        title = f"step {self.step}"
        if self.path.suffix.lower() != ".pdf":
            return _shown(self.path, title)
        source = f"data:application/pdf;base64,{base64.b64encode(self.path.read_bytes()).decode()}"
        return f'<embed src="{source}" type="application/pdf" title="{title}" style="width:100%;height:600px">'


def _shown(path: Path, title: str) -> str:
    """Return the HTML of a film or a picture that stands in it whole."""
    data, title = base64.b64encode(path.read_bytes()).decode(), escape(title)
    if path.suffix in PLAYABLE:
        source = f'src="data:{PLAYABLE[path.suffix]};base64,{data}"'
        how = "controls autoplay muted loop playsinline"
        return f'<video {source} title="{title}" {how} style="max-width:100%"></video>'
    kind = (PICTURES | DRAWINGS)[path.suffix.lower()]
    return f'<img src="data:{kind};base64,{data}" alt="{title}" style="max-width:100%">'
