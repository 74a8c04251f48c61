"""Values of a file with their places; nothing here knows YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["Path", "Position", "YamlNode"]

Path: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


@dataclass
class YamlNode:
    """A value of the file and where it stands.

    Attributes
    ----------
    value : dict, tuple, str, int, float, bool or None
    position : tuple of int
    key_positions : dict
        Of a mapping: where each key stands.
    children : dict
        The nodes inside, by key or list position.
    swallowed : str
        Of an empty value: the colour after it that is a comment, since nobody put it in quotes.
    size, height : int
        How many values it is in all, itself included, and how deeply they are nested.
    """

    value: Any
    position: Position
    key_positions: dict[str, Position] = field(default_factory=dict)
    children: dict[str | int, YamlNode] = field(default_factory=dict)
    swallowed: str = ""
    size: int = 1
    height: int = 1

    def add(self, key: str | int, child: YamlNode) -> None:
        """Put `child` under `key`."""
        self.children[key] = child
        self.size += child.size + isinstance(key, str)
        self.height = max(self.height, 1 + child.height)

    def holds(self, path: Path) -> bool:
        """Return whether there is a value at `path`."""
        return self.at(path) is not None

    def at(self, path: Path) -> YamlNode | None:
        """Return the node at `path`, if there is one."""
        node: YamlNode | None = self
        for part in path:
            node = None if node is None else node.children.get(part)
        return node

    def find(self, path: Path, *, key: bool = False) -> Position:
        """Return where the value at `path` stands (or its key), or the nearest one above it."""
        node, position = self, self.position
        for part in path:
            position = node.key_positions.get(str(part), position)
            if part not in node.children:
                break
            node = node.children[part]
            if not key or isinstance(part, int):  # an item of a list has no key
                position = node.position
        return position
