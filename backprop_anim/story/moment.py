"""What one frame of a film shows: a kept state, words, and where in a slow step it is; it never lays frames in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backprop_anim.engine import Array
from backprop_anim.training import Recording

__all__ = [
    "PHASES",
    "Moment",
    "Phase",
    "StepPhase",
    "eased",
    "is_updating",
    "knows_update",
    "picture_key",
    "row_before",
    "shown_state",
    "told_row",
]

Phase = Literal["forward", "loss", "backward", "update", "outcome"]
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update")
"""Those of a step itself; its outcome is told at the state that it led to."""


@dataclass(frozen=True)
class StepPhase:
    """A moment of one training step in slow motion.

    Attributes
    ----------
    motion : int
        Which entry of `video.slow_motion` it belongs to.
    phase : {"forward", "loss", "backward", "update", "outcome"}
    progress : float
        How much of the phase is done, 0 to 1, evenly in time.
    """

    motion: int
    phase: Phase
    progress: float


@dataclass(frozen=True)
class Moment:
    """What one frame shows.

    Attributes
    ----------
    frame : int
        Its place in the film.
    time_s : float
        Seconds from the start of the film.
    snapshot : int
        The row of the recording that is shown.
    toward : int
        The row that what is drawn, though no number, is on its way to where `blend` is not 0.
    blend : float
        How much of that way is done, 0 to 1.
    held : bool
        Whether the picture is that of the moment before.
    act : StepPhase or None
        Where in a step it is, in slow motion.
    caption : str
        Words at the foot of the frame.
    caption_opacity : float
        How far they have appeared, 0 to 1.
    card : float
        How far a card covers the panels, 0 to 1: that with the title, or the closing one.
    closing : bool
        Whether the card is the one that says how the run ended.
    faded : float
        How far the film has faded out, 0 to 1.
    probe_s : float
        Seconds for which the probe has been travelling.
    """

    frame: int
    time_s: float
    snapshot: int
    toward: int = 0
    blend: float = 0.0
    held: bool = False
    act: StepPhase | None = None
    caption: str = ""
    caption_opacity: float = 0.0
    card: float = 0.0
    closing: bool = False
    faded: float = 0.0
    probe_s: float = 0.0


def shown_state(recording: Recording, moment: Moment) -> Array:
    """Return the parameters that a moment shows, shape (P,): while a step updates them, they are on their way."""
    parameters: Array = recording.parameters[moment.snapshot]
    if is_updating(moment):
        parameters = parameters + eased(moment.act.progress) * recording.updates[moment.snapshot]  # type: ignore[union-attr]
    elif moment.blend:
        parameters = parameters + eased(moment.blend) * (recording.parameters[moment.toward] - parameters)
    return parameters


def is_updating(moment: Moment) -> bool:
    """Return whether a step in slow motion adds its update to the shown state; afterwards the next state is shown."""
    return moment.act is not None and moment.act.phase == "update"


def told_row(recording: Recording, moment: Moment) -> int:
    """Return the row of the step that a moment tells about: that in slow motion, or the one that leaves the state."""
    if moment.act is None:
        return moment.snapshot
    return recording.nearest(recording.experiment.video.slow_motion[moment.act.motion].step)


def knows_update(moment: Moment) -> bool:
    """Return whether what the told step changes has been worked out: in slow motion that comes last."""
    return moment.act is None or moment.act.phase in ("update", "outcome")


def row_before(recording: Recording, moment: Moment) -> int | None:
    """Return the row that a told step leaves, while its update moves the picture away from there and at its outcome."""
    return told_row(recording, moment) if moment.act is not None and knows_update(moment) else None


def picture_key(moment: Moment) -> tuple[int, float]:
    """Return what tells one picture of the network from another: pictures of equal keys are equal."""
    if is_updating(moment):
        return moment.snapshot, moment.act.progress  # type: ignore[union-attr]
    return moment.snapshot, -moment.blend


def eased(progress: float) -> float:
    """Return a motion from 0 to 1 that starts and ends gently (the smoothstep polynomial 3p² - 2p³)."""
    p = min(1.0, max(0.0, progress))
    return p * p * (3 - 2 * p)
