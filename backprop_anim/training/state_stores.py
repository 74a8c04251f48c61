"""Room for the states of a run while it trains: whole in double precision, or in single without what is found again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array, Rows
from backprop_anim.experiment import Experiment
from backprop_anim.training.kept_rows import ReplayedRows, SingleRows
from backprop_anim.training.step_replay import StepReplay
from backprop_anim.training.training_state import checked_array, restore_into

__all__ = ["DoubleStore", "SingleStore", "StateStore"]

Chosen = NDArray[np.int64]
Fields = dict[str, Rows]


class StateStore(Protocol):
    """Rows of states, each put in and then perhaps put in again or dropped."""

    def put(self, row: int, parameters: Array, gradient: Array, exactly: bool) -> None:
        """Keep a state and the gradient that its step saw; `exactly` in double precision in any case."""
        ...

    def put_update(self, row: int, update: Array, factors: Array) -> None:
        """Keep what was added to a state, and by what the noise multiplied its gradient."""
        ...

    def drop(self, row: int) -> None:
        """Let go of a row; those after it move up."""
        ...

    def fields(self, rows: Chosen, steps: Chosen, is_ended: bool) -> Fields:
        """Return parameters, gradients and updates of these rows as a recording has them; nothing is put in later."""
        ...

    def state(self, n_rows: int) -> dict[str, NDArray[Any]]:
        """Return the first rows as arrays."""
        ...

    def restore(self, n_rows: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go back to what `state` returned; raises an ordinary error where it does not fit."""
        ...


class DoubleStore:
    """Parameters, gradients and updates, shape (rows, P)."""

    def __init__(self, n_rows: int, n_parameters: int) -> None:
        shape = (n_rows, n_parameters)
        self._arrays = {name: np.zeros(shape) for name in ("parameters", "gradients", "updates")}

    def put(self, row: int, parameters: Array, gradient: Array, exactly: bool) -> None:
        self._arrays["parameters"][row] = parameters
        self._arrays["gradients"][row] = gradient
        self._arrays["updates"][row] = 0.0

    def put_update(self, row: int, update: Array, factors: Array) -> None:
        self._arrays["updates"][row] = update

    def drop(self, row: int) -> None:
        for array in self._arrays.values():
            array[row:-1] = array[row + 1 :]

    def fields(self, rows: Chosen, steps: Chosen, is_ended: bool) -> Fields:
        from_front = np.array_equal(rows, np.arange(len(rows)))
        return {name: array[: len(rows)] if from_front else array[rows] for name, array in self._arrays.items()}

    def state(self, n_rows: int) -> dict[str, NDArray[Any]]:
        return {f"recorder_{name}": array[:n_rows] for name, array in self._arrays.items()}

    def restore(self, n_rows: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        for name, array in self._arrays.items():
            restore_into(array[:n_rows], arrays[f"recorder_{name}"])


class SingleStore:
    """Parameters in single precision and the noise; updates too where the optimizer has a memory.

    A row has a slot of the large arrays, wherever it is free, so that no row is ever copied to another place.
    """

    def __init__(self, n_rows: int, experiment: Experiment) -> None:
        layout, training = experiment.network.layout, experiment.training
        self._experiment, self._n_parameters = experiment, layout.n_parameters
        shape = (n_rows, layout.n_parameters)
        self._numbers = {"parameters": np.zeros(shape, np.float32)}  # memory is taken as it is written to
        if training.optimizer.n_memory:
            self._numbers["updates"] = np.zeros(shape, np.float32)
        self._slots: list[int | None] = []
        self._free = list(range(n_rows))[::-1]
        self._exact: dict[int, dict[str, Array]] = {}
        self._noise = np.ones((n_rows, len(layout.names))) if training.noise else None

    def put(self, row: int, parameters: Array, gradient: Array, exactly: bool) -> None:
        if row == len(self._slots):
            self._slots.append(self._free.pop())
        self._exact.pop(row, None)
        if self._noise is not None:
            self._noise[row] = 1.0
        slot = self._slots[row]
        if exactly:
            if slot is not None:
                self._free.append(slot)
            self._slots[row] = None
            self._exact[row] = {"parameters": parameters.copy()}
            if "updates" in self._numbers:
                self._exact[row]["updates"] = np.zeros_like(parameters)
            return
        if slot is None:
            self._slots[row] = slot = self._free.pop()
        with np.errstate(over="ignore"):
            self._numbers["parameters"][slot] = parameters

    def put_update(self, row: int, update: Array, factors: Array) -> None:
        if self._noise is not None:
            self._noise[row] = factors
        if "updates" not in self._numbers:
            return
        slot = self._slots[row]
        if slot is None:
            self._exact[row]["updates"][...] = update
        else:
            with np.errstate(over="ignore"):
                self._numbers["updates"][slot] = update

    def drop(self, row: int) -> None:
        slot = self._slots.pop(row)
        if slot is not None:
            self._free.append(slot)
        self._exact = {kept - (kept > row): exact for kept, exact in self._exact.items() if kept != row}
        if self._noise is not None:
            self._noise[row:-1] = self._noise[row + 1 :]

    def fields(self, rows: Chosen, steps: Chosen, is_ended: bool) -> Fields:
        self._bring_to_front(rows)
        found: Fields = {name: self._rows(name, rows).compact() for name in self._numbers}
        noise = None if self._noise is None else self._noise[rows]
        replay = StepReplay(self._experiment, steps, found["parameters"], noise, is_ended)
        none, places = np.empty((0, self._n_parameters)), np.arange(len(rows))
        found["gradients"] = ReplayedRows(none, places, replay, "gradients")
        if "updates" not in found:
            found["updates"] = ReplayedRows(none, places, replay, "updates")
        return found

    def _bring_to_front(self, rows: Chosen) -> None:
        """Sort the slots of these rows where they stand: a copy would take all their memory again."""
        wanted = [(row, slot) for row in rows.tolist() if (slot := self._slots[row]) is not None]
        for place, (row, slot) in enumerate(wanted):
            where = slot
            while where < place:  # what stood there made way
                where = wanted[where][1]
            if where != place:
                for numbers in self._numbers.values():
                    numbers[[place, where]] = numbers[[where, place]]
            self._slots[row] = place

    def _rows(self, name: str, rows: Chosen) -> SingleRows:
        exact_rows = sorted(self._exact)
        exact = np.array([self._exact[row][name] for row in exact_rows]).reshape(-1, self._n_parameters)
        places = [-1 - exact_rows.index(row) if (slot := self._slots[row]) is None else slot for row in rows.tolist()]
        return SingleRows(exact, np.array(places, np.int64), self._numbers[name])

    def state(self, n_rows: int) -> dict[str, NDArray[Any]]:
        arrays: dict[str, NDArray[Any]] = {}
        for name in self._numbers:
            rows = self._rows(name, np.arange(n_rows)).compact()
            arrays |= {f"{name}_single": rows.numbers, f"{name}_exact": rows.exact, "places": rows.places}
        if self._noise is not None:
            arrays["noise_kept"] = self._noise[:n_rows]
        return arrays

    def restore(self, n_rows: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        places = checked_array(arrays["places"], np.int64, (n_rows,)).tolist()
        n_exact = sum(place < 0 for place in places)
        self._slots = [place if place >= 0 else None for place in places]
        self._free = sorted(set(self._free) - set(places), reverse=True)
        self._exact = {row: {} for row, place in enumerate(places) if place < 0}
        for name, numbers in self._numbers.items():
            restore_into(numbers[: n_rows - n_exact], arrays[f"{name}_single"])
            exact = checked_array(arrays[f"{name}_exact"], np.float64, (n_exact, self._n_parameters))
            for row in self._exact:
                self._exact[row][name] = exact[-1 - places[row]].copy()
        if self._noise is not None:
            restore_into(self._noise[:n_rows], arrays["noise_kept"])
