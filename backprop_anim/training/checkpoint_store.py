"""Keeps a run that is under way on disk, so that it can go on after any end; it trains nothing itself."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Interrupted, Interruption, OutputError, RecordingError, UsageError
from backprop_anim.engine import DAMAGE, read_arrays
from backprop_anim.training.training_state import TrainingState

__all__ = ["CHECKPOINT", "CheckpointStore"]

CHECKPOINT = "checkpoint.npz"
VERSION = 3
EVERY_S = 5.0
"""How much of a run may be lost; a shorter run leaves no checkpoint, unless it is interrupted."""

SHARE = 100
"""Training takes at least this many times as long as its checkpoints."""


class CheckpointStore:
    """The checkpointer of one run: `due` tells the training when to hand over its state, and `save` writes it.

    Parameters
    ----------
    folder : Path
        The run's own folder.
    key : mapping of str to str
        What decides the training, by the words that a message uses: a run of another experiment must not go on from it.
    interruption : Interruption
        The wish to stop.

    Attributes
    ----------
    due : bool
        Whether the state should be handed over at the next step.
    begun : bool
        Whether a state has been kept.
    """

    def __init__(self, folder: Path, key: Mapping[str, str], interruption: Interruption) -> None:
        self.path = folder / CHECKPOINT
        self.begun = False
        self._key, self._interruption = dict(key), interruption
        self._is_time = False
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        self._wait(EVERY_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    @property
    def due(self) -> bool:
        return self._is_time or self._interruption.wanted

    def save(self, state: TrainingState) -> None:
        """Write a state in the place of the last one.

        Raises
        ------
        Interrupted
            If the run is to stop.
        OutputError
            If it cannot be written.
        """
        started = time.monotonic()
        self._write(state)
        self.begun, self._is_time = True, False
        if self._interruption.wanted:
            said = f"interrupted while training, after step {state.words['step']:,}; kept in {self.path}"
            raise Interrupted(said, self._interruption.status)
        self._wait(max(EVERY_S, SHARE * (time.monotonic() - started)))

    def load(self, strict: bool = True) -> TrainingState | None:
        """Return the state to go on from, or None where there is none.

        Parameters
        ----------
        strict : bool
            Whether one that cannot be used is an error; otherwise it is none.

        Raises
        ------
        UsageError
            If it belongs to another experiment.
        RecordingError
            If it is damaged.
        """
        if not self.path.exists():
            return None
        try:
            return self._read()
        except (UsageError, RecordingError):
            if strict:
                raise
            return None

    def _read(self) -> TrainingState:
        arrays = read_arrays(self.path, "a checkpoint")
        try:
            words = json.loads(arrays.pop("words").tobytes().decode())
            version, key, state = words["version"], words["key"], TrainingState(words["state"], arrays)
            differs = [name for name in {**key, **self._key} if key.get(name) != self._key.get(name)]
        except DAMAGE as error:
            raise RecordingError(f"{self.path} is not a whole checkpoint ({error}){self._advice}") from None
        if version != VERSION or differs:
            what = (
                f"{differs[0]} was {key.get(differs[0])}, now {self._key.get(differs[0])}" if differs else "its format"
            )
            raise UsageError(f"{self.path} belongs to another run ({what}){self._advice}")
        return state

    def remove(self) -> None:
        """Remove it: the run is done."""
        with contextlib.suppress(OSError):
            self.path.unlink()

    @property
    def _advice(self) -> str:
        return ": without --resume the run starts from the beginning"

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._on_timer)
        self._timer.daemon = True
        self._timer.start()

    def _on_timer(self) -> None:
        self._is_time = True

    def _write(self, state: TrainingState) -> None:
        text = json.dumps({"version": VERSION, "key": self._key, "state": state.words})
        words: NDArray[Any] = np.frombuffer(text.encode(), dtype=np.uint8)
        beside = self.path.with_name(f".{CHECKPOINT}.partial")
        try:
            with beside.open("wb") as file:
                np.savez(file, allow_pickle=False, words=words, **state.arrays)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise OutputError(f"cannot write {self.path}: {error.strerror or error}") from error
