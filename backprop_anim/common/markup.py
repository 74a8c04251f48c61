"""Text as HTML, Markdown and URLs, escaped by construction; it knows nothing of runs and opens no file."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

__all__ = ["Markup", "element", "markdown_text", "plain_text", "policy_hash", "relative_url", "url_name", "url_prefix"]

VOID = frozenset({"img", "link", "meta", "source"})
"""Elements without an end tag."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What HTML allows not even as a reference: controls other than tab and line feed, and halves of characters."""
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>&|~$#!@]")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Markup(str):
    """HTML that is ready; whatever else `element` is given is text, and escaped."""

    __slots__ = ()


def plain_text(text: str) -> str:
    """Return `text` with a replacement character in place of each that no page may hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(name: str, attributes: Mapping[str, str | int | bool] | None = None, *content: str) -> Markup:
    """Return an HTML element.

    Parameters
    ----------
    name : str
        Its tag.
    attributes : mapping, optional
        Text and numbers are escaped; True stands for an attribute without a value, and False for none.
    *content : str
        What stands inside: `Markup` as it is, other text escaped.
    """
    written = "".join(_attribute(key, value) for key, value in (attributes or {}).items() if value is not False)
    if name in VOID:
        return Markup(f"<{name}{written}>")
    inside = "".join(part if isinstance(part, Markup) else _escaped(part) for part in content)
    return Markup(f"<{name}{written}>{inside}</{name}>")


def _attribute(key: str, value: str | int | bool) -> str:
    return f" {key}" if value is True else f' {key}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    from html import escape

    return escape(plain_text(text), quote=True)


def policy_hash(text: str) -> str:
    """Return the word of a content security policy that allows the script or style `text`, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def markdown_text(text: str) -> str:
    """Return `text` as one line of Markdown that shows just that, also between brackets and in a table."""
    return _MARKDOWN.sub(r"\\\g<0>", plain_text(" ".join(text.split())))


def relative_url(path: Path, start: Path) -> str:
    """Return the URL that leads from a page in the folder `start` to `path`, percent-encoded.

    Raises
    ------
    ValueError
        If there is none, as between two drives.
    """
    return url_name(Path(os.path.relpath(path, start)).as_posix())


def url_name(name: str) -> str:
    """Return the name of a file, or a path with forward slashes, percent-encoded."""
    return quote(os.fsencode(name))  # as bytes: a file's name need not be valid text


def url_prefix(base: str) -> str:
    """Return `base`, a URL or a path, ready for the percent-encoded name of a file behind it."""
    encoded = quote(_BARE_PERCENT.sub("%25", base).encode("utf-8", "replace"), safe="%/:?#[]@!$&*+,;=~")
    return encoded if encoded.endswith("/") or not encoded else f"{encoded}/"
