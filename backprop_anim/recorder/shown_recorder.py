"""What every recorder is: states of a training as they come, and what can be made of them."""

from __future__ import annotations

import itertools
import numbers
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop_anim.api import Page, Rendered, Run, Still
from backprop_anim.common import OutputError, RecordingError, UsageError, counted
from backprop_anim.config import is_run_name
from backprop_anim.experiment import Experiment
from backprop_anim.recorder.given_samples import GivenSamples
from backprop_anim.recorder.kept_states import KeptStates, Vector
from backprop_anim.recorder.layer_line import LayerLine
from backprop_anim.recorder.live_preview import LivePreview
from backprop_anim.recorder.recorded_experiment import NetworkWords, Origin, recorded_experiment
from backprop_anim.recorder.recorded_run import finite_states, recording_of
from backprop_anim.recorder.recorder_options import RecorderOptions
from backprop_anim.runs import Prediction, is_trained_here

__all__ = ["PROBES", "ShownRecorder", "as_doubles"]

KNOWN = RecorderOptions.__optional_keys__
PROBES = 12
"""On so many samples it is measured how far the answers moved."""

MOST_HELD_BYTES = 256_000_000
"""States are fewer where twice as many as are wanted, each with its update, would take more."""

MOST_STATES = 10_000


_unnamed = itertools.count(1)

Arrange = Callable[[Vector], NDArray[np.float64]]


def as_doubles(parameters: Vector) -> NDArray[np.float64]:
    """Return parameters as they are, in double precision."""
    return np.asarray(parameters, np.float64)


class ShownRecorder:
    """The states of one training, and the films, pages and pictures that can be made of them.

    Parameters
    ----------
    x, y : array_like
        The samples, (N, …) and (N,) or (N, n_out), as the network is given them.
    **options
        As `RecorderOptions` says.

    Attributes
    ----------
    notes : list of str
        What the user should know of how the recording was made.

    Raises
    ------
    UsageError
        If an option or the data cannot be taken.
    """

    def __init__(self, x: Any, y: Any, options: RecorderOptions) -> None:
        if unknown := set(options) - KNOWN:
            raise UsageError(f"there is no option {min(unknown)!r}; there are {', '.join(sorted(KNOWN))}")
        self.samples = GivenSamples.of(x, y, options.get("x_test"), options.get("y_test"), options.get("names"))
        self.name = options.get("name") or _unused_name()
        if not is_run_name(self.name):
            raise UsageError(
                f"name is {self.name!r}: letters a-z, digits, -, _ and . make a name, a letter or digit first"
            )
        self._count = _whole("count", options.get("count", 300), 2, MOST_STATES)
        self._keep = [_whole("a step of keep", step, 0) for step in options.get("keep", ())]
        every = options.get("preview")
        self._preview = None if every is None else LivePreview(_whole("preview", every, 1))
        self.notes: list[str] = []
        self.diverged_at: int | None = None
        self._experiment: Experiment | None = None
        self._states: KeptStates | None = None
        self._arranged: Arrange = as_doubles
        self._made: Run | None = None

    def __repr__(self) -> str:
        """Say what is recorded, in one line."""
        n = 0 if self._states is None else min(len(self._states), self._count)
        return f"{type(self).__name__}({self.name}: {counted(n, 'state')})"

    def _repr_html_(self) -> str:
        """Show the film in a notebook; of one state, its picture."""
        return self.recording._repr_html_()

    @property
    def recording(self) -> Run:
        """All that was recorded, with what the views need beside it; made when it is first asked for.

        Raises
        ------
        RecordingError
            If nothing was recorded.
        """
        if self._states is None or self._experiment is None or not len(self._states):
            if self.diverged_at is not None:
                raise RecordingError("the first state holds numbers that are not finite: there is nothing to show")
            raise RecordingError(f"nothing was recorded yet: {self._how_to_begin}")
        if self._made is None:
            self._compare_last()
            made = recording_of(self._experiment, self._states, self._arranged)
            made = finite_states(made)
            if self.diverged_at is None and made.diverged_at is not None:
                self.diverged_at = made.diverged_at
            if self.diverged_at is not None:
                planned = replace(made.experiment.training, steps=self.diverged_at)
                experiment = replace(made.experiment, training=planned)
                made = replace(made, experiment=experiment, diverged_at=self.diverged_at)
            if late := [step for step in self._keep if step > made.n_steps]:
                self._note(f"keep names step {late[0]:,}, and the training had {counted(made.n_steps, 'step')}")
            self._made = Run.of(made)
        return self._made

    def film(self, folder: Path | str = "outputs", **video: Any) -> Rendered:
        """Draw the film into a folder of the run's name below `folder`; `video` are settings such as ``theme="dark"``.

        Raises
        ------
        RecordingError
            If no step was recorded.
        OutputError
            If a run that was trained here stands there.
        """
        recording = self.recording
        if is_trained_here(target := Path(folder) / self.name):
            raise OutputError(f"{target} holds a run that was trained here; give this one another name: name=…")
        if recording.n_snapshots < 2:
            why = "no step was recorded" if self.diverged_at is None else f"it diverged at step {self.diverged_at:,}"
            raise RecordingError(f"{why}: of the one state of {self.name} still(0) and page() can be made, and no film")
        return recording.film(folder, **video)

    def page(self, path: Path | str | None = None) -> Page:
        """Write the page: one file that plays the run, tells its steps and trains on."""
        return self.recording.page(path)

    def still(self, step: int, path: Path | str | None = None, **video: Any) -> Still:
        """Draw one step as a picture: that of the last kept state at or before it."""
        return self.recording.still(step, path, **video)

    def explain(self, step: int = 0, folder: Path | str = "outputs", **options: Any) -> Rendered:
        """Make a film of the kept step at or before `step` in slow motion."""
        return self.recording.explain(step, folder, **options)

    def save(self, path: Path | str | None = None) -> Path:
        """Write the recording, from which films can be drawn later, and return where it is."""
        return self.recording.save(path)

    def predict(self, inputs: ArrayLike, step: int | None = None) -> Prediction:
        """Return what the network answers to new samples, after a step or the last one."""
        return self.recording.predict(inputs, step)

    def weights(self, step: int | None = None) -> dict[str, NDArray[np.float64]]:
        """Return the arrays ``W1, b1, …`` after the last kept step at or before `step`, or after the last one."""
        return self.recording.weights(step)

    _how_to_begin = "capture a state first"

    def _begin(self, network: NetworkWords, origin: Origin, line: LayerLine | None = None) -> Experiment:
        """Take the network that is recorded, and make room for its states.

        The vectors that are seen later are those that `line` reads; without one they are as our engine has them.
        """
        arranged, n_bytes = (as_doubles, 8) if line is None else (line.arranged, line.dtype.itemsize)
        experiment = recorded_experiment(self.name, network, self.samples, origin)
        some = experiment.dataset.inputs[experiment.dataset.some_samples(PROBES)]
        layout = experiment.network.layout
        self._arranged = arranged
        few = some.T if line is None else np.ascontiguousarray(some.T, line.dtype)

        def answers(parameters: Sequence[Vector]) -> Iterable[Vector]:
            if line is None:
                return experiment.network.outputs(np.array(parameters, np.float64), some)
            with np.errstate(over="ignore", invalid="ignore"):
                return [line.answers(one, few, experiment.network.activations) for one in parameters]

        room = MOST_HELD_BYTES // (4 * n_bytes * layout.n_parameters)
        if room < self._count:
            said = f"{max(2, room)} states are kept, not {self._count}: a state has {layout.n_parameters:,} parameters"
            self.notes.append(said)
        self._states = KeptStates(min(self._count, room), self._keep, answers)
        self._experiment = experiment
        return experiment

    def _compare_last(self) -> None:
        """Say where the last loss that was given is not ours; called when a recording is made."""

    def _is_preview_due(self, step: int) -> bool:
        return self._preview is not None and self._preview.due(step)

    def _show_preview(self) -> None:
        if self._preview is not None:
            self._preview.show(lambda: self.recording)

    def _note(self, said: str) -> None:
        """Say something that the user should know, now and in `notes`."""
        self.notes.append(said)
        warnings.warn(said, stacklevel=5)

    def _next_due(self) -> int:
        """Return the next step whose state is to be seen; no other one need be read."""
        return 0 if self._states is None else self._states.due

    def _go_back(self, step: int, parameters: Vector) -> None:
        """End with a state that the training came by before."""
        if self._states is not None:
            self._states.forget_after(step)
            self._see(step, parameters, last=True)
            self.notes.append(f"early stopping took the weights of step {step:,} back; what came after it is not shown")

    def _see(self, step: int, parameters: Vector, *, last: bool = False) -> None:
        """Look at a state, unless the run has left the numbers."""
        states = self._states
        if states is None or self.diverged_at is not None:
            return
        if not np.isfinite(parameters).all():
            self.diverged_at = step
            return
        self._made = None
        if last:
            states.see_last(step, parameters)
        else:
            states.see(step, parameters)


def _unused_name() -> str:
    """Return a name for a recorder that was given none: the second of a program must not write over the first."""
    number = next(_unnamed)
    return "recording" if number == 1 else f"recording-{number}"


def _whole(word: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number in its bounds.

    Raises
    ------
    UsageError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise UsageError(f"{word} is a whole number, not {value!r}")
    value = int(value)
    if value < least or (most is not None and value > most):
        raise UsageError(f"{word} is {value}; it goes from {least}" + ("" if most is None else f" to {most:,}"))
    return value
