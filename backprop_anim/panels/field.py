"""What a network answers at every place of a plane of two inputs, as an amount in colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from backprop_anim.panels.class_plane import ring_mark
from backprop_anim.panels.grid_pass import GridPass
from backprop_anim.panels.new_states import on_new_state
from backprop_anim.panels.panel import panels
from backprop_anim.panels.plane_section import plane_section
from backprop_anim.panels.shown_output import OutputChoice, output_column, output_name, output_problem
from backprop_anim.panels.value_plane import value_edge, value_plane, value_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from backprop_anim.drawing import PanelArea, Single, ValueColors
    from backprop_anim.engine import Activation, Array
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["FieldPanel"]

LEAST_DOT, LARGEST_DOT, DOT_SHARE = 4.5, 12.0, 0.3
"""Dots are so wide, in points, and as a share of the room that each has."""


@panels.register("field")
@dataclass(frozen=True)
class FieldPanel:
    """The answer over two inputs as a field of colour, with the samples in the colours of their targets."""

    output: OutputChoice = 1
    max_points: Annotated[int, Ge(0), Le(20_000)] = 600
    stretch: ClassVar[float] = 3.0
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        dataset = experiment.dataset
        if dataset.kind != "regression":
            return f"it draws the amounts that a regression answers, and this task gives {dataset.kind}"
        if dataset.n_inputs != 2:
            return f"it needs two inputs for its axes, and this task has {dataset.n_inputs}"
        return output_problem(experiment, self.output)

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        from backprop_anim.drawing import ValueColors
        from backprop_anim.story import probe_samples

        experiment = stage.recording.experiment
        column = output_column(experiment, self.output)
        section = plane_section(experiment.dataset, "auto")
        places, samples = section.places(experiment.dataset), probe_samples(stage.recording, stage.moments)
        several = [each.experiment for each in stage.recordings_on_axes]
        scale = value_scale(np.concatenate([each.shown_targets()[:, column] for each in several]))
        names = (*section.names, output_name(experiment, self.output))
        axes = value_plane(stage, names, section.places_of_all(several), scale, self.max_points > 0)
        ends = np.repeat([[scale.low], [scale.high]], experiment.network.sizes[-1], axis=1)
        low, high = experiment.dataset.to_outputs(ends)[:, column]
        colors = ValueColors(stage.theme.values, float(low), float(high))
        show_field = self._create_field(stage, axes, colors, column)
        if self.max_points:
            _draw_samples(stage, axes, colors, self._chosen(experiment, np.unique(samples)), column)
            _draw_held_out(stage, axes, colors, column, self.max_points)
        (ring,) = axes.plot([0], [0], visible=stage.shared is None, **ring_mark(stage, 24))  # tiles have no key for it
        stage.animate(ring)

        def show(moment: Moment) -> None:
            show_field(moment)
            ring.set_data(*places[samples[moment.frame], :, np.newaxis])

        return show

    def _create_field(self, stage: PanelArea, axes: Axes, colors: ValueColors, column: int) -> Callable[[Moment], None]:
        """Create the colours; they are found anew only when the network has changed."""
        from backprop_anim.drawing import ValueField

        experiment = stage.recording.experiment
        network = experiment.network
        answer = _answer(network.activations[-1], column)
        field = ValueField(axes, network.sizes[-1], stage.theme.background, colors, answer)
        answers = GridPass(experiment, plane_section(experiment.dataset, "auto"), field.x, field.y)
        stage.animate(field)
        return on_new_state(stage.recording, lambda parameters: field.set_values(answers.run(parameters)))

    def _chosen(self, experiment: Experiment, current: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the samples that are drawn: evenly chosen ones where they are too many, and those with a ring."""
        return np.union1d(experiment.dataset.some_samples(self.max_points), current)


def _answer(activation: Activation, column: int) -> Callable[[Single], Single]:
    """Return the function from z to one output, as the network is trained, (n_out, places) -> (places,)."""

    def answer(z: Single) -> Single:
        a = np.empty_like(z)
        with np.errstate(over="ignore"):
            activation.value(z, a)  # type: ignore[arg-type]
        one: Single = a[column]
        return one

    return answer


def _draw_held_out(stage: PanelArea, axes: Axes, colors: ValueColors, column: int, most: int) -> None:
    """Draw the samples that the network is not trained on: a ring parts the colour of the target from the field."""
    held_out = stage.recording.experiment.dataset.held_out
    if held_out is None:
        return
    chosen = held_out.some_samples(most)
    x, y = held_out.shown_inputs[chosen].T
    rings = axes.scatter(x, y, s=LARGEST_DOT**2, c=stage.theme.background, **value_edge(stage))
    dots = axes.scatter(x, y, s=(0.5 * LARGEST_DOT) ** 2, c=colors.of(held_out.targets[chosen, column]), linewidths=0)
    for part in (rings, dots):
        part.set_animated(True)
    stage.animate(rings, dots)


def _draw_samples(stage: PanelArea, axes: Axes, colors: ValueColors, chosen: NDArray[np.int64], column: int) -> None:
    """Draw samples in the colours of their targets, with an edge without which they would vanish in a right field."""
    from backprop_anim.drawing import MarkerSprite

    experiment = stage.recording.experiment
    values: Array = experiment.targets()[chosen, column]
    area = axes.bbox.width * axes.bbox.height / stage.scale**2
    size = min(LARGEST_DOT, max(LEAST_DOT, DOT_SHARE * float(np.sqrt(area / len(chosen)))))
    places = experiment.dataset.shown_inputs[chosen]
    dots = axes.scatter(places[:, 0], places[:, 1], s=size**2, c=colors.of(values), **value_edge(stage))
    dots.set_animated(True)
    stage.animate(MarkerSprite([dots]))
