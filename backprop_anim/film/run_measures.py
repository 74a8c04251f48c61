"""How good each of several runs is at each state, in words, and which is the best at the end; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import number_text
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.story import loss_decimals
from backprop_anim.training import Recording

__all__ = ["ComparedRun", "Measures", "losses_differ", "measure_runs"]


MOST_DECIMALS = 5

WITH_TENTHS = 10
"""From so many epochs on, parts of them are told in tenths."""


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs.

    Attributes
    ----------
    label : str
        What sets it apart.
    recording : Recording
        Its states stand at the same steps as those of the others; a shorter run repeats its last.
    last_step : int
        Where the run itself ended.
    choices : tuple of (str, str)
        The label piece by piece: settings with their values; a name has no setting.
    epochs : ndarray, shape (S,), optional
        How many epochs all runs had seen at each state, where they are compared by these and not by steps.
    """

    label: str
    recording: Recording
    last_step: int
    choices: tuple[tuple[str, str], ...] = ()
    epochs: Array | None = None

    @property
    def unit(self) -> str:
        """What the film counts."""
        word = self.recording.experiment.step_word if self.epochs is None else "epoch"
        return "epoch" if word == "epoch" else "training step"

    @property
    def places(self) -> Array:
        """How far all runs have come at each state, in that unit."""
        return self.recording.steps.astype(np.float64) if self.epochs is None else self.epochs

    def along(self, steps: NDArray[np.int64]) -> Array:
        """Return how far this run has come after so many steps, in that unit."""
        experiment = self.recording.experiment
        if self.epochs is None:
            return steps.astype(np.float64)
        return experiment.training.epochs_of(steps, experiment.dataset.n_samples)

    def place_texts(self, places: Array) -> list[str]:
        """Return places in words, with decimals only where the film shows parts of epochs."""
        whole = self.epochs is None or bool((self.epochs == np.floor(self.epochs)).all())
        decimals = 0 if whole else 1 if self.places[-1] >= WITH_TENTHS else 2
        return [f"{place:,.{decimals}f}" for place in places]


@dataclass(frozen=True)
class Measures:
    """What all runs are compared by: their losses over what is held out or all data, or accuracies where losses differ.

    Attributes
    ----------
    name, best_word : str
        What a number is called, and what the best of the last ones is.
    texts : tuple of list of str
        For each run what is said at each state: a number, all with the same decimals, or that the run diverged.
    best : frozenset of int
        The runs with the best last number, as far as it is written; none where all are alike.
    held_out : bool
        Whether the numbers are over the samples that are held out.
    """

    name: str
    best_word: str
    texts: tuple[list[str], ...]
    best: frozenset[int]
    held_out: bool = False

    @property
    def title(self) -> str:
        """What a tile calls the number."""
        return f"held-out {self.name}" if self.held_out else self.name


def losses_differ(experiments: Sequence[Experiment]) -> bool:
    """Return whether runs have losses that cannot stand on one axis."""
    return len({each.training.loss for each in experiments}) > 1


def measure_runs(runs: Sequence[ComparedRun]) -> Measures:
    """Return what is said of each run at each state, and which runs are the best at the end."""
    recordings = [each.recording for each in runs]
    if losses_differ([each.experiment for each in recordings]):
        values, held_out = _over_held_out([(each.snapshot_accuracies, each.test_accuracies) for each in recordings])
        texts = [[f"{share:.0%}" for share in shares] for shares in values]
        best = _best(recordings, [-shares for shares in values], texts)
        return Measures("accuracy", "highest", _until_they_diverged(runs, texts), best, held_out)
    decimals = min(MOST_DECIMALS, max(loss_decimals(each) for each in recordings))
    values, held_out = _over_held_out([(each.snapshot_losses, each.test_losses) for each in recordings])
    texts = [[number_text(loss, decimals, tiny=True) for loss in some] for some in values]
    best = _best(recordings, values, texts)
    return Measures("loss", "lowest", _until_they_diverged(runs, texts), best, held_out)


def _over_held_out(values: Sequence[tuple[Array, Array | None]]) -> tuple[list[Array], bool]:
    """Return what runs are judged by: what is held out, where that is known of all of them, or else all data."""
    tested = [held_out for _, held_out in values if held_out is not None]
    return (tested, True) if len(tested) == len(values) else ([trained for trained, _ in values], False)


def _best(recordings: Sequence[Recording], values: Sequence[Array], texts: Sequence[Sequence[str]]) -> frozenset[int]:
    whole = [k for k, each in enumerate(recordings) if each.diverged_at is None and np.isfinite(values[k][-1])]
    if not whole:
        return frozenset()
    first = min(whole, key=lambda k: float(values[k][-1]))
    best = frozenset(k for k in whole if texts[k][-1] == texts[first][-1])
    return best if len(best) < len(recordings) else frozenset()


def _until_they_diverged(runs: Sequence[ComparedRun], texts: Sequence[list[str]]) -> tuple[list[str], ...]:
    """Return the texts with the words that a run diverged from the state on at which it had."""
    for run, said in zip(runs, texts, strict=True):
        ended = run.recording.diverged_at
        if ended is not None:
            first = int(np.searchsorted(run.recording.steps, ended))
            (where,) = run.place_texts(run.along(np.array([ended])))
            said[first:] = [f"diverged at {where}"] * (len(said) - first)
    return tuple(texts)
