"""One page that shows several finished runs beside each other; it reads what they left and never trains or draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backprop_anim.common import BackpropAnimError, NotFoundError, OutputError, relative_url
from backprop_anim.publish.gallery_page import GENERATOR, Card, page
from backprop_anim.publish.setting_differences import MISSING, differing, label, value_at, value_text
from backprop_anim.publish.setting_differences import Path as SettingPath
from backprop_anim.runs import EXPERIMENT, RECORDING, FinishedRun, read_finished
from backprop_anim.writers import Staging

__all__ = ["PAGE", "Gallery", "check_gallery_path", "write_gallery"]

PAGE = "index.html"
FILMS = {"page": ".html", "MP4": ".mp4", "WebM": ".webm", "GIF": ".gif", "WebP": ".webp", "picture": ".png"}
OTHERS = {"recording": RECORDING, "experiment": EXPERIMENT}
"""What the files of a run are called on the page."""
MOST_SETTINGS = 8
"""A card shows so many settings; whoever wants more has the experiment at hand."""


@dataclass(frozen=True)
class Gallery:
    """What was written.

    Attributes
    ----------
    path : Path
        The page.
    runs : tuple of FinishedRun
        What it shows.
    notes : tuple of str
        What it does not show, and why.
    """

    path: Path
    runs: tuple[FinishedRun, ...]
    notes: tuple[str, ...]


def write_gallery(output: Path, folders: Sequence[Path]) -> Gallery:
    """Write ``output/index.html``, which shows finished runs in the order given.

    The page stands alone but for the films and pictures, which it names relative to itself. It is the old one or
    the whole new one.

    Parameters
    ----------
    output : Path
        Where the page goes.
    folders : sequence of Path
        The folders of the runs. A damaged one is left out and named in the notes.

    Raises
    ------
    NotFoundError
        If there is no run to show.
    OutputError
        If the page cannot be written, or would take the place of one that is not ours.
    """
    runs, notes = _read(folders)
    if not runs:
        raise NotFoundError("\n".join(("there is no finished run to show in a gallery", *notes)))
    target = check_gallery_path(output)
    settings = differing([run.settings for run in runs])
    titles = Counter(run.title for run in runs)
    text = page([_card(run, _card_text(run, settings, titles[run.title] > 1), output) for run in runs])
    with Staging(output) as staging:
        with staging.writing(PAGE) as path:
            path.write_bytes(text.encode())
        staging.commit()
    return Gallery(target, tuple(runs), tuple(notes))


def _read(folders: Sequence[Path]) -> tuple[list[FinishedRun], list[str]]:
    """Return the runs that can be shown, each once, and why the others cannot."""
    runs, notes = [], []
    for folder in dict.fromkeys(folders):
        try:
            runs.append(read_finished(folder))
        except BackpropAnimError as error:
            notes.append(f"left out: {error}")
    return runs, notes


def check_gallery_path(output: Path) -> Path:
    """Return where a gallery in `output` would be.

    Raises
    ------
    OutputError
        If a page stands there that this program has not written, or a run that is called so.
    """
    target = output / PAGE
    try:
        with target.open("rb") as file:
            ours = f'name="generator" content="{GENERATOR}'.encode() in file.read(4096)
    except FileNotFoundError:
        return target
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    if not ours:
        raise OutputError(f"{target} is another page, not a gallery of ours: move it, or choose another folder")
    return target


def _card(run: FinishedRun, settings: Sequence[tuple[str, str]], output: Path) -> Card:
    def url(name: str) -> str:
        try:
            return relative_url(run.folder / name, output)
        except ValueError as error:
            raise OutputError(f"no page in {output} can lead to {run.folder}: {error}") from None

    films = [(word, run.file_named(suffix)) for word, suffix in FILMS.items()]
    others = [(word, name if name in run.files else None) for word, name in OTHERS.items()]
    return Card(
        name=run.name,
        title=run.title,
        subtitle=run.subtitle,
        alt=run.alt,
        loss=run.loss_text,
        after=run.loss_words,
        width_px=run.width_px,
        height_px=run.height_px,
        videos={url(name): kind for name, kind in run.videos.items()},
        animation=url(run.animation) if run.animation else None,
        poster=url(run.poster) if run.poster else None,
        page=url(run.page) if run.page else None,
        settings=settings,
        links=[(word, url(name)) for word, name in (*films, *others) if name],
    )


def _card_text(run: FinishedRun, settings: Sequence[SettingPath], with_name: bool) -> list[tuple[str, str]]:
    """Return the settings that the run has of those in which the runs differ, the first few.

    Its name stands before them, if others share its title.
    """
    found = [(label(path), value_at(run.settings, path)) for path in settings]
    told = [(key, value_text(value)) for key, value in found if value is not MISSING][:MOST_SETTINGS]
    return [("run", run.name), *told] if with_name else told
