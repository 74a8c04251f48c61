"""Mistakes as they are found, with their places in the file; what is known to be wrong is not judged again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from backprop_anim.common import ExperimentError, Problem
from backprop_anim.config.checking import Mistake
from backprop_anim.config.yaml_nodes import Path, Position, YamlNode
from backprop_anim.config.yaml_scalars import QUOTES_NEEDED

__all__ = ["Problems", "Source"]

MAX_PROBLEMS = 50


@dataclass(frozen=True)
class Source:
    """Where the values of an experiment come from.

    Attributes
    ----------
    label : str
        The file's name in messages.
    root : YamlNode or None
        The file; None for values that were never written, such as those of a recording.
    overrides : dict
        Where the values were given that replaced others, by their path: ``--set training.noise=0.5``.
    is_worked_out : bool
        Whether the file is a table, in whose lines nobody wrote an experiment.
    is_of_run : bool
        Whether a run left it, in which every word was known.
    """

    label: str = ""
    root: YamlNode | None = None
    overrides: dict[Path, str] = field(default_factory=dict)
    is_worked_out: bool = False
    is_of_run: bool = False

    def place(self, path: Path, *, key: bool = False) -> tuple[tuple[int, int, int], str]:
        """Return where `path` was written, as a rank by which problems are ordered and as text."""
        is_written = self.root is not None and self.root.holds(path)
        for number, (set_path, place) in enumerate(self.overrides.items()):
            made_by_it = not is_written and set_path[: len(path)] == path
            if made_by_it or path[: len(set_path)] == set_path:
                return (1, number, 0), place
        if self.root is None:
            return (0, 0, 0), self.label
        return self.at(self.root.find(path, key=key))

    def swallowed(self, path: Path) -> str:
        """Return the colour that the file has at `path` as a comment, where nothing was typed in its place."""
        node = None if self.root is None else self.root.at(path)
        is_typed = any(path[: len(set_path)] == set_path for set_path in self.overrides)
        return "" if node is None or is_typed else node.swallowed

    def at(self, position: Position) -> tuple[tuple[int, int, int], str]:
        """Return a position of the file as a rank and as text."""
        line, column = position
        return (0, line, column), self.label if self.is_worked_out else f"{self.label}:{line}:{column}"


class Problems:
    """The mistakes of one experiment.

    Parameters
    ----------
    source : Source
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: list[tuple[tuple[int, int, int], Problem]] = []
        self._broken: set[Path] = set()
        self._around: set[Path] = set()  # what they are, and what they are part of

    def add(self, path: Path, message: str, *, at_key: bool = False, position: Position | None = None) -> None:
        """Note a mistake in the value at `path`, or in its key; one that is known to be wrong is left alone."""
        if self._is_within(path):
            return
        if color := self.source.swallowed(path):
            message = f"is empty, for {QUOTES_NEEDED.format('the colour', color)}"
        rank, place = self.source.at(position) if position else self.source.place(path, key=at_key)
        self._found.append((rank, Problem(path, message, place)))
        self._mark(path)

    def extend(self, prefix: Path, mistakes: Iterable[Mistake]) -> None:
        """Note mistakes whose paths begin below `prefix`; what stands there by another name is not missed."""
        found = list(mistakes)
        for mistake in found:
            if mistake.meant is not None:
                self._mark((*prefix, *mistake.meant))
        for mistake in found:
            self.add((*prefix, *mistake.path), mistake.message, at_key=mistake.at_key)

    def has_no_problem(self, *dotted: str) -> bool:
        """Return whether nothing is known to be wrong with, or inside of, the values at these paths."""
        return not any(self.has_problem(tuple(path.split("."))) for path in dotted)

    def has_problem(self, path: Path) -> bool:
        """Return whether a mistake was found at `path`, below it or in what it is part of."""
        return path in self._around or self._is_within(path)

    def _mark(self, path: Path) -> None:
        self._broken.add(path)
        self._around.update(path[:length] for length in range(len(path) + 1))

    def _is_within(self, path: Path) -> bool:
        return any(path[:length] in self._broken for length in range(len(path) + 1))

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raise what was found, in the order of the file.

        Raises
        ------
        ExperimentError
        """
        if not self._found:
            return
        ordered = [problem for _, problem in sorted(self._found, key=lambda found: found[0])]
        more = len(ordered) - MAX_PROBLEMS
        rest = [Problem((), f"and {more:,} more", self.source.label)] if more > 0 else []
        raise ExperimentError(*ordered[:MAX_PROBLEMS], *rest)
