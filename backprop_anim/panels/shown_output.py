"""Which output of a network with several a panel shows that has room for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge

from backprop_anim.common import did_you_mean

if TYPE_CHECKING:
    from backprop_anim.experiment import Experiment

__all__ = ["OutputChoice", "output_column", "output_name", "output_problem"]

OutputChoice = str | Annotated[int, Ge(1)]
"""An output by its name, or by its number from 1."""


def output_problem(experiment: Experiment, wanted: OutputChoice) -> str | None:
    """Return why there is no such output, or None where there is."""
    n_out, names = experiment.network.sizes[-1], _names(experiment)
    if isinstance(wanted, int):
        return None if wanted <= n_out else f"there is no output {wanted}; this network has {n_out}"
    if wanted in names:
        return None
    return f"no output is called {wanted!r}{did_you_mean(wanted, names) or '; they are ' + ', '.join(names)}"


def output_column(experiment: Experiment, wanted: OutputChoice) -> int:
    """Return the column of an output."""
    return wanted - 1 if isinstance(wanted, int) else _names(experiment).index(wanted)


def output_name(experiment: Experiment, wanted: OutputChoice) -> str:
    """Return what an output is called; empty where it has no name."""
    names = experiment.dataset.names_of_outputs(experiment.network.sizes[-1])
    return names[output_column(experiment, wanted)] if names else ""


def _names(experiment: Experiment) -> tuple[str, ...]:
    n_out = experiment.network.sizes[-1]
    return experiment.dataset.names_of_outputs(n_out) or tuple(f"y{k + 1}" for k in range(n_out))
