"""The layout of a film that asks for none: the panels that suit the task, in a grid that suits the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.panels.panel import panels
from backprop_anim.panels.plane_section import has_two_measured

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment

__all__ = ["BETWEEN_STEPS", "default_grid", "leading_panel"]

HEROES = ("fit", "boundary", "picture", "field", "scatter")
"""The panels that may lead; the first that fits the task and suits it does."""

BETWEEN_STEPS = {"equations": "loss"}
"""What stands in the place of a panel while no step is told, which then has nothing to say."""

LANDSCAPE, PORTRAIT = 1.2, 0.8

MOST_ROWS, MOST_COLUMNS = 8, 6

Grid = tuple[tuple[str, ...], ...]


def default_grid(experiment: Experiment, aspect: float) -> Grid:
    """Return rows of panel names for a frame whose width is `aspect` times its height."""
    hero = leading_panel(experiment)
    if experiment.video.slow_motion:
        return _with_equations(experiment, hero, aspect)
    if hero is None:
        return (("network", "loss"),) if aspect >= LANDSCAPE else (("network",), ("loss",))
    if aspect >= LANDSCAPE:
        wide = (hero, hero) if hero == "picture" else (hero,)  # it is three pictures
        return ((*wide, "network"), (*wide, "loss"))
    if aspect > PORTRAIT:
        return ((hero, hero), ("network", "loss"))
    return ((hero,), ("network",), ("loss",))


def leading_panel(experiment: Experiment) -> str | None:
    """Return the panel that shows at a glance how well an experiment is learned; None where none does."""
    return next((name for name in HEROES if name in panels and _leads(name, experiment)), None)


def _leads(name: str, experiment: Experiment) -> bool:
    dataset, options = experiment.dataset, dict(experiment.video.panel_options.get(name, {}))
    if panels[name](**options).unsupported_reason(experiment) is not None:
        return False
    if name == "boundary":  # of inputs that answer yes or no a plane shows but four places
        return dataset.n_inputs == 2 or bool(options.get("inputs")) or has_two_measured(dataset)
    if name == "field":  # several labels are not one amount
        return not experiment.has_labels or experiment.network.sizes[-1] == 1
    if name == "scatter":
        return not experiment.has_labels and dataset.n_samples > MOST_ROWS
    return True


def _with_equations(experiment: Experiment, hero: str | None, aspect: float) -> Grid:
    """Return the layout of a film that stops at a step: the formulas, when they tell it, take the place of the loss."""
    if hero is None:
        rows = ("table",) if _has_small_table(experiment) else ()
        if aspect >= LANDSCAPE:
            return (("network", "equations"), ("network", *rows)) if rows else (("network", "equations"),)
        return (("network",), ("equations",), rows) if rows else (("network",), ("equations",))
    if aspect >= LANDSCAPE:
        return ((hero, "network"), (hero, "equations"))
    if aspect > PORTRAIT:
        return ((hero, "network"), ("equations", "equations"))
    return ((hero,), ("network",), ("equations",))


def _has_small_table(experiment: Experiment) -> bool:
    """Return whether all samples can stand in a table beside a step."""
    dataset = experiment.dataset
    return dataset.n_samples <= MOST_ROWS and dataset.n_inputs + experiment.network.sizes[-1] <= MOST_COLUMNS
