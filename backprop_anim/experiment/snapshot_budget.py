"""How many states of a run are kept, and how precisely, so that they fit a budget; decided from sizes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_anim.common import size_text
from backprop_anim.experiment.snapshot_schedules import EqualMotionSnapshots, SnapshotSchedule

if TYPE_CHECKING:
    from backprop_anim.experiment.experiment import Experiment

__all__ = ["DEFAULT_BUDGET", "LEAST_BUDGET", "MOST_BUDGET", "UNBOUNDED", "SnapshotPlan"]

DEFAULT_BUDGET = 256_000_000
LEAST_BUDGET, MOST_BUDGET = 1_000_000, 64_000_000_000
UNBOUNDED = 2**62
"""For states that stand fixed already: those of another run that this one is held to."""

DOUBLE_BYTES = 20_000_000
"""States that take more than this in double precision are kept in single."""

DOUBLE, SINGLE = 8, 4
FIELDS = 3  # parameters, gradient, update


@dataclass(frozen=True)
class SnapshotPlan:
    """The states that a schedule asks for, and what becomes of them.

    Where they are few or small, a state is its parameters, its gradient and its update in double precision. Otherwise
    it is its parameters in single precision; gradients are computed again when they are wanted, and so are updates,
    except those of an optimizer with a memory, which are kept in single precision too. The first state, the last and
    those in slow motion stay in double precision, whatever the budget.

    Attributes
    ----------
    schedule : SnapshotSchedule
    n_steps, n_parameters : int
    n_exact : int
        States that stay in double precision.
    n_more : int
        States that are kept beside those of the schedule.
    n_memory : int
        The vectors that the optimizer carries from step to step; a step in slow motion keeps them twice.
    budget : int
        The bytes that all kept states may take, and the samples beside them.
    sample_bytes : int
    """

    schedule: SnapshotSchedule
    n_steps: int
    n_parameters: int
    n_exact: int = 2
    n_more: int = 0
    n_memory: int = 0
    budget: int = DEFAULT_BUDGET
    sample_bytes: int = 0

    @classmethod
    def of(cls, experiment: Experiment) -> SnapshotPlan:
        """Return the plan of an experiment."""
        return cls(
            schedule=experiment.snapshots,
            n_steps=experiment.training.steps,
            n_parameters=experiment.network.layout.n_parameters,
            n_exact=2 + len(experiment.traced_steps),
            n_more=len(experiment.kept_steps),
            n_memory=experiment.training.optimizer.n_memory,
            budget=experiment.snapshot_budget,
            sample_bytes=experiment.dataset.inputs.nbytes + experiment.dataset.targets.nbytes,
        )

    @property
    def n_wanted(self) -> int:
        """The states that are asked for, at most."""
        return min(self.schedule.at_most(self.n_steps) + self.n_more, self.n_steps + 1)

    @property
    def n_kept(self) -> int:
        """The states that are kept in the end, at most."""
        return min(self.n_wanted, self._room)

    @property
    def n_held(self) -> int:
        """The states that training holds, from which those are chosen."""
        return min(self.n_candidates, self._room)

    @property
    def is_single(self) -> bool:
        """Whether states are kept in single precision."""
        state = self.n_parameters * FIELDS * DOUBLE
        return self.n_wanted * state > DOUBLE_BYTES or self.n_candidates * state > self.budget

    @property
    def is_thinned(self) -> bool:
        """Whether the budget, not the schedule, says how many states are kept."""
        return self.n_kept < self.n_wanted

    @property
    def said(self) -> str:
        """What becomes of the states, in words; nothing where all are kept as they are."""
        if not self.is_single:
            return ""
        n, of = f"{self.n_kept:,}", f" of {self.n_wanted:,}" if self.is_thinned else ""
        takes = f"{size_text(self.kept_bytes)} (snapshots.budget: {size_text(self.budget)})"
        return f"{n}{of} are kept, in single precision but for the first and the last: {takes}"

    @property
    def least_bytes(self) -> int:
        """What the states take that are kept in any case."""
        return self._bytes_of(min(self._n_least, self.n_wanted))

    @property
    def held_bytes(self) -> int:
        """What the states take while training."""
        return self._bytes_of(self.n_held)

    @property
    def kept_bytes(self) -> int:
        """What the states take in the end, on disk too."""
        return self._bytes_of(self.n_kept)

    def _bytes_of(self, n_states: int) -> int:
        if not self.is_single:
            return n_states * self.n_parameters * FIELDS * DOUBLE
        return self._exact_bytes + max(0, n_states - self.n_exact) * self._single_bytes

    @property
    def n_candidates(self) -> int:
        """The states that training would hold if there were room for all."""
        if not isinstance(self.schedule, EqualMotionSnapshots):
            return self.n_wanted
        return min(self.schedule.CANDIDATES * self.schedule.count + self.n_more, self.n_steps + 1)

    @property
    def _room(self) -> int:
        if not self.is_single:
            return self.n_candidates
        room = max(self.budget // 2, self.budget - self.sample_bytes) - self._exact_bytes
        return max(self._n_least, room // self._single_bytes + self.n_exact)

    @property
    def _n_least(self) -> int:
        """The states that are kept in any case: those that were named, what slow motion leads to, and a few."""
        return 2 * self.n_exact + self.n_more + 2

    @property
    def _single_bytes(self) -> int:
        return self.n_parameters * SINGLE * self._n_fields

    @property
    def _exact_bytes(self) -> int:
        n_traced = self.n_exact - 2
        return (self.n_exact * self._n_fields + n_traced * 2 * self.n_memory) * self.n_parameters * DOUBLE

    @property
    def _n_fields(self) -> int:
        """Parameters, and the updates that cannot be computed again."""
        return 2 if self.n_memory else 1
