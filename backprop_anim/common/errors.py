"""The exceptions that a user can meet, each with the exit status it ends the command with; never a print."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BackpropAnimError",
    "DivergedError",
    "EncodingError",
    "ExperimentError",
    "GradientError",
    "NotFoundError",
    "OutputError",
    "Problem",
    "RecordingError",
    "UsageError",
]


class BackpropAnimError(Exception):
    """Anything that a user can put right; its text is the message to show."""

    exit_status = 1


class UsageError(BackpropAnimError):
    """The command was called in a way that cannot be meant."""

    exit_status = 2


@dataclass(frozen=True)
class Problem:
    """One mistake in an experiment.

    Attributes
    ----------
    path : tuple of str or int
        Keys and list positions from the top of the experiment down to the value.
    message : str
        What was given and what is allowed.
    place : str
        Where the value was written: ``file:line:column``, ``--set`` or empty.
    """

    path: tuple[str | int, ...]
    message: str
    place: str = ""

    def __str__(self) -> str:
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return ": ".join(part for part in (self.place, key.lstrip("."), self.message) if part)


class ExperimentError(BackpropAnimError):
    """The experiment is invalid; holds every problem that was found, in the order of the file."""

    exit_status = 3

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class NotFoundError(BackpropAnimError):
    """Something that the command needs is not there: a file, a run, ffmpeg."""

    exit_status = 4


class DivergedError(BackpropAnimError):
    """Training met a loss that is not finite."""


class EncodingError(BackpropAnimError):
    """ffmpeg failed, or wrote something other than it was given."""


class OutputError(BackpropAnimError):
    """A result could not be written where it should go."""


class RecordingError(BackpropAnimError):
    """A file that should hold a recording or weights does not."""


class GradientError(BackpropAnimError):
    """A gradient disagrees with finite differences."""
