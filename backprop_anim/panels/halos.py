"""Rings around the samples that a network puts into a wrong class; where they lie is not decided here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from backprop_anim.engine import decided_classes
from backprop_anim.panels.class_plane import halo_marks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from backprop_anim.drawing import PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.story import Moment

__all__ = ["create_halos"]


def create_halos(
    stage: PanelArea, axes: Axes, told: Sequence[tuple[Array, Array, NDArray[np.int64]]], size: float
) -> Callable[[Moment], None]:
    """Create the rings around the samples in a wrong class; like the header, they change when a state is reached.

    Samples are given as their places on the axes, their inputs and their labels.
    """
    recording = stage.recording
    places, inputs, labels = (np.concatenate(parts) for parts in zip(*told, strict=True))
    halos = [axes.plot([], [], **look)[0] for look in halo_marks(stage, size)]
    stage.animate(*halos)

    def show(moment: Moment) -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that went astray
            answers = recording.experiment.answers(recording.parameters[moment.snapshot], inputs)
        chosen = decided_classes(answers)
        for halo in halos:
            halo.set_data(*places[(chosen != labels) | ~np.isfinite(answers).all(axis=1)].T)

    return show
