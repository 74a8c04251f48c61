"""Every neuron's own function of the input in the picture at its place, with the place of the probe marked in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.colors import LinearSegmentedColormap, to_hex
from numpy.typing import NDArray

from backprop_anim.drawing.frame_blocks import FrameBlocks, states_at_once
from backprop_anim.drawing.node_pictures import NodePictures
from backprop_anim.drawing.panel_area import PanelArea
from backprop_anim.drawing.small_curves import stroke_coverage
from backprop_anim.engine import Array
from backprop_anim.story import GRID, Moment, NeuronFunctions, is_updating, shown_state

__all__ = ["NeuronViews"]

Single = NDArray[np.float32]

BLOCK = 64
"""States whose functions are kept."""

INSET = 0.16
"""The room around a curve, as a share of its picture's side."""

PEN = 1.9


class NeuronViews:
    """What the pictures of a diagram show.

    Parameters
    ----------
    stage : PanelArea
    axes : Axes
        Whose data are points of the frame.
    pictures : NodePictures
        One for each neuron, layer by layer.
    functions : NeuronFunctions
    """

    def __init__(self, stage: PanelArea, axes: Axes, pictures: NodePictures, functions: NeuronFunctions) -> None:
        self._stage, self._pictures, self._functions = stage, pictures, functions
        self._recording = stage.recording
        experiment = stage.recording.experiment
        self._last = len(experiment.network.sizes) - 1
        self._of_layer = np.repeat(np.arange(self._last + 1), experiment.network.sizes)
        self._flat = experiment.dataset.n_inputs == 2
        self._classes = experiment.dataset.kind == "classes"
        self._half = pictures.side / stage.scale / 2
        self._inset = round(INSET * pictures.side)
        along = np.linspace(0, GRID - 1, pictures.side)
        self._spread = np.maximum(0, 1 - np.abs(along[:, np.newaxis] - np.arange(GRID))).astype(np.float32)
        at_once = min(BLOCK, states_at_once(experiment.network.layout.n_parameters))
        self._blocks = FrameBlocks(
            lambda start, stop: self._levels(self._recording.parameters[start:stop]),
            stage.recording.n_snapshots,
            at_once,
        )
        self._shown: tuple[int, float] | None = None
        self._marks = self._make_marks(axes)
        colored = experiment.dataset.kind == "curve"
        self._ramp = LinearSegmentedColormap.from_list("ramp", list(stage.theme.ramp)) if colored else None

    def show(self, moment: Moment, probe: Array, answers: Sequence[Array], reached: float) -> None:
        """Bring all pictures to a moment.

        Parameters
        ----------
        moment : Moment
        probe : ndarray, shape (n_in,)
            Where it stands in the pictures.
        answers : sequence of ndarray
            What each layer makes of the probe.
        reached : float
            The last layer in which the probe is marked.
        """
        state = moment.snapshot, moment.act.progress if moment.act is not None and is_updating(moment) else 0.0
        if state != self._shown:
            self._shown = state
            if state[1]:
                block, row = self._levels(shown_state(self._recording, moment)[np.newaxis]), 0
            else:
                block, row = self._blocks.at(moment.snapshot)
            self._pictures.set_levels(self._heat(block[row]) if self._flat else self._curves(block[row]))
        self._mark(probe, answers, reached)

    def _levels(self, states: Array) -> Single:
        """Return what all neurons show for some states: (states, n, GRID, GRID), or heights of (states, n, columns)."""
        functions = self._functions
        if not self._flat:
            layers = functions.along(states, self._pictures.side - 2 * self._inset)
            parts = [functions.shares(layer, k) for k, layer in enumerate(layers)]
        else:
            layers = functions.over(states)
            parts = [
                functions.of_classes(layer) if self._classes and k == self._last else functions.signed(layer, k)
                for k, layer in enumerate(layers)
            ]
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _heat(self, levels: Single) -> Single:
        wide = np.matmul(levels, self._spread.T)
        heat: Single = np.matmul(self._spread, wide)[:, ::-1]
        return heat

    def _curves(self, heights: Single) -> Single:
        side, inset = self._pictures.side, self._inset
        y = inset + (1 - heights) * (side - 2 * inset)
        levels = np.zeros((len(y), side, side), np.float32)
        levels[..., inset : side - inset] = stroke_coverage(y, side, PEN * self._stage.scale)
        return levels

    def _make_marks(self, axes: Axes) -> EllipseCollection:
        n, theme = len(self._of_layer), self._stage.theme
        size = np.full(n, min(9.0, 0.3 * self._half) if self._flat else min(8.0, 0.36 * self._half))
        marks = EllipseCollection(
            size,
            size,
            np.zeros(n),
            units="points",
            offsets=self._pictures.centres,
            offset_transform=axes.transData,
            edgecolors=theme.background if self._flat else theme.surface,  # a hollow one would read as "wrong"
            facecolors=theme.ink,
            linewidths=1.3 if self._flat else 0.8,
        )
        axes.add_collection(marks, autolim=False)
        self._stage.animate(marks)
        return marks

    def _mark(self, probe: Array, answers: Sequence[Array], reached: float) -> None:
        functions, half = self._functions, self._half
        at = 2 * (probe - functions.low) / (functions.high - functions.low) - 1
        if self._flat:
            moved = np.broadcast_to(half * np.clip(at, -0.9, 0.9), self._pictures.centres.shape)
        else:
            heights = np.concatenate([functions.shares(layer, k) for k, layer in enumerate(answers)])
            inner = half * (1 - 2 * INSET)
            moved = inner * np.column_stack([np.full(len(heights), np.clip(at[0], -1, 1)), 2 * heights - 1])
        seen = (self._of_layer <= reached + 1e-9) & (self._pictures.opacities > 0.5)
        self._marks.set_offsets(np.where(seen[:, np.newaxis], self._pictures.centres + moved, np.nan))
        color = self._stage.theme.accent
        if self._ramp is not None:
            color = to_hex(self._ramp((at[0] + 1) / 2))
            if not self._pictures.strong[0]:
                self._pictures.rims[0] = color
        if not self._flat:
            self._marks.set_facecolor(color)
