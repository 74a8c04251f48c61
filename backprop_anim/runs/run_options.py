"""How one run is to be made, beside what its experiment says."""

from __future__ import annotations

from dataclasses import dataclass, field

from backprop_anim.common import Interruption, Progress, silent

__all__ = ["RunOptions"]


@dataclass(frozen=True)
class RunOptions:
    """How one run is to be made, beside what its experiment says.

    Attributes
    ----------
    keep_frames : bool
        Whether PNG frames are wanted too.
    progress : Progress
    interruption : Interruption
        Where the wish to stop will be heard.
    resume : bool or None
        Whether training goes on from the checkpoint of an interrupted run, if there is one; None does so only where
        it fits.
    explain : bool
        Whether training stops after the last step in slow motion, and the film shows nothing else.
    """

    keep_frames: bool = False
    progress: Progress = silent
    interruption: Interruption = field(default_factory=Interruption)
    resume: bool | None = False
    explain: bool = False
