"""The network as a diagram: signed weights as lines, what each neuron answers as nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.panel import panels

if TYPE_CHECKING:
    from backprop_anim.drawing import Diagram, PanelArea
    from backprop_anim.engine import Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment, NeuronFunctions
    from backprop_anim.training import Recording

__all__ = ["NetworkPanel"]

SAMPLED_STATES = 64
"""The scale of weights comes from about this many states of the run."""


@panels.register("network")
@dataclass(frozen=True)
class NetworkPanel:
    """Signed weights as colour and width; each neuron as a picture of what it does, or plain with its activation."""

    nodes: Literal["auto", "pictures", "plain"] = "auto"
    max_nodes: Annotated[int, Ge(3), Le(40)] = 16
    labels: bool = True
    stretch: ClassVar[float] = 2.2
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        n_inputs = experiment.dataset.n_inputs
        if self.nodes == "pictures" and n_inputs > 2:
            return f"nodes: pictures shows functions of one or two inputs, and this task has {n_inputs}"
        return None

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import Diagram, FrameBlocks, StepAnimation, states_at_once
        from backprop_anim.story import (
            NeuronFunctions,
            compute_step_values,
            derivation_steps,
            probe_inputs,
            shown_state,
        )

        recording, moments = stage.recording, stage.moments
        network, slow = recording.experiment.network, recording.experiment.video.slow_motion
        dataset = recording.experiment.dataset
        places = probe_inputs(recording, moments)
        probes = dataset.to_inputs(places)
        if dataset.features is None:
            places = probes
        functions = NeuronFunctions(recording)
        snapshots = np.array([moment.snapshot for moment in moments])
        wanted = functions.is_wanted and self.nodes != "plain"
        numbers = [compute_step_values(recording, index) for index in range(len(slow))]
        told = [derivation_steps(recording.experiment, one) for one in numbers]
        focuses = [passage.focus for one in told for passages in one.values() for passage in passages if passage.focus]
        spoken = {(focus.layer, focus.unit) for focus in focuses}
        spoken |= {(mark.layer, mark.unit) for focus in focuses for mark in focus.marks}
        spoken |= {(mark.layer - 1, mark.source) for focus in focuses for mark in focus.marks if mark.source >= 0}
        diagram = Diagram(stage, network.sizes, self.max_nodes, self.labels, bool(slow), wanted, spoken)
        rows = [recording.nearest(motion.step) for motion in slow]
        changes = [_shown_weights(recording, diagram, recording.updates[row : row + 1])[0] for row in rows]
        changes = [change / max(float(np.abs(change).max(initial=0.0)), 1e-300) for change in changes]
        show_nodes = _create_nodes(stage, diagram, functions)
        walk = StepAnimation(stage, diagram, numbers, told, changes)
        weight_limit = _weight_limit(recording)

        def answers(start: int, stop: int) -> list[Array]:
            with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out of the numbers
                layers = network.layers(recording.parameters[snapshots[start:stop]], probes[start:stop, np.newaxis, :])
            return [layer[:, 0, diagram.shown_units(k)] for k, layer in enumerate(layers)]

        def weights(states: Array) -> Array:
            return np.clip(_shown_weights(recording, diagram, states) / weight_limit, -1, 1)

        at_once = states_at_once(network.layout.n_parameters)
        answer_blocks = FrameBlocks(answers, len(moments), at_once)
        weight_blocks = FrameBlocks(
            lambda start, stop: weights(recording.parameters[start:stop]), recording.n_snapshots, at_once
        )

        def show(moment: Moment) -> None:
            walk.show(moment.act)  # first: it says what is in the spotlight
            block, row = answer_blocks.at(moment.frame)
            show_nodes(moment, places[moment.frame], [layer[row] for layer in block], walk.reached(moment.act))
            if moment.act is not None:
                diagram.set_edges(weights(shown_state(recording, moment)[np.newaxis])[0])
            else:
                signed, row = weight_blocks.at(moment.snapshot)
                diagram.set_edges(signed[row])

        return show


ShowNodes = Callable[["Moment", "Array", "list[Array]", float], None]
"""Brings the nodes to a moment, the place of a probe, what each layer makes of it, and the last layer reached."""


def _create_nodes(stage: PanelArea, diagram: Diagram, functions: NeuronFunctions) -> ShowNodes:
    """Return what shows the neurons: as pictures of what they do, or plain with what they make of the probe."""
    from backprop_anim.drawing import NeuronViews

    if diagram.pictures is not None:
        return NeuronViews(stage, diagram.axes, diagram.pictures, functions).show
    experiment = stage.recording.experiment
    last, classes = len(experiment.network.sizes) - 1, experiment.dataset.kind == "classes"

    def levels(layer: int, answers: Array, reached: float) -> Array:
        if layer > reached + 1e-9:
            return np.full(len(answers), -1.0) if not (classes and layer == last) else np.zeros(len(answers))
        if classes and layer == last:
            return functions.of_classes(answers)
        return 2 * functions.shares(answers, layer, diagram.shown_units(layer)) - 1

    def show(moment: Moment, probe: Array, answers: list[Array], reached: float) -> None:
        diagram.set_nodes(np.concatenate([levels(k, layer, reached) for k, layer in enumerate(answers)]))

    return show


def _shown_weights(recording: Recording, diagram: Diagram, states: Array) -> Array:
    """Return the weights that the diagram has lines for, (states, lines), in the diagram's order."""
    arrays = recording.experiment.network.layout.arrays(states)
    parts = []
    for k in diagram.drawn_connections:
        block = arrays[f"W{k + 1}"][:, diagram.shown_units(k + 1)][:, :, diagram.shown_units(k)]
        parts.append(block.reshape(len(states), -1))
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(states), 0))


def _weight_limit(recording: Recording) -> float:
    """Return the weight that is drawn with full width: nearly the largest of some states from all over the run."""
    rows = np.unique(np.linspace(0, recording.n_snapshots - 1, SAMPLED_STATES).astype(int))
    layout, largest = recording.experiment.network.layout, []
    for row in rows.tolist():
        arrays = layout.arrays(recording.parameters[row])
        largest.append(max(float(np.abs(array).max()) for name, array in arrays.items() if name[0] == "W"))
    return max(float(np.quantile(largest, 0.9)), 1e-9)
