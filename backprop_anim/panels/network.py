"""The network as a diagram: signed weights as lines, the activations of a travelling probe as nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import Diagram, PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["NetworkPanel"]

SAMPLED_STATES = 64
"""The scales of weights and activations come from about this many states of the run."""

SAMPLED_INPUTS = 64


@panels.register("network")
@dataclass(frozen=True)
class NetworkPanel:
    """Topology with signed weights as colour and width, and the activations of a probe."""

    max_nodes: Annotated[int, Ge(3), Le(40)] = 16
    labels: bool = True
    stretch: ClassVar[float] = 2.2
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import Diagram, FrameBlocks, StepAnimation, masked
        from backprop_anim.story import compute_step_values, probe_inputs, shown_state

        recording, moments = stage.recording, stage.moments
        network, slow = recording.experiment.network, recording.experiment.video.slow_motion
        probes = probe_inputs(recording, moments)
        snapshots = np.array([moment.snapshot for moment in moments])
        diagram = Diagram(stage, network.sizes, self.max_nodes, self.labels, readable=bool(slow))
        rows = [recording.nearest(motion.step) for motion in slow]
        changes = [_shown_weights(recording, diagram, recording.updates[row : row + 1])[0] for row in rows]
        changes = [change / max(float(np.abs(change).max(initial=0.0)), 1e-300) for change in changes]
        walk = StepAnimation(
            stage, diagram, [compute_step_values(recording, index) for index in range(len(slow))], changes
        )
        weight_limit, node_limits = _weight_limit(recording), _node_limits(recording)
        show_rings = _create_rings(stage, diagram)

        def levels(start: int, stop: int) -> list[Array]:
            states = recording.parameters[snapshots[start:stop]]
            layers = network.layers(states, probes[start:stop, np.newaxis, :])
            return [
                np.clip(layer[:, 0, diagram.shown_units(k)] / limit, -1, 1)
                for k, (layer, limit) in enumerate(zip(layers, node_limits, strict=True))
            ]

        def weights(states: Array) -> Array:
            return np.clip(_shown_weights(recording, diagram, states) / weight_limit, -1, 1)

        level_blocks = FrameBlocks(levels, len(moments))
        weight_blocks = FrameBlocks(
            lambda start, stop: weights(recording.parameters[start:stop]), recording.n_snapshots
        )

        def show(moment: Moment) -> None:
            block, row = level_blocks.at(moment.frame)
            diagram.set_nodes(np.concatenate(masked([layer[row] for layer in block], walk.reached(moment.act))))
            if moment.act is not None:
                diagram.set_edges(weights(shown_state(recording, moment)[np.newaxis])[0])
            else:
                signed, row = weight_blocks.at(moment.snapshot)
                diagram.set_edges(signed[row])
            show_rings(moment)
            walk.show(moment.act)

        return show


def _create_rings(stage: PanelArea, diagram: Diagram) -> Callable[[Moment], None]:
    """Let the rims of a classifier's outputs redden with the loss of the sample that is shown."""
    from backprop_anim.story import probe_samples

    recording, moments = stage.recording, stage.moments
    experiment = recording.experiment
    if experiment.dataset.kind != "classes":
        return lambda moment: None
    samples, targets = probe_samples(recording, moments), experiment.targets()
    shown = len(diagram.shown_units(len(experiment.network.sizes) - 1))

    def show(moment: Moment) -> None:
        sample = samples[moment.frame]
        state, inputs = recording.parameters[moment.snapshot], experiment.dataset.inputs[sample : sample + 1]
        z = experiment.network.pre_activations(state, inputs).T
        a = np.empty_like(z)
        with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out of the numbers
            experiment.network.activations[-1].value(z, a)
            loss = experiment.training.loss.value(z, a, targets[sample][:, np.newaxis])
        diagram.set_rings(np.full(shown, 1 - np.exp(-2 * loss)))

    return show


def _shown_weights(recording: Recording, diagram: Diagram, states: Array) -> Array:
    """Return the weights that the diagram has lines for, (states, lines), in the diagram's order."""
    arrays = recording.experiment.network.layout.arrays(states)
    parts = []
    for k in diagram.drawn_connections:
        block = arrays[f"W{k + 1}"][:, diagram.shown_units(k + 1)][:, :, diagram.shown_units(k)]
        parts.append(block.reshape(len(states), -1))
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(states), 0))


def _sampled(recording: Recording) -> Array:
    """Return some states from all over the run, the last among them."""
    rows = np.unique(np.linspace(0, recording.n_snapshots - 1, SAMPLED_STATES).astype(int))
    states: Array = recording.parameters[rows]
    return states


def _weight_limit(recording: Recording) -> float:
    """Return the weight that is drawn with full width: nearly the largest of the run."""
    arrays = recording.experiment.network.layout.arrays(_sampled(recording))
    largest = np.max([np.abs(arrays[name]).max(axis=(1, 2)) for name in arrays if name[0] == "W"], axis=0)
    return max(float(np.quantile(largest, 0.9)), 1e-9)


def _node_limits(recording: Recording) -> list[float]:
    """Return for each layer the activation that is drawn in full colour: its bound, or the largest of the run."""
    network, inputs = recording.experiment.network, recording.experiment.dataset.inputs
    some = inputs[:: max(1, len(inputs) // SAMPLED_INPUTS)]
    layers = network.layers(_sampled(recording), some)
    limits = [max(float(np.abs(layers[0]).max()), 1e-9)]
    for layer, activation in zip(layers[1:], network.activations, strict=True):
        bound = activation.bounds[1]
        limits.append(bound if np.isfinite(bound) else max(float(np.quantile(np.abs(layer), 0.99)), 1e-9))
    return limits
