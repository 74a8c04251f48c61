"""The Python library: load an experiment, train it, render it; nothing here is needed by the command line."""

from __future__ import annotations

import base64
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, TypeGuard

from backprop_anim.common import Progress, UsageError, silent
from backprop_anim.config import find_config, read_experiment
from backprop_anim.config import load_experiment as read_experiment_file
from backprop_anim.experiment import Experiment
from backprop_anim.runs import RunOptions, Summary, draw_page, draw_run, revised
from backprop_anim.training import Recording, divergence
from backprop_anim.training import train as train_network

__all__ = ["Page", "Rendered", "load_experiment", "page", "render", "train"]

PLAYABLE = {".mp4": "video/mp4", ".webm": "video/webm"}
PICTURES = {".gif": "image/gif", ".webp": "image/webp", ".png": "image/png"}


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
        data = base64.b64encode(self.film.read_bytes()).decode()
        title, suffix = escape(self.summary.experiment.title), self.film.suffix
        if suffix in PLAYABLE:
            source = f'src="data:{PLAYABLE[suffix]};base64,{data}"'
            how = "controls autoplay muted loop playsinline"
            return f'<video {source} title="{title}" {how} style="max-width:100%"></video>'
        return f'<img src="data:{PICTURES[suffix]};base64,{data}" alt="{title}" style="max-width:100%">'


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

    def _repr_html_(self) -> str:
        text = escape(self.path.read_text(encoding="utf-8"), quote=True)
        looks = f'style="width:100%;height:860px;border:0" title="{escape(self.path.stem)}"'
        return f'<iframe srcdoc="{text}" {looks} sandbox="allow-scripts allow-downloads"></iframe>'


def page(recording: Recording, path: Path | str | None = None, settings: Sequence[str] = ()) -> Page:
    """Write the page of a recording: one file that plays it, tells its steps and trains on.

    Parameters
    ----------
    recording : Recording
        From `train`.
    path : path, optional
        The file, or a folder for it; ``outputs/<name>/<name>.html`` by default.
    settings : sequence of str, optional
        Settings of the page and its film: ``["page.theme=dark"]``.

    Raises
    ------
    UsageError
        If `recording` is none.
    ExperimentError
        If a setting is not valid.
    """
    if not isinstance(recording, Recording):
        raise UsageError(f"page takes a recording, as train returns it, not {_kind(recording)}")
    recording = revised(recording, settings)
    target = Path("outputs") / recording.experiment.name if path is None else Path(path)
    if target.suffix != ".html":
        target = target / f"{recording.experiment.name}.html"
    written, notes = draw_page(recording, target.parent, target.name)
    return Page(written, tuple(notes))


def load_experiment(
    source: Path | str | Mapping[str, Any], overrides: Sequence[str] | Mapping[str, Any] = ()
) -> Experiment:
    """Read an experiment.

    Parameters
    ----------
    source : path, str or mapping
        A YAML file, the name of a built-in example or of a file under ``configs``, or what would stand in such a file;
        the paths in a mapping start from the present folder.
    overrides : mapping or sequence of str, optional
        Settings that take the place of what the file says: ``{"training.steps": 100}`` or ``["training.steps=100"]``.

    Raises
    ------
    UsageError
        If `source` is none of these.
    NotFoundError
        If there is no such file or example.
    ExperimentError
        With every mistake in it.
    """
    typed = [f"{key}={_as_yaml(value)}" for key, value in overrides.items()] if _is_mapping(overrides) else overrides
    if _is_mapping(source):
        text = json.dumps(source, default=_plain, ensure_ascii=False)
        name = str(source.get("name", "experiment"))
        return read_experiment(text, label="the mapping", name=name, folder=Path.cwd(), overrides=list(typed))
    if not isinstance(source, (str, os.PathLike)):
        raise UsageError(
            f"load_experiment takes the path of a YAML file, the name of an example or a mapping, not {_kind(source)}"
        )
    return read_experiment_file(find_config(os.fspath(source)).path, list(typed))


def train(experiment: Experiment | Path | str | Mapping[str, Any], progress: Progress = silent) -> Recording:
    """Train the network of an experiment.

    Parameters
    ----------
    experiment : Experiment, path, str or mapping
        From `load_experiment`, or what that takes.
    progress : Progress, optional
        Called with the stage, what is done and what there is.

    Returns
    -------
    Recording
        Of a run that diverged, what came before; a warning says so, and `diverged_at` names the step.

    Raises
    ------
    UsageError
        If `experiment` is something else.
    NotFoundError, ExperimentError
        As `load_experiment` raises them.
    """
    if not isinstance(experiment, Experiment):
        if not _is_mapping(experiment) and not isinstance(experiment, (str, os.PathLike)):
            raise UsageError(f"train takes an experiment, as load_experiment returns it, not {_kind(experiment)}")
        experiment = load_experiment(experiment)
    recording = train_network(experiment, progress)
    if recording.diverged_at is not None:
        warnings.warn(divergence(experiment, recording.diverged_at), stacklevel=2)
    return recording


def render(
    recording: Recording,
    folder: Path | str | None = None,
    settings: Sequence[str] = (),
    progress: Progress = silent,
    **video: Any,
) -> Rendered:
    """Draw a recording and write its films, weights, losses and summary.

    Parameters
    ----------
    recording : Recording
        From `train`.
    folder : path, optional
        Where the files go; ``outputs/<name>`` by default.
    settings : sequence of str, optional
        Any settings of the film, as for ``--set``: ``["video.panel_options={loss: {scale: linear}}"]``.
    progress : Progress, optional
        Called with the stage, what is done and what there is.
    **video
        Settings of the film by their names under ``video``: ``theme="dark"``, ``formats=["mp4"]``.

    Returns
    -------
    Rendered
        Shows the film in a notebook.

    Raises
    ------
    UsageError
        If `recording` is none, or `folder` is the name of a film.
    ExperimentError
        If a setting is not valid.
    """
    named = [f"video.{key}={_video_text(key, value)}" for key, value in video.items()]
    if not isinstance(recording, Recording):
        raise UsageError(f"render takes a recording, as train returns it, not {_kind(recording)}")
    recording = revised(recording, [*settings, *named])
    target = Path("outputs") / recording.experiment.name if folder is None else Path(folder)
    if target.suffix in PLAYABLE | PICTURES:
        raise UsageError(f"{target} is a file's name; give a folder, and formats=[{target.suffix[1:]!r}] for just that")
    return Rendered(draw_run(recording, target, Path(), RunOptions(progress=progress)))


def _as_yaml(value: Any) -> str:
    """Return a plain value as YAML's flow style writes it, which JSON is part of."""
    return value if isinstance(value, str) else json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a path, or a number or an array of NumPy's, as JSON has it."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise UsageError(f"a setting is text, a number, true or false, a list or a mapping, not {_kind(value)}")


def _is_mapping(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def _video_text(key: str, value: Any) -> str:
    """Return a setting of the film as typed; a size may be a pair of numbers."""
    if key == "size" and isinstance(value, (tuple, list)) and len(value) == len(("width", "height")):
        return "x".join(map(str, value))
    return _as_yaml(value)


def _kind(value: object) -> str:
    """Return what was given instead, in a word or two: never the whole value."""
    return repr(value) if isinstance(value, str) and len(value) <= 60 else f"a {type(value).__name__}"
