"""What to paste into a post so that it shows a finished run, as HTML and as Markdown; it writes no file."""

from __future__ import annotations

from dataclasses import dataclass

from backprop_anim.common import Markup, NotFoundError, element, markdown_text, plain_text, url_name, url_prefix
from backprop_anim.runs import FinishedRun

__all__ = ["Snippets", "snippets"]

FITTING = "max-width: 100%; height: auto"
"""Keeps a film inside of a narrow column, whatever the style of the page."""

PAGE_HEIGHT_PX = 800
"""A page in a column of at least 721 pixels is no higher; in a narrower one it scrolls."""

PAGE_RIGHTS: dict[str, str | int | bool] = {"sandbox": "allow-scripts allow-downloads", "allow": "clipboard-write"}
"""What a page needs inside of a post: its script, and the clipboard for its links. It has no storage, windows, forms or
requests; with ``allow-same-origin`` too, a page from the post's own site could undo its sandbox."""


@dataclass(frozen=True)
class Snippets:
    """A run for a post.

    Attributes
    ----------
    html, markdown : str
        What to paste.
    alt : str
        What is seen, in words.
    files : tuple of str
        The names of the files that must stand where the snippets look for them.
    """

    html: str
    markdown: str
    alt: str
    files: tuple[str, ...]


def snippets(run: FinishedRun, base: str = "") -> Snippets:
    """Return what to paste into a post: the page of a run that has one, otherwise its film or its picture.

    Parameters
    ----------
    run : FinishedRun
    base : str, optional
        A URL or a path that stands before the names of the files; without it they are looked for beside the post.

    Raises
    ------
    NotFoundError
        If none of the run's films and pictures is there.
    """
    prefix = url_prefix(base)
    if run.page:
        return _page(run, run.page, prefix)
    picture = run.animation or run.poster
    videos = {prefix + url_name(name): kind for name, kind in run.videos.items()}
    if not videos and not picture:
        raise NotFoundError(
            f"nothing of {run.folder} can be embedded: none of its films and pictures is there; "
            f"draw it again: backprop-anim render {run.folder}"
        )
    still = prefix + url_name(run.poster) if run.poster else None
    url = prefix + url_name(picture) if picture else None
    return Snippets(
        html=_video(run, videos, still) if videos else _picture(run, str(picture), str(url)),
        markdown=_markdown(run, url, bool(run.animation), next(reversed(videos), None)),
        alt=plain_text(run.alt),
        files=tuple(dict.fromkeys(name for name in (*run.videos, run.poster, picture) if name)),
    )


def _page(run: FinishedRun, page: str, prefix: str) -> Snippets:
    """Return the page in a frame and, where frames cannot be, its picture or its title leading to it."""
    url, picture = prefix + url_name(page), run.poster or run.animation
    size: dict[str, str | int | bool] = {"width": "100%", "height": PAGE_HEIGHT_PX, "style": "border: 0"}
    frame = {"src": f"{url}#embed", "title": run.alt, **size, "loading": "lazy", **PAGE_RIGHTS}
    shown = f"![{markdown_text(run.alt)}]({prefix + url_name(picture)})" if picture else markdown_text(run.title)
    return Snippets(
        html=element("iframe", frame),
        markdown=f"[{shown}]({url})",
        alt=plain_text(run.alt),
        files=(page, picture) if picture else (page,),
    )


def _video(run: FinishedRun, videos: dict[str, str], poster: str | None) -> str:
    """Return a video that the reader starts: nothing moves that was not asked to."""
    attributes: dict[str, str | int | bool] = {"poster": poster} if poster else {}
    attributes |= {"width": run.width_px, "height": run.height_px, "style": FITTING, "aria-label": run.alt}
    attributes |= {"controls": True, "muted": True, "loop": True, "playsinline": True, "preload": "metadata"}
    lines = [element("source", {"src": url, "type": kind}) for url, kind in videos.items()]
    lines.append(element("a", {"href": next(reversed(videos))}, " ".join(run.title.split())))
    return element("video", attributes, Markup("".join(f"\n  {line}" for line in lines) + "\n"))


def _picture(run: FinishedRun, name: str, url: str) -> str:
    width_px, height_px = _size(run, name)
    return element("img", {"src": url, "width": width_px, "height": height_px, "style": FITTING, "alt": run.alt})


def _size(run: FinishedRun, name: str) -> tuple[int, int]:
    """Return the size of a picture, which may be smaller than the film; the film's, where it does not say."""
    from PIL import Image

    try:
        with Image.open(run.folder / name) as image:
            return image.size
    except OSError:
        return run.width_px, run.height_px


def _markdown(run: FinishedRun, picture: str | None, moves: bool, video: str | None) -> str:
    """Return the moving picture; without one the still one, or words, leading to the video."""
    if picture is None:
        return f"[{markdown_text(run.title)}]({video})"
    image = f"![{markdown_text(run.alt)}]({picture})"
    return image if moves or video is None else f"[{image}]({video})"
