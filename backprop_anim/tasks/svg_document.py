"""An SVG file as a tree of elements, within bounds; nothing that it names is fetched, nothing in it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backprop_anim.tasks.data_file import file_status
from backprop_anim.tasks.dataset import TaskError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["MAX_DEPTH", "MAX_ELEMENTS", "local_name", "read_svg"]

MAX_BYTES = 4_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100


def read_svg(path: Path) -> Element:
    """Return the root of an SVG file.

    Raises
    ------
    TaskError
        If there is no such file, or it is no SVG, declares entities or is larger than a drawing needs.
    """
    from xml.parsers import expat

    file_status(path, MAX_BYTES)
    reader = _Reader(path.name)
    try:
        root = reader.read(path.read_bytes())
    except OSError as error:
        raise TaskError(f"{path} cannot be read: {error.strerror or error}", "file") from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, TaskError):
            raise
        raise TaskError(f"{path.name} is not an SVG: {error}", "file") from None
    if local_name(root) != "svg":
        raise TaskError(f"{path.name} is not an SVG: it begins with <{local_name(root)[:40]}>", "file")
    return root


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


class _Reader:
    """Builds the tree, and gives up where a bound is passed or an entity is declared."""

    def __init__(self, name: str) -> None:
        from xml.etree.ElementTree import TreeBuilder
        from xml.parsers import expat

        self.name = name
        self.builder = TreeBuilder()
        self.depth = self.n_elements = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.refuse_entity

    def read(self, content: bytes) -> Element:
        self.parser.Parse(content, True)
        return self.builder.close()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.n_elements += 1
        if self.depth > MAX_DEPTH:
            raise TaskError(f"{self.name} nests its elements more than {MAX_DEPTH} deep", "file")
        if self.n_elements > MAX_ELEMENTS:
            raise TaskError(f"{self.name} has more than {MAX_ELEMENTS:,} elements", "file")
        self.builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.builder.end(tag)

    def refuse_entity(self, entity: str, *_rest: object) -> None:
        raise TaskError(
            f"{self.name} declares the entity '{entity[:40]}', and entities are not read; save it as a plain SVG",
            "file",
        )
