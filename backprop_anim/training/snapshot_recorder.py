"""Where training keeps the states of the film: by step, or by how far the network's answers moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop_anim.engine import Array
from backprop_anim.experiment import (
    EqualMotionSnapshots,
    Experiment,
    SnapshotPlan,
    evenly_spaced_rows,
    thinned,
    with_pinned,
)
from backprop_anim.training.recording import Recording, Trace
from backprop_anim.training.state_stores import DoubleStore, SingleStore, StateStore
from backprop_anim.training.training_state import restore_into

__all__ = ["SnapshotRecorder", "make_recorder"]


LEAST_FREE = 4
"""States that there is room for beside those that are kept in any case."""

KEPT = ("steps", "samples")
TRACED = ("batch", "noise", "memory_before", "memory_after")


class ObservedTraining(Protocol):
    """What a recorder sees of the training."""

    def probe_outputs(self) -> Array: ...


class SnapshotRecorder:
    """Room for states at steps that are known beforehand, filled from the front.

    Parameters
    ----------
    experiment : Experiment
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        chosen = with_pinned(experiment.snapshots.choose(experiment.training.steps), experiment.pinned_steps)
        self.steps = np.union1d(chosen, np.array(experiment.kept_steps, np.int64))
        plan, fixed = SnapshotPlan.of(experiment), np.union1d(experiment.pinned_steps, experiment.kept_steps)
        self.n_held = max(plan.n_held, len(fixed) + LEAST_FREE) if plan.is_single else len(self.steps)
        self._prepare(fixed.astype(np.int64))
        self.samples = np.full(len(self.steps), -1, dtype=np.int64)
        n_parameters = experiment.network.layout.n_parameters
        self.store: StateStore = (
            SingleStore(self.n_held, experiment) if plan.is_single else DoubleStore(self.n_held, n_parameters)
        )
        self._exact = frozenset({0, *experiment.traced_steps})
        self.traces: list[Trace] = []
        self.row, self.is_ended = 0, False
        self._next = int(self.steps[0])

    def _prepare(self, fixed: NDArray[np.int64]) -> None:
        """Leave out steps for which there is no room, evenly, but never the `fixed` ones."""
        self.steps = thinned(self.steps, fixed, self.n_held)

    def wants(self, step: int, observed: ObservedTraining) -> bool:
        """Return whether the state before update `step` + 1 is to be kept."""
        return step == self._next

    def keep_state(self, step: int, parameters: Array, gradient: Array) -> None:
        """Keep a state and the gradient that its step saw."""
        self._keep(step, parameters, gradient, step in self._exact)

    def _keep(self, step: int, parameters: Array, gradient: Array, exactly: bool) -> None:
        self.steps[self.row] = step
        self.store.put(self.row, parameters, gradient, exactly)

    def keep_update(self, update: Array, sample: int, factors: Array) -> None:
        """Keep what was added to the state that was kept last, and go on to the next."""
        self.store.put_update(self.row, update, factors)
        self.samples[self.row] = sample
        self.row += 1
        self._next = int(self.steps[self.row])

    def keep_last(self, step: int, parameters: Array, gradient: Array) -> None:
        """Keep the last state of the run, which no update leaves."""
        self._keep(step, parameters, gradient, exactly=True)
        self.is_ended = True
        self.row += 1

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what was kept so far and what the next steps depend on, as arrays."""
        arrays: dict[str, NDArray[Any]] = {f"recorder_{name}": getattr(self, name)[: self.n_kept] for name in KEPT}
        arrays |= self.store.state(self.n_kept)
        arrays["recorder_row"] = np.array(self.row)
        arrays["traces"] = np.array([[trace.step, trace.rate] for trace in self.traces]).reshape(-1, 2)
        for index, trace in enumerate(self.traces):
            arrays |= {f"trace{index}_{name}": getattr(trace, name) for name in TRACED}
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go back to what `state` returned; raises an ordinary error where it does not fit."""
        self.row = int(arrays["recorder_row"])
        n_kept = len(arrays["recorder_samples"])
        for name in KEPT:
            restore_into(getattr(self, name)[:n_kept], arrays[f"recorder_{name}"])
        self.store.restore(n_kept, arrays)
        self.traces = [
            Trace(step=int(step), rate=float(rate), **{name: arrays[f"trace{index}_{name}"] for name in TRACED})
            for index, (step, rate) in enumerate(arrays["traces"].tolist())
        ]
        self._next = int(self.steps[self.row])

    @property
    def n_kept(self) -> int:
        """How many rows, from the front, hold states."""
        return self.row

    def recording(self, experiment: Experiment, losses: Array, penalties: Array | None) -> Recording:
        """Return what was kept so far."""
        rows = self._chosen()
        steps, fields = self.steps[rows], self.store.fields(rows, self.steps[rows], self.is_ended)
        return Recording(
            experiment,
            steps=steps,
            parameters=fields["parameters"],
            gradients=fields["gradients"],
            updates=fields["updates"],
            samples=self.samples[rows],
            losses=losses,
            penalties=penalties,
            traces=tuple(self.traces),
        )

    def _chosen(self) -> NDArray[np.int64]:
        return np.arange(self.row)


class MotionSnapshotRecorder(SnapshotRecorder):
    """Keeps one candidate for each window of the run, and in the end those with equal motion between them.

    A candidate is the state of its window whose answers are nearest to their moving average, so that a spike
    that is over after a step does not flicker through the film. Where there is no room for a candidate of every
    window, the one makes way between whose neighbours least motion lies.
    """

    def __init__(self, experiment: Experiment, schedule: EqualMotionSnapshots) -> None:
        super().__init__(experiment)
        self._count = schedule.count
        self._pinned, self._kept = frozenset(experiment.pinned_steps), frozenset(experiment.kept_steps)
        self._distances, self._windows = np.zeros(len(self._ends)), np.zeros(len(self._ends), np.int64)
        self._window = 0
        self._usual = self._ends[-1] // len(self._ends)
        self._sees_all = experiment.training.batch is None
        self._share = self._newest_share()
        self._smooth: Array | None = None
        self._least, self._filled = np.inf, 0

    def _prepare(self, fixed: NDArray[np.int64]) -> None:
        self._ends = self.steps.tolist()  # of the windows; `steps` becomes those of the candidates

    def wants(self, step: int, observed: ObservedTraining) -> bool:
        """Follow the answers; return whether this state is the most typical of its window so far."""
        if step > self._ends[self._window]:
            self._close_window()
        if not self._sees_all and step != self._ends[self._window]:
            return False
        outputs = observed.probe_outputs()
        if self._smooth is None:
            self._smooth, self._before, self._gap = outputs.copy(), outputs.copy(), np.empty_like(outputs)
        gap = np.subtract(outputs, self._smooth, self._gap)
        distance = float(np.vdot(gap, gap))
        np.multiply(gap, self._share, gap)
        np.add(self._smooth, gap, self._smooth)
        if step in self._pinned or step in self._kept:
            distance = -1.0  # nothing in this window is nearer
        if distance > self._least:
            return False
        self._least = distance
        return True

    def keep_update(self, update: Array, sample: int, factors: Array) -> None:
        """Keep what was added to the candidate; a better one may still replace it."""
        self.store.put_update(self.row, update, factors)
        self.samples[self.row] = sample
        self._filled = self.row + 1

    def keep_last(self, step: int, parameters: Array, gradient: Array) -> None:
        """Keep the last state of the run in the place of its window's candidate."""
        if step > self._ends[self._window]:
            self._close_window()
        if self._smooth is not None:
            self._distances[self.row] = self._motion()
        self.samples[self.row] = -1
        self._keep(step, parameters, gradient, exactly=True)
        self.is_ended = True
        self._filled = self.row + 1

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what was kept so far, the moving average of the answers, and the motion in each window."""
        arrays = super().state()
        arrays |= {"distances": self._distances[: self.n_kept], "least": np.array(self._least)}
        arrays |= {"windows": self._windows[: self.n_kept], "window": np.array(self._window)}
        if self._smooth is not None:
            arrays |= {"smooth": self._smooth, "before": self._before}
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go back to what `state` returned; raises an ordinary error where it does not fit."""
        super().restore(arrays)
        self._filled = len(arrays["recorder_samples"])
        restore_into(self._distances[: self._filled], arrays["distances"])
        restore_into(self._windows[: self._filled], arrays["windows"])
        self._window = int(arrays["window"])
        self._least, self._share = float(arrays["least"]), self._newest_share()
        if "smooth" in arrays:
            self._smooth, self._before = arrays["smooth"].copy(), arrays["before"].copy()
            self._gap = np.empty_like(self._smooth)

    @property
    def n_kept(self) -> int:
        """How many rows, from the front, hold candidates; one for the open window may be among them."""
        return self._filled

    def _close_window(self) -> None:
        self._distances[self.row] = self._motion()
        if self._smooth is not None:
            self._before = self._smooth.copy()
        self._windows[self.row] = self._window
        self.row, self._window = self.row + 1, self._window + 1
        if self.row == self.n_held:
            self._make_room()
        self._share = self._newest_share()
        self._least = np.inf

    def _make_room(self) -> None:
        """Let go of the candidate between whose neighbours least happens; a plateau still counts for a tenth."""
        n, fixed = self.row, self._pinned | self._kept | self._exact
        motion, passed = self._distances[:n], np.diff(self._windows[:n], prepend=0)
        way = motion / max(float(motion.sum()), 1e-300) + 0.1 * passed / max(self._window, 1)
        gaps = way[1:-1] + way[2:]
        gaps[[step in fixed for step in self.steps[1 : n - 1].tolist()]] = np.inf
        row = 1 + int(gaps.argmin())
        self._distances[row + 1] += self._distances[row]
        for array in (self.steps, self.samples, self._distances, self._windows):
            array[row : n - 1] = array[row + 1 : n]
        self.store.drop(row)
        self.row -= 1

    def _newest_share(self) -> float:
        """Return how much the newest answers count in the moving average while this window is open."""
        here = self._window
        length: int = self._ends[here] - self._ends[here - 1] if here and self._sees_all else 1
        return 2 / (max(length, int(self._usual)) + 1)

    def _motion(self) -> float:
        """Return how far the smoothed answers came since the last window, root mean square."""
        if self._smooth is None:
            return 0.0
        way = self._smooth - self._before
        return float(np.sqrt(np.vdot(way, way) / way.size))

    def _chosen(self) -> NDArray[np.int64]:
        pinned = [row for row, step in enumerate(self.steps[: self._filled].tolist()) if step in self._pinned]
        if not self._filled:
            return np.arange(0)
        rows = evenly_spaced_rows(self._distances[: self._filled], min(self._count, self._filled), pinned)
        kept = [row for row, step in enumerate(self.steps[: self._filled].tolist()) if step in self._kept]
        return np.union1d(rows, np.array(kept, np.int64))


def make_recorder(experiment: Experiment) -> SnapshotRecorder:
    """Return the recorder that the experiment's snapshots call for."""
    schedule = experiment.snapshots
    return (
        MotionSnapshotRecorder(experiment, schedule)
        if isinstance(schedule, EqualMotionSnapshots)
        else SnapshotRecorder(experiment)
    )
