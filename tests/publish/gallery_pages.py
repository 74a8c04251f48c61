"""A gallery's page as a tree, and where its links lead."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from run_folders import Element, parsed

import backprop_anim.publish.gallery
from backprop_anim.publish.gallery import Gallery, write_gallery

SCRIPT = Path(backprop_anim.publish.gallery.__file__).with_name("gallery.js").read_text(encoding="utf-8")
STYLE = Path(backprop_anim.publish.gallery.__file__).with_name("gallery.css").read_text(encoding="utf-8")
LINKS = {"src", "href", "poster", "data-still", "data-moving"}


def page_of(gallery: Gallery) -> Element:
    return parsed(gallery.path.read_text(encoding="utf-8"))


def written(output: Path, *folders: Path) -> Element:
    return page_of(write_gallery(output, folders))


def urls(element: Element) -> list[str]:
    own = [str(value) for key, value in element.attributes.items() if key in LINKS]
    return own + [url for each in element.inside for url in urls(each)]


def target(page: Path, url: str) -> Path:
    """The file that a browser opens for a URL on `page`."""
    parts = urlsplit(url)
    assert not parts.scheme
    assert not parts.netloc
    assert not parts.query
    assert not parts.fragment
    return page.parent / os.fsdecode(unquote_to_bytes(parts.path))
