"""The commands that help to write an experiment: new, list and schema."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from backprop_anim.cli.options import Json, Plugin, Set, Target, target_settings
from backprop_anim.cli.terminal import bold, print_result, show_json, show_table
from backprop_anim.common import NotFoundError, OutputError, Registry, UsageError, did_you_mean, is_file

__all__ = ["list_parts", "new", "schema", "write_experiment"]

STARTER = Path(__file__).with_name("starter.yaml")


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The experiment's name; the file is NAME.yaml.")],
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE", help="A CSV file that it learns from; with --target.")
    ] = None,
    target: Target = None,
    settings: Set = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a commented experiment to start from, or for a CSV."""
    from backprop_anim.config import is_run_name

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if not is_run_name(path.stem):
        raise UsageError(
            f"{path.stem!r} cannot be a name: use letters a-z, digits, -, _ and ., a letter or digit first"
        )
    if data is not None:
        write_experiment(path, data, [*target_settings(target), *(settings or ())], force)
        return
    if target or settings:
        raise UsageError("--target and --set are for an experiment that is worked out for a CSV file: give --data FILE")
    _write(path, STARTER.read_text(encoding="utf-8"), force)


def write_experiment(path: Path, table: Path, settings: list[str], force: bool) -> None:
    """Write the experiment that is worked out for a CSV file, if it is one that can be trained."""
    from backprop_anim.config import is_table, read_experiment, table_experiment

    if not is_file(table):
        raise NotFoundError(f"there is no file {table}")
    if not is_table(table):
        raise UsageError(
            f"{table} is not a CSV file by its name (.csv or .tsv), and only for one an experiment is made"
        )
    if not force and path.exists():
        raise OutputError(f"{path} is there already; --force writes over it")
    named = os.path.relpath(table, path.parent)
    text = table_experiment(table, settings, bake=True, file=Path(named).as_posix()).decode()
    read_experiment(text, label=str(path), name=path.stem, folder=path.parent)
    _write(path, text, force)


def _write(path: Path, text: str, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"{path} is there already; choose another name, or --force writes over it") from None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
    print_result(f"{path}  (next: backprop-anim train {path})")


def list_parts(
    what: Annotated[str | None, typer.Argument(metavar="WHAT", help="One kind only, as panels.")] = None,
    plugin: Plugin = None,
    as_json: Json = False,
) -> None:
    """List what an experiment can be made of."""
    kinds = _kinds()
    wanted = list(kinds)
    if what is not None:
        word = what.lower()
        wanted = [kind for kind in kinds if kind in (word, f"{word}s", f"{word}es")]  # task is as good as tasks
    if not wanted:
        near = did_you_mean(str(what), kinds)
        raise UsageError(f"there is no list of {what!r}{near}; choose from {', '.join(kinds)}")
    chosen = {kind: kinds[kind]() for kind in wanted}
    if as_json:
        show_json({kind: dict(rows) for kind, rows in chosen.items()})
        return
    for kind, rows in chosen.items():
        print_result(bold(kind))
        show_table([(name, summary) for name, summary in rows])


def schema(plugin: Plugin = None) -> None:
    """Print the JSON Schema of experiment files."""
    from backprop_anim.config import experiment_schema

    show_json(experiment_schema())


def _kinds() -> dict[str, Callable[[], list[tuple[str, str]]]]:
    """Return what can be listed, each with the function that finds its names and lines."""
    from backprop_anim.common import load_plugins
    from backprop_anim.config import example_names, example_summary
    from backprop_anim.engine import (
        activations,
        batch_orders,
        initializers,
        learning_rate_schedules,
        losses,
        optimizers,
    )
    from backprop_anim.experiment import snapshot_schedules, themes
    from backprop_anim.panels import panels
    from backprop_anim.tasks import tasks
    from backprop_anim.writers import formats

    load_plugins()

    def of(registry: Registry[Any]) -> Callable[[], list[tuple[str, str]]]:
        return lambda: [(name, registry.summary(name)) for name in registry]

    registries: dict[str, Registry[Any]] = {
        "tasks": tasks,
        "activations": activations,
        "losses": losses,
        "initializers": initializers,
        "optimizers": optimizers,
        "schedules": learning_rate_schedules,
        "orders": batch_orders,
        "snapshots": snapshot_schedules,
        "panels": panels,
        "themes": themes,
        "formats": formats,
    }
    found = {kind: of(registry) for kind, registry in registries.items()}
    found["examples"] = lambda: [(name, example_summary(name)) for name in example_names()]
    return found
