"""Training: experiment in, recording out; it knows nothing of pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import Progress, RecordingError, silent
from backprop_anim.engine import DAMAGE, Array, Backprop, BatchStream
from backprop_anim.experiment import Experiment
from backprop_anim.training.early_stop import EarlyStop
from backprop_anim.training.endings import finite_part, refuse_recorded
from backprop_anim.training.loss_log import LossLog
from backprop_anim.training.recording import Recording, Trace
from backprop_anim.training.snapshot_recorder import SnapshotRecorder, make_recorder
from backprop_anim.training.training_state import (
    Checkpointer,
    NoCheckpoints,
    TrainingState,
    checked_array,
    restore_into,
)

__all__ = ["Trainer", "train"]

NOISE_BLOCK = 1024
"""Steps for which the noise is drawn in one go; the numbers are the same for any size."""

PROBE_SAMPLES = 64
"""How many samples the motion of the answers is measured on, where a step does not see all of them."""

REPORTS = 200
"""How often a run reports its progress."""


class Trainer:
    """One network on its way, a step at a time: `compute_gradient`, then `apply_update`.

    Attributes
    ----------
    parameters : ndarray, shape (P,)
        The present state, changed in place by `apply_update`.
    backprop : Backprop
        The last pass, with the gradient that `compute_gradient` found; `apply_update` adds the noise to a copy.
    update : ndarray, shape (P,)
        What the last `apply_update` added.
    penalty : float
        What the weights cost at the last `compute_gradient`; its gradient is among the gradient's.
    batch : ndarray of int, shape (batch,)
        The samples of the last `compute_gradient`.
    factors : ndarray, shape (arrays,)
        By what the last `apply_update` multiplied each array's gradient; ones without noise.
    """

    def __init__(self, experiment: Experiment) -> None:
        training, dataset = experiment.training, experiment.dataset
        rng = experiment.streams()
        layout = experiment.network.layout
        self.training = training
        self.step, self.penalty = 0, 0.0
        self.parameters = experiment.init.sample(layout, rng.init)
        self.early_stop = EarlyStop(experiment, self.parameters, lambda: self._over_all().loss_value(self._targets))
        self.update = np.zeros_like(self.parameters)
        self._inputs = np.ascontiguousarray(dataset.inputs.T)
        self._targets = np.ascontiguousarray(experiment.targets().T)
        self._rates = (training.aggression * training.schedule.factors(training.steps)).tolist()
        self._noisy = np.empty_like(self.parameters)
        self._noise_rng, self._noise_block = rng.noise, np.empty((0, len(layout.names)))
        self.factors = np.ones(len(layout.names))
        self._owner = layout.owner
        self._memory = np.zeros((training.optimizer.n_memory, layout.n_parameters))
        size = dataset.n_samples if training.batch is None else training.batch
        self.batch = np.arange(size)
        self._stream = None
        if training.batch is not None:
            self._stream = BatchStream(training.order, dataset.n_samples, size, rng.batch, training.straddles)
        self._network, self._passes = experiment.network, dict[int, Backprop]()
        self.backprop = self._pass_of(size)
        self._probe: Backprop | None = None
        self._everything: Backprop | None = None
        self._batch_targets = self._targets
        self.backprop.a[0][...] = self._inputs[:, self.batch]

    def compute_gradient(self) -> float:
        """Take the next batch, find its loss, the penalty and the gradient of both, and return the loss."""
        if self._stream is not None:
            self.batch = self._stream.take()
            if len(self.batch) != self.backprop.a[0].shape[1]:
                self.backprop = self._pass_of(len(self.batch))
            np.take(self._inputs, self.batch, axis=1, out=self.backprop.a[0], mode="clip")
            self._batch_targets = self._targets[:, self.batch]
        self.backprop.forward()
        loss = self.backprop.backward(self._batch_targets)
        if self.training.penalty:
            self.penalty = float(self.training.penalty.value(self._network.layout, self.parameters))
            self._add_penalty(self.backprop.gradient)
        return loss

    def _add_penalty(self, gradient: Array) -> None:
        gradient += self.training.penalty.gradient(self._network.layout, self.parameters)

    def _pass_of(self, size: int) -> Backprop:
        """Return the buffers for a batch of so many samples: all have one size but the last of a pass."""
        if size not in self._passes:
            self._passes[size] = Backprop(self._network, self.training.loss, self.parameters, size)
        return self._passes[size]

    def apply_update(self) -> None:
        """Make the update that the last `compute_gradient` calls for: noise, optimizer, parameters."""
        training, gradient = self.training, self.backprop.gradient
        if training.noise:
            self.factors = self.noise_factors()
            np.take(self.factors, self._owner, out=self._noisy, mode="clip")
            np.multiply(self._noisy, gradient, self._noisy)
            gradient = self._noisy
        rate = self._rates[self.step]
        self.step += 1
        training.optimizer.update(gradient, rate, self.step, self._memory, self.parameters, self.update)
        if self._network.frozen:
            self.update[self._network.is_frozen] = 0.0
        np.add(self.parameters, self.update, self.parameters)

    def apply_traced_update(self) -> Trace:
        """Make the update as `apply_update` does, and return everything about it."""
        step, before = self.step, self._memory.copy()
        self.apply_update()
        return Trace(
            step=step,
            batch=self.batch.astype(np.int64),
            noise=self.factors.copy(),
            rate=self._rates[step],
            memory_before=before,
            memory_after=self._memory.copy(),
        )

    def noise_factors(self) -> Array:
        """Return 1 + noise·z for each array in this step, shape (arrays,); to be called once a step."""
        row = self.step % NOISE_BLOCK
        if row == 0:
            draws = self._noise_rng.standard_normal((NOISE_BLOCK, self._noise_block.shape[1]))
            self._noise_block = 1 + self.training.noise * draws
        factors: Array = self._noise_block[row]
        return factors

    def state(self) -> TrainingState:
        """Return all that the next steps depend on."""
        words: dict[str, Any] = {"step": self.step, "noise": self._noise_rng.bit_generator.state}
        arrays: dict[str, NDArray[Any]] = {
            "now": self.parameters,
            "memory": self._memory,
            "noise_block": self._noise_block,
        }
        if self._stream is not None:
            words |= {"batch": self._stream.rng.bit_generator.state, "position": self._stream.position}
            arrays["waiting"] = self._stream.waiting
        if self.training.stop is not None:
            words |= self.early_stop.state()
        return TrainingState(words, arrays)

    def restore(self, state: TrainingState) -> None:
        """Go back to what `state` returned; raises an ordinary error where it does not fit."""
        words, arrays = state.words, state.arrays
        restore_into(self.parameters, arrays["now"])
        restore_into(self._memory, arrays["memory"])
        self._noise_block = checked_array(arrays["noise_block"], np.float64, (None, self._noise_block.shape[1]))
        self._noise_rng.bit_generator.state = words["noise"]
        if self._stream is not None:
            self._stream.rng.bit_generator.state = words["batch"]
            self._stream.waiting = checked_array(arrays["waiting"], np.intp, (None,))
            self._stream.position = int(words["position"])
        self.step = int(words["step"])
        self.early_stop.restore(words)

    @property
    def sample(self) -> int:
        """The sample of the last `compute_gradient` where a batch is one sample; otherwise -1."""
        return int(self.batch[0]) if self.training.batch == 1 else -1

    def probe_outputs(self) -> Array:
        """Return the network's present answers, (n_out, some samples): what its motion is measured by.

        At a full batch the last `compute_gradient` has found them already; otherwise a few samples are sent through.
        """
        if self._stream is None:
            return self.backprop.a[-1]
        if self._probe is None:
            some = np.linspace(0, self._inputs.shape[1] - 1, min(PROBE_SAMPLES, self._inputs.shape[1])).astype(int)
            self._probe = Backprop(self.backprop.network, self.training.loss, self.parameters, len(some))
            self._probe.forward(self._inputs[:, some])
        return self._probe.forward()

    def full_gradient(self) -> Array:
        """Return the gradient over all samples at the present parameters, shape (P,)."""
        everything = self._over_all()
        everything.backward(self._targets)
        if self.training.penalty:
            self._add_penalty(everything.gradient)
        return everything.gradient

    def _over_all(self) -> Backprop:
        """Return a pass of all samples through the present parameters."""
        if self._everything is None:
            self._everything = Backprop(self._network, self.training.loss, self.parameters, self._inputs.shape[1])
            self._everything.a[0][...] = self._inputs
        self._everything.forward()
        return self._everything


def train(
    experiment: Experiment,
    progress: Progress = silent,
    stop: int | None = None,
    checkpointer: Checkpointer | None = None,
    state: TrainingState | None = None,
) -> Recording:
    """Train the network of `experiment` and return what it left.

    Parameters
    ----------
    experiment : Experiment
    progress : Progress, optional
        Called with ``("training", step, steps)`` now and then.
    stop : int, optional
        End after this many updates, though the run is planned for more.
    checkpointer : Checkpointer, optional
        Is given the run's state whenever it is due.
    state : TrainingState, optional
        What a checkpointer was given in an earlier run of the same experiment: training goes on from there.

    Returns
    -------
    Recording
        Where a loss was not finite it ends before that step, and its `diverged_at` names it; where the experiment
        says when it may stop, it may end earlier.

    Raises
    ------
    DivergedError
        If not even the first state has a finite loss and gradient.
    RecordingError
        If `state` does not fit the experiment.
    """
    refuse_recorded(experiment)
    planned = n_steps = experiment.training.steps if stop is None else min(stop, experiment.training.steps)
    trainer, recorder = Trainer(experiment), make_recorder(experiment)
    log, traced = LossLog(n_steps, bool(experiment.training.penalty)), frozenset(experiment.traced_steps)
    stride, checkpointer = max(1, n_steps // REPORTS), checkpointer or NoCheckpoints()
    first = 0 if state is None else _restored(state, trainer, recorder, log)
    # Overflow is an ordinary end of an aggressive run: it is noticed by the loss, with a message that helps.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for step in range(first, n_steps):
            if step % stride == 0:
                progress("training", step, planned)
            if trainer.early_stop.is_due(step):
                n_steps = step
                break
            if checkpointer.due:
                checkpointer.save(_state(trainer, recorder, log))
            loss = trainer.compute_gradient()
            if not math.isfinite(loss + trainer.penalty):
                return finite_part(step, recorder.recording(experiment, *log.until(step)))
            log.keep(step, loss, trainer.penalty)
            if recorder.wants(step, trainer):
                recorder.keep_state(step, trainer.parameters, trainer.backprop.gradient)
                if step in traced:
                    recorder.traces.append(trainer.apply_traced_update())
                else:
                    trainer.apply_update()
                recorder.keep_update(trainer.update, trainer.sample, trainer.factors)
            else:
                trainer.apply_update()
        if checkpointer.begun:  # a long run: drawing may be interrupted too
            checkpointer.save(_state(trainer, recorder, log))
        recorder.keep_last(n_steps, trainer.parameters, trainer.full_gradient())
    recording = recorder.recording(experiment, *log.until(n_steps))
    recording = replace(recording, out_of_patience=trainer.early_stop.out_of_patience)
    if recording.n_finite < recording.n_snapshots or not math.isfinite(recording.snapshot_losses[-1]):
        return finite_part(n_steps, recording.first_states(recording.n_snapshots - 1))
    progress("training", planned, planned)
    return recording


def _state(trainer: Trainer, recorder: SnapshotRecorder, log: LossLog) -> TrainingState:
    state = trainer.state()
    return TrainingState(state.words, {**state.arrays, **recorder.state(), **log.state(trainer.step)})


def _restored(state: TrainingState, trainer: Trainer, recorder: SnapshotRecorder, log: LossLog) -> int:
    """Bring everything to `state` and return its step."""
    try:
        trainer.restore(state)
        recorder.restore(state.arrays)
        log.restore(trainer.step, state.arrays)
    except DAMAGE as error:
        raise RecordingError(f"the checkpoint does not fit this run ({error}): start it without --resume") from None
    return trainer.step
