"""The folder of one run while it is made: what the run comes from, what it can go on from, and where its files go."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from backprop_anim.experiment import Experiment
from backprop_anim.runs.film_files import film_outputs
from backprop_anim.runs.freshness import provenance_of, provenance_record
from backprop_anim.runs.run_files import (
    SUMMARY,
    copy_input_files,
    names_beside_films,
    remove_partial,
    save_run,
    write_summary,
)
from backprop_anim.runs.run_options import RunOptions
from backprop_anim.runs.summary import Summary
from backprop_anim.training import CheckpointStore, Recording, TrainingState
from backprop_anim.writers import Staging

__all__ = ["RunWorkspace"]


class RunWorkspace:
    """All that a run needs of its folder, worked out once; to be used in a ``with`` block.

    Nothing appears under its final name before `finish`, and what an earlier run left is untouched until then.

    Parameters
    ----------
    experiment : Experiment
    folder : Path
        The run's own folder.
    source : Path
        The folder that the names of data and weights files start from.
    options : RunOptions

    Attributes
    ----------
    experiment : Experiment
        As it stands in this folder, with its data and weights files beside it.
    checkpoints : CheckpointStore
    outputs : dict of Path to Format
        The films and pictures to write.
    """

    def __init__(self, experiment: Experiment, folder: Path, source: Path, options: RunOptions) -> None:
        self._started = self._trained = time.perf_counter()
        self._given, self._source, self._options = experiment, source, options
        self.staging = Staging(folder, alone=True)

    def __enter__(self) -> Self:
        self.staging.__enter__()
        try:
            folder, options = self.staging.folder, self._options
            self._provenance = provenance_of(self._given, self._source, options.explain)
            self.checkpoints = CheckpointStore(folder, self._provenance.training_settings, options.interruption)
            self.experiment = copy_input_files(self._given, self._source, self.staging)
            self.outputs = film_outputs(self.experiment, self.staging, options.keep_frames)
        except BaseException:
            self.staging.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.staging.__exit__(kind, error, traceback)

    def interrupted_state(self) -> TrainingState | None:
        """Return the state that training is to go on from, or None where it starts at the beginning.

        Raises
        ------
        UsageError, RecordingError
            If it was asked for, and its checkpoint is damaged or that of another experiment.
        """
        resume = self._options.resume
        return None if resume is False else self.checkpoints.load(strict=resume is True)

    def own(self, recording: Recording) -> Recording:
        """Return a recording that was just made, or read, with the experiment as it stands in this folder."""
        self._trained = time.perf_counter()
        return replace(recording, experiment=self.experiment)

    def finish(self, recording: Recording, n_frames: int, notes: Sequence[str]) -> Summary:
        """Save the run beside its films, give every file its final name, and remove what an interruption left."""
        save_run(recording, self.staging)
        folder, ended = self.staging.folder, time.perf_counter()
        summary = Summary(
            recording=recording,
            folder=folder,
            pictures=tuple(folder / path.name for path in self.outputs),
            others=tuple(folder / name for name in names_beside_films(self.experiment)),
            n_frames=n_frames,
            seconds={
                "train": self._trained - self._started,
                "draw": ended - self._trained,
                "total": ended - self._started,
            },
            notes=tuple(notes),
        )
        told = summary.as_mapping()
        files = {name: self.staging.current_path(name) for name in told["files"] if name != SUMMARY}
        write_summary(told | {"made_by": provenance_record(self._provenance, files)}, self.staging)
        self.staging.commit()
        remove_partial(folder, told["files"])
        return summary
