"""How good each of several runs is at each state, in words, and which is the best at the end; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backprop_anim.common import number_text
from backprop_anim.engine import Array
from backprop_anim.experiment import Experiment
from backprop_anim.story import loss_decimals
from backprop_anim.training import Recording

__all__ = ["ComparedRun", "Measures", "losses_differ", "measure_runs"]


MOST_DECIMALS = 5


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
    """

    label: str
    recording: Recording
    last_step: int
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Measures:
    """What all runs are compared by: their losses over all data, or their accuracies where their losses differ.

    Attributes
    ----------
    name, best_word : str
        What a number is called, and what the best of the last ones is.
    texts : tuple of list of str
        For each run what is said at each state: a number, all with the same decimals, or that the run diverged.
    best : frozenset of int
        The runs with the best last number, as far as it is written; none where all are alike.
    """

    name: str
    best_word: str
    texts: tuple[list[str], ...]
    best: frozenset[int]


def losses_differ(experiments: Sequence[Experiment]) -> bool:
    """Return whether runs have losses that cannot stand on one axis."""
    return len({each.training.loss for each in experiments}) > 1


def measure_runs(runs: Sequence[ComparedRun]) -> Measures:
    """Return what is said of each run at each state, and which runs are the best at the end."""
    recordings = [each.recording for each in runs]
    if losses_differ([each.experiment for each in recordings]):
        values = [each.snapshot_accuracies for each in recordings]
        texts = [[f"{share:.0%}" for share in shares] for shares in values]
        best = _best(recordings, [-shares for shares in values], texts)
        return Measures("accuracy", "highest", _until_they_diverged(recordings, texts), best)
    decimals = min(MOST_DECIMALS, max(loss_decimals(each) for each in recordings))
    texts = [[number_text(loss, decimals, tiny=True) for loss in each.snapshot_losses] for each in recordings]
    best = _best(recordings, [each.snapshot_losses for each in recordings], texts)
    return Measures("loss", "lowest", _until_they_diverged(recordings, texts), best)


def _best(recordings: Sequence[Recording], values: Sequence[Array], texts: Sequence[Sequence[str]]) -> frozenset[int]:
    whole = [k for k, each in enumerate(recordings) if each.diverged_at is None and np.isfinite(values[k][-1])]
    if not whole:
        return frozenset()
    first = min(whole, key=lambda k: float(values[k][-1]))
    best = frozenset(k for k in whole if texts[k][-1] == texts[first][-1])
    return best if len(best) < len(recordings) else frozenset()


def _until_they_diverged(recordings: Sequence[Recording], texts: Sequence[list[str]]) -> tuple[list[str], ...]:
    """Return the texts with the words that a run diverged from the state on at which it had."""
    for recording, said in zip(recordings, texts, strict=True):
        ended = recording.diverged_at
        if ended is not None:
            first = int(np.searchsorted(recording.steps, ended))
            said[first:] = [f"diverged at {ended:,}"] * (len(said) - first)
    return tuple(texts)
