"""The gallery as one page of HTML with its style and script inside; it is given words and URLs, and reads no run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from backprop_anim.common import Markup, __version__, element, policy_hash
from backprop_anim.experiment import themes

__all__ = ["GENERATOR", "Card", "page"]

GENERATOR = "backprop-anim"
"""Tells our pages from others."""


@dataclass(frozen=True)
class Card:
    """One run on the page; every URL is percent-encoded.

    Attributes
    ----------
    name, title, subtitle, alt : str
    loss, after : str
        The final loss, and what it is.
    width_px, height_px : int
        Size of a frame, which the page keeps free until the picture is there.
    videos : mapping of str to str
        URLs with their media types, the best first.
    animation, poster : str or None
        URLs of a moving picture and of one that does not move.
    page : str or None
        URL of the page that plays it, to which its title leads.
    settings : sequence of (str, str)
        In what the run differs from the others.
    links : sequence of (str, str)
        What its files are called, and where they are.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    loss: str
    after: str
    width_px: int
    height_px: int
    videos: Mapping[str, str]
    animation: str | None
    poster: str | None
    page: str | None
    settings: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]


def page(cards: Sequence[Card]) -> str:
    """Return the whole page."""
    from backprop_anim.webpage import font_faces

    n = len(cards)
    count = f"{n} network{'s' if n > 1 else ''} learning"
    words = "".join(text for card in cards for text in (card.title, card.subtitle, *map("".join, card.settings)))
    style, script = Markup(f"{font_faces(words)}\n{_style()}"), Markup(_file("gallery.js"))
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _policy(style, script)}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "generator", "content": f"{GENERATOR} {__version__}"}),
        element("title", {}, f"Gallery: {count}"),
        element("style", {}, style),
    )
    hints = [f"{count}."]
    if any(card.videos or (card.animation and card.poster) for card in cards):
        hints.append("Point at a film, tap it or go to it by Tab and it plays; Enter or Space stops it.")
    if any(card.page for card in cards):
        hints.append("A title that is a link leads to a page on which its network trains on.")
    header = element("header", {}, element("h1", {}, "Gallery"), element("p", {}, " ".join(hints)))
    main = element("main", {"class": "one"} if n == 1 else {}, Markup("\n"), *map(_article, cards))
    body = element("body", {}, Markup("\n"), header, main, element("script", {}, script))
    return f"<!DOCTYPE html>\n{element('html', {'lang': 'en'}, head, body)}\n"


def _policy(style: str, script: str) -> str:
    """Return what the page may do: show local pictures and films, and its own style, font and script; nothing else."""
    local = "'self' file:"  # a page that was opened as a file is nobody's self in every browser
    return (
        f"default-src 'none'; img-src {local}; media-src {local}; style-src {policy_hash(style)}; "
        f"script-src {policy_hash(script)}; font-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _style() -> str:
    """Return the style in the colours of the films."""
    colors = {
        f"{name}_{color}": getattr(themes[name](), color)
        for name in ("light", "dark")
        for color in ("background", "ink", "hairline", "accent")
    }
    return Template(_file("gallery.css")).substitute(colors)


@cache
def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _article(card: Card) -> Markup:
    title = element("a", {"href": card.page}, card.title) if card.page else card.title
    words = element(
        "div",
        {},
        element("h2", {"dir": "auto"}, title),
        element("p", {"dir": "auto"}, card.subtitle) if card.subtitle else Markup(),
    )
    loss = element("p", {"class": "loss"}, element("b", {}, card.loss), Markup(" "), card.after)
    header = element("header", {}, words, loss)
    parts = [_picture(card), header, _settings(card), _links(card)]
    return Markup(element("article", {}, *parts) + "\n")


def _picture(card: Card) -> Markup:
    """Return what moves inside a button, and what does not alone."""
    size: dict[str, str | int | bool] = {"width": card.width_px, "height": card.height_px}
    if card.videos:
        fixed = {"muted": True, "loop": True, "playsinline": True, "preload": "none" if card.poster else "metadata"}
        poster: dict[str, str | int | bool] = {"poster": card.poster} if card.poster else {}
        sources = [element("source", {"src": url, "type": kind}) for url, kind in card.videos.items()]
        moving = element("video", {**fixed, **poster, **size, "aria-label": card.alt}, *sources)
    elif card.poster:
        film: dict[str, str | int | bool] = (
            {"data-still": card.poster, "data-moving": card.animation} if card.animation else {}
        )
        moving = element("img", {"src": card.poster, **size, "alt": card.alt, "loading": "lazy", **film})
        if not card.animation:
            return moving
    else:
        return Markup()  # a moving picture alone would move by itself
    labels = {"aria-label": f"Play: {card.title}", "aria-pressed": "false"}
    return element("button", {"type": "button", "class": "film", **labels}, moving)


def _settings(card: Card) -> Markup:
    if not card.settings:
        return Markup()
    pairs = (element("div", {}, element("dt", {}, key), element("dd", {}, value)) for key, value in card.settings)
    return element("dl", {"class": "settings"}, *pairs)


def _links(card: Card) -> Markup:
    items = (element("li", {}, element("a", {"href": url}, word)) for word, url in card.links)
    return element("ul", {"class": "files", "aria-label": f"Files of {card.name}"}, *items)
