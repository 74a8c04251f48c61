"""The page's modules joined into one script, so that one hash allows all of it; it runs none of them.

Each module is a file of `web/` that browsers and Node can load as it is. Here it becomes a function's body that hands
out what it exports; modules come after those that they import.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

__all__ = ["WEB", "Twin", "join_modules"]

WEB = Path(__file__).parent / "web"
ENTRY = "element.js"

IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Twin:
    """A part of the page's engine that another package brings: its module, its word, and the function that makes it."""

    module: str
    word: str
    text: str


@cache
def join_modules(entry: str = ENTRY, brought: tuple[Twin, ...] = ()) -> str:
    """Return `entry` and all that it imports as one script; what is brought is registered before `entry` runs."""
    written: dict[str, str] = {}
    _write(PurePosixPath(entry), written)
    *before, last = written.values()
    return '"use strict";\n' + "\n".join([*before, *(_registered(twin) for twin in brought), last])


def _registered(twin: Twin) -> str:
    registry = {"batches": "orders"}.get(twin.module, twin.module)
    module = _variable(PurePosixPath(f"engine/{twin.module}.js"))
    return f"{module}.{registry}.register({json.dumps(twin.word)}, ({twin.text}));"


def _write(path: PurePosixPath, written: dict[str, str]) -> None:
    """Add a module to those that are written, after what it imports."""
    if str(path) in written:
        return
    text = (WEB / path).read_text(encoding="utf-8")
    wanted = [(names, _beside(path, source)) for names, source in IMPORT.findall(text)]
    for _, source in wanted:
        _write(source, written)
    lines = [f"const {{{_renamed(names)}}} = {_variable(source)};" for names, source in wanted]
    body = COMMENT.sub("", EXPORT.sub("", IMPORT.sub("", text))).strip()
    names = ", ".join(EXPORT.findall(text))
    inside = "\n".join([*lines, body, f"return {{{names}}};"])
    inside = INDENT.sub("", inside)  # no text of the page holds lines that begin with spaces
    written[str(path)] = f"const {_variable(path)} = (() => {{\n{inside}\n}})();"


def _beside(path: PurePosixPath, source: str) -> PurePosixPath:
    """Return the module that `source` means in the module `path`."""
    return PurePosixPath(normpath(path.parent / source))


def _renamed(names: str) -> str:
    """Return what is imported as a pattern: ``a as b`` is ``a: b`` there."""
    return ", ".join(name.strip().replace(" as ", ": ") for name in names.split(",") if name.strip())


def _variable(path: PurePosixPath) -> str:
    return "$" + re.sub(r"\W", "_", str(path.with_suffix("")))
