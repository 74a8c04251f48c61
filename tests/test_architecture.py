"""Beyond the floors: what is imported is declared, engines need NumPy alone, and only what draws knows matplotlib."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module, metadata
from pathlib import Path

import pytest

import backprop_anim

PACKAGE = Path(backprop_anim.__file__).parent
PROJECT = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "built_in" not in path.parts)
EXTRAS = {"dask_cluster.py": "cluster", "tensor_file.py": "safetensors"}
DRAWING = ("drawing", "panels", "film")


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = [name_of(path) for path in FILES]


@cache
def imports(path: Path, everywhere: bool = True) -> set[str]:
    """The modules that a file imports; without `everywhere` only those that importing it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else (node for node in tree.body)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            base = str(node.module)
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in NAMES else base for alias in node.names}
    return found


def foreign(path: Path) -> set[str]:
    roots = {name.partition(".")[0] for name in imports(path)}
    return roots - set(sys.stdlib_module_names) - {"backprop_anim", "_typeshed", "__future__"}


def test_there_are_files_and_imports_to_look_at() -> None:
    assert len(FILES) > 60
    assert set().union(*map(foreign, FILES)) >= {"numpy", "matplotlib", "typer", "pydantic"}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_what_is_imported_is_declared(path: Path) -> None:
    """A package that happens to be installed may be missing elsewhere."""
    extra = EXTRAS.get(path.name)
    wanted = {normal(line) for line in PROJECT["optional-dependencies"][extra]} if extra else set()
    for module in foreign(path):
        assert owners(module) & (installed_with_us() | wanted), (
            f"{path.name} imports {module}, which pyproject.toml does not name"
        )


def owners(module: str) -> set[str]:
    """The distributions that a module comes from."""
    return {normal(name) for name in packages().get(module, [module])}


@cache
def packages() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


@cache
def installed_with_us() -> frozenset[str]:
    """What is declared, and what that cannot do without."""
    declared = {normal(line) for line in PROJECT["dependencies"]}
    needed = {normal(line) for name in declared for line in metadata.requires(name) or () if "extra ==" not in line}
    return frozenset(declared | needed)


def normal(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement.strip())[0].lower().replace("_", "-")


@pytest.mark.parametrize("room", ["engine", "tasks", "experiment", "training"])
def test_what_computes_needs_numpy_alone(room: str) -> None:
    files = [path for path in FILES if path.relative_to(PACKAGE).parts[0] == room]
    assert files
    # Pictures, and the paths of an SVG; weights, where they are such a file.
    reads_files = {"tasks": {"PIL", "fontTools"}, "engine": {"safetensors"}}
    assert set().union(*map(foreign, files)) <= {"numpy", "annotated_types"} | reads_files.get(room, set())


def test_only_what_draws_knows_matplotlib() -> None:
    users = {path.relative_to(PACKAGE).parts[0] for path in FILES if "matplotlib" in foreign(path)}
    assert users
    assert users <= set(DRAWING)
    pyplot = [path for path in FILES if any("pyplot" in name for name in imports(path))]
    assert pyplot == []


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = {name_of(path): imports(path, everywhere=False) & set(NAMES) for path in FILES}
    order = list(TopologicalSorter(graph).static_order())  # raises where there is a circle
    assert len(order) == len(FILES)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("__main__")])
def test_every_module_offers_what_it_says(name: str) -> None:
    module = import_module(name)
    offered = getattr(module, "__all__", [])
    assert list(offered) == list(dict.fromkeys(offered))
    for item in offered:
        assert hasattr(module, item)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("backprop_anim", ("numpy", "matplotlib", "pydantic", "typer")),
        ("backprop_anim.cli.main", ("numpy", "matplotlib", "pydantic", "PIL", "ruamel", "tqdm")),
        ("backprop_anim.config", ("matplotlib", "PIL", "imageio_ffmpeg", "typer")),
        ("backprop_anim.training", ("matplotlib", "pydantic", "PIL")),
        ("backprop_anim.writers", ("matplotlib", "imageio", "imageio_ffmpeg", "PIL")),
    ],
)
def test_what_is_heavy_is_imported_where_it_is_used(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*(name for name in {absent} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
