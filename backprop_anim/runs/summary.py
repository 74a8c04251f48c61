"""What a run left, and what its ``summary.json`` says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backprop_anim.experiment import Experiment
from backprop_anim.runs.run_files import library_versions
from backprop_anim.training import Recording, early_end

__all__ = ["Summary"]


@dataclass(frozen=True)
class Summary:
    """What a run left.

    Attributes
    ----------
    recording : Recording
    folder : Path
    pictures, others : tuple of Path
        The films and pictures that were written, and what else the run consists of.
    n_frames : int
    seconds : mapping of str to float
        ``train``, ``draw`` and ``total``.
    notes : tuple of str
        What the user should know.
    """

    recording: Recording
    folder: Path
    pictures: tuple[Path, ...]
    others: tuple[Path, ...]
    n_frames: int
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()

    @property
    def experiment(self) -> Experiment:
        """What was run."""
        return self.recording.experiment

    @property
    def initial_loss(self) -> float:
        """The loss over all samples at the first state."""
        return float(self.recording.snapshot_losses[0])

    @property
    def final_loss(self) -> float:
        """The loss over all samples at the last state."""
        return float(self.recording.snapshot_losses[-1])

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the run, the films first."""
        return self.pictures + self.others

    def _measures(self) -> dict[str, Any]:
        """Return what is known of the last state beside its loss, and the units of losses where there are two."""
        dataset, found = self.experiment.dataset, dict[str, Any](self.recording.last_measures)
        if hasattr(self.experiment.task, "normalize"):
            found["loss_units"] = "file" if dataset.target_units is None else "normalized"
        found |= self._labels()
        return found | ({"left_out_rows": dataset.n_left_out} if dataset.n_left_out else {})

    def _labels(self) -> dict[str, dict[str, float]]:
        """Return how often the last state is right about each label, by the labels' names."""
        if not self.experiment.has_labels:
            return {}
        given, names = self.recording, self.experiment.label_names
        shares = {"label_accuracy": given.label_accuracies, "test_label_accuracy": given.test_label_accuracies}
        return {
            word: dict(zip(names, each[-1].tolist(), strict=True)) for word, each in shares.items() if each is not None
        }

    def _stopped(self) -> dict[str, Any]:
        """Return where and why the run ended early, if it was to end early at all."""
        if self.experiment.training.stop is None:
            return {}
        return {"stopped_at": self.recording.stopped_at, "stopped_because": early_end(self.recording) or None}

    def as_mapping(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds."""
        video = self.experiment.video
        return {
            "name": self.experiment.name,
            "seed": self.experiment.seed,
            "steps": int(self.recording.steps[-1]),
            "parameters": self.experiment.network.layout.n_parameters,
            "initial_loss": self.initial_loss,
            "final_loss": self.final_loss,
            **self._measures(),
            "diverged_at": self.recording.diverged_at,
            **self._stopped(),
            "frames": self.n_frames,
            "width": video.width_px,
            "height": video.height_px,
            "fps": video.fps,
            "files": [path.relative_to(self.folder).as_posix() for path in self.files],
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "versions": library_versions(),
        }
