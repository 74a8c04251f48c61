"""The house: rooms on floors, imports go down and through doors, and only the command line prints.

import-linter could hold the floors, but the doors only by a contract for each room, and the rest of these rules not at
all; so one test says all of it.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

import backprop_anim

PACKAGE = Path(backprop_anim.__file__).parent
FLOORS = (  # from the top; rooms of one floor do not know each other
    ("cli",),
    ("recorder",),
    ("api",),
    ("batch", "publish"),
    ("runs",),
    ("config",),
    ("film", "webpage"),
    ("panels",),
    ("drawing",),
    ("story",),
    ("training",),
    ("experiment",),
    ("engine", "tasks", "writers"),
    ("common",),
)
FLOOR_OF = {room: -number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "built_in" not in path.parts)
MAX_LINES, MAX_PARAMETERS = 300, 7


class Import(NamedTuple):
    """One import: the room, and what is named behind its door."""

    room: str
    inside: str


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[Import]:
    """Return what a module imports of the package, wherever in it, be it for the type checker alone."""
    names = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    parts = [name.split(".", 2) for name in names if name.startswith("backprop_anim.")]
    return {Import(rest[0], rest[1] if len(rest) > 1 else "") for _, *rest in parts}


def faults(here: str, tree: ast.AST) -> list[str]:
    """Return the imports of a module of the room `here` that go up, sideways or past a door."""
    found = []
    for room, inside in imports(tree):
        if room == here:
            if not inside and (PACKAGE / room).is_dir():
                found.append(f"{here} enters itself by its own door")
        elif FLOOR_OF[room] >= FLOOR_OF[here]:
            found.append(f"{here} imports {room}, which is not below it")
        elif inside:
            found.append(f"{here} imports {room}.{inside} past the door of {room}")
    return found


def narrows(node: ast.Assert) -> bool:
    """Return whether an assert only tells the type checker what is known."""
    return ast.unparse(node.test).startswith("isinstance(") or ast.unparse(node.test).endswith(" is not None")


def test_the_house_is_small_and_whole() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    loose = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert len(FILES) > 100
    assert rooms == set(FLOOR_OF)
    assert len(rooms) <= 18
    assert len(FLOORS) <= 14
    assert loose == {"__init__.py", "__main__.py", "py.typed"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_downward_and_behaves(path: Path) -> None:
    text, here = path.read_text(encoding="utf-8"), room_of(path)
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module opens with what it holds"
    if here not in ("__init__", "__main__"):
        assert faults(here, tree) == []
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), "a bare except"
        assert not isinstance(node, ast.Assert) or narrows(node), "an assert for what should be an error"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec"), node.func.id
            assert node.func.id != "print" or here == "cli", "only the command line prints"
        if isinstance(node, ast.FunctionDef) and here != "cli":
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            assert len([one for one in taken if one.arg not in ("self", "cls")]) <= MAX_PARAMETERS, node.name


@pytest.mark.parametrize("room", sorted({room_of(path) for path in FILES if path.name == "__init__.py"}))
def test_a_door_offers_what_is_behind_it(room: str) -> None:
    """A name of a lazy door must not be that of a module, which would take its place."""
    if room == "__init__":
        return
    door = import_module(f"backprop_anim.{room}")
    modules = {path.stem for path in (PACKAGE / room).glob("*.py")}
    for name in getattr(door, "__all__", ()):
        found = getattr(door, name)
        assert not hasattr(found, "__path__")
        assert "__getattr__" not in vars(door) or name not in modules


def test_what_goes_up_sideways_or_past_a_door_would_be_seen() -> None:
    def said(here: str, text: str) -> list[str]:
        return faults(here, ast.parse(text))

    assert said("engine", "def f():\n    from backprop_anim.cli import app") == [
        "engine imports cli, which is not below it"
    ]
    assert said("engine", "import backprop_anim.tasks.points") == ["engine imports tasks, which is not below it"]
    assert said("runs", "from backprop_anim.film.canvas import Canvas") == [
        "runs imports film.canvas past the door of film"
    ]
    assert said("runs", "from backprop_anim.runs import run") == ["runs enters itself by its own door"]
    assert said("runs", "from backprop_anim.film import Canvas") == []
