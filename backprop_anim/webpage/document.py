"""The page as one file: markup, style, script and data, with a policy that allows just these and no request."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_anim.common import Markup, OutputError, __version__, element, policy_hash
from backprop_anim.training import Recording
from backprop_anim.webpage.bundle import WEB, join_modules
from backprop_anim.webpage.page_data import page_data
from backprop_anim.webpage.page_fonts import font_faces, own_faces
from backprop_anim.webpage.twins import Twins, twins_of

__all__ = ["Page", "make_page"]


MOST_BYTES = 5_000_000
"""What a page takes at most: it is opened on phones, and sent along with posts."""

FEWER, LEAST_PACKED = 0.97, 2.5
"""What is taken of the states that may fit, and how few bytes a packed parameter may come to: more are not tried."""


@dataclass(frozen=True)
class Page:
    """A page and what its reader is told about it.

    Attributes
    ----------
    html : str
    notes : tuple of str
        What had to be left out.
    """

    html: str
    notes: tuple[str, ...] = ()


def make_page(recording: Recording, poster: bytes = b"") -> Page:
    """Return the page of a recording, with fewer of its states where it would be too large.

    Parameters
    ----------
    recording : Recording
    poster : bytes, optional
        A WebP picture for a browser without scripts.

    Raises
    ------
    OutputError
        If even with two states it would be larger than `MOST_BYTES`, or if the page's engine has no twin of an
        activation or the loss.
    """
    twins = twins_of(recording.experiment)
    if twins.needed:
        raise OutputError(
            f"the page's own engine has no twin of {' and '.join(twins.needed)}: there is no page of such a run"
        )
    n, (faces, of_letters) = recording.n_snapshots, _own_faces(recording)
    kept = min(n, 2 + int(MOST_BYTES / (LEAST_PACKED * recording.parameters.shape[1])))
    while True:
        less = f"the page has {kept:,} of {n:,} states: with all of them it would be over {MOST_BYTES / 1e6:.0f} MB"
        notes = [less] if kept < n else []
        rows = np.unique(np.rint(np.linspace(0, n - 1, kept)).astype(np.int64))
        html = _html(recording if kept == n else recording.only(rows), twins, poster, notes, faces)
        size = len(html.encode())
        if size <= MOST_BYTES:
            return Page(html, (*notes, *of_letters))
        if kept <= 2:
            raise OutputError(f"the page would take {size / 1e6:.1f} MB, and {MOST_BYTES / 1e6:.0f} MB are the most")
        kept = max(2, min(kept - 1, int(kept * FEWER * MOST_BYTES / size)))


def _own_faces(recording: Recording) -> tuple[str, list[str]]:
    """Return the style rules with the letters that the user chose for the film, and notes on them."""
    choice = recording.experiment.video.font
    if choice is None:
        return "", []
    from backprop_anim.drawing import chosen_file, font_problem  # which takes a while to import

    if font_problem(choice) is not None:  # as the film says
        return "", []
    files = {weight: chosen_file(choice, weight) for weight in (400, 700)}
    return own_faces(files, recording.experiment.words + recording.experiment.page.about)


def _html(recording: Recording, twins: Twins, poster: bytes, notes: list[str], faces: str) -> str:
    data = page_data(recording, twins.to_train) | {"notes": notes}
    title, style = str(data["title"]), Markup(font_faces(_words(data)) + "\n" + faces + "\n" + _text("page.css"))
    script = Markup(join_modules(brought=twins.brought))
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _policy(style, script)}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "generator", "content": f"backprop-anim {__version__}"}),
        element("title", {}, title),
        element("style", {}, style),
    )
    told = element("script", {"type": "application/json"}, Markup(_json(data)))
    instead = [element("p", {}, f"{title}. {data['subtitle']}")]
    if poster:
        source = "data:image/webp;base64," + base64.b64encode(poster).decode("ascii")
        instead.insert(0, element("img", {"src": source, "alt": title}))
    live = element("backprop-anim", {}, told, *instead)
    body = element("body", {}, live, element("script", {"type": "module"}, script))
    return f"<!DOCTYPE html>\n{element('html', {'lang': 'en'}, head, body)}\n"


def _text(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _json(data: dict[str, Any]) -> str:
    """Return JSON in which nothing can end the element that holds it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _words(data: dict[str, Any]) -> str:
    """Return all words of the run that may be written on the page."""
    names = (name for group in data["names"].values() for name in group)
    return "".join(
        [data["title"], data["subtitle"], data["page"]["about"], *names, *(m["text"] for m in data["milestones"])]
    )


def _policy(style: str, script: str) -> str:
    """Return what the page may do: this style and script, pictures and fonts of its own, and no request at all."""
    return (
        f"default-src 'none'; script-src {policy_hash(script)}; style-src {policy_hash(style)}; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )
