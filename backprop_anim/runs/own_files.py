"""Files that an experiment names and nobody wrote yet: samples and first weights that are at hand in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from backprop_anim.common import IN_MEMORY, is_file
from backprop_anim.engine import Array, write_weights
from backprop_anim.experiment import Experiment
from backprop_anim.tasks import ArrayTask, rewritten, write_arrays

__all__ = ["with_own_files"]

SAMPLES, FIRST_WEIGHTS = "samples.npz", "first_weights.npz"


@contextmanager
def with_own_files(experiment: Experiment, source: Path, first: Array | None = None) -> Iterator[Experiment]:
    """Yield the experiment with such files written down for a while, so that they can be copied and compared.

    So are those that a recording has lost.

    Parameters
    ----------
    experiment : Experiment
    source : Path
        The folder that relative names start from.
    first : ndarray, shape (P,), optional
        The first weights, where they are those in memory.
    """
    task, init = experiment.task, experiment.init
    in_memory = [_is_missing(getattr(part, "file", None), source) for part in (task, init)]
    if not any(in_memory):
        yield experiment
        return
    with TemporaryDirectory() as folder:
        if in_memory[0] and isinstance(task, ArrayTask):
            write_arrays(experiment.dataset, Path(folder, SAMPLES))
            task = rewritten(task, experiment.dataset, str(Path(folder, SAMPLES)))
        if in_memory[1] and first is not None:
            write_weights(Path(folder, FIRST_WEIGHTS), experiment.network.layout, first)
            init = replace(init, file=str(Path(folder, FIRST_WEIGHTS)))  # type: ignore[type-var]
        yield replace(experiment, task=task, init=init)


def _is_missing(file: str | None, source: Path) -> bool:
    """Return whether a file is named that is not there."""
    return file is not None and (file == IN_MEMORY or not is_file(source / file))
