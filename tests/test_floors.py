"""The house: a module imports from its own floor and from those below, and only the command line prints."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import backprop_anim

PACKAGE = Path(backprop_anim.__file__).parent
FLOORS = {
    0: ("errors", "registry", "progress", "interruption", "markup", "places"),
    1: ("engine", "tasks", "snapshots", "streams", "theme"),
    2: ("experiment",),
    3: ("recording", "state", "tape", "training", "checkpoint"),
    4: ("milestones", "timeline", "stepping", "derivation", "drawing", "panels", "canvas", "multiples", "writers"),
    5: ("config", "examples"),
    6: (
        "prediction",
        "overview",
        "report",
        "bundle",
        "freshness",
        "pipeline",
        "runs",
        "jobs",
        "workers",
        "parcels",
        "cluster",
        "batch",
        "comparison",
        "contest",
        "api",
        "finished",
        "gallery",
        "embed",
    ),
    7: ("cli", "__main__"),
}
ROOM_OF = {name: floor for floor, names in FLOORS.items() for name in names}
APART = {"drawing": ("panels", "canvas", "writers"), "panels": ("canvas", "writers"), "canvas": ("writers",)}
APART["writers"] = ("drawing", "panels", "canvas", "timeline", "experiment", "recording")
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "examples" not in path.parts)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> set[str]:
    """Return the rooms that a module imports, wherever in it; what only type checkers read does not count."""
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    names = [
        name
        for node in ast.walk(tree)
        if id(node) not in hidden
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return {name.split(".")[1] for name in names if name.startswith("backprop_anim.")}


def narrows(node: ast.Assert) -> bool:
    """Return whether an assert only tells the type checker what is known."""
    return ast.unparse(node.test).startswith("isinstance(") or ast.unparse(node.test).endswith(" is not None")


def test_there_is_a_house() -> None:
    assert len(FILES) > 60
    assert {room(path) for path in FILES} - {"__init__"} == set(ROOM_OF)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_downward_and_behaves(path: Path) -> None:
    tree, here = ast.parse(path.read_text(encoding="utf-8")), room(path)
    assert ast.get_docstring(tree), "a module opens with what it holds"
    if here != "__init__":
        for other in imported(tree) - {here}:
            assert ROOM_OF[other] <= ROOM_OF[here], f"{here} imports {other}, which is above it"
            assert other not in APART.get(here, ()), f"{here} must not know {other}"
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.ExceptHandler) and node.type is None), "a bare except"
        assert not isinstance(node, ast.Assert) or narrows(node), "an assert for what should be an error"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec"), node.func.id
            assert node.func.id != "print" or here == "cli", "only the command line prints"


def test_an_upward_import_would_be_seen() -> None:
    assert imported(ast.parse("def f():\n    from backprop_anim.cli.main import app")) == {"cli"}
    assert imported(ast.parse("if TYPE_CHECKING:\n    import backprop_anim.cli")) == set()
