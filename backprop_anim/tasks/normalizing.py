"""The key `normalize`: which units a network is trained in, from the numbers of its training samples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from annotated_types import Len
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import Dataset, TaskError
from backprop_anim.tasks.units import INPUT_SPAN, LARGE, TARGET_SPAN, Units, spanned, standardized

__all__ = ["GivenUnits", "Normalize", "normalized"]


@dataclass(frozen=True)
class GivenUnits:
    """Units by their numbers: for each input, and then, where more are given, for each target.

    Attributes
    ----------
    shift : tuple of float
        The number of the file that becomes 0.
    scale : tuple of float
        How many of the file's units become 1.
    """

    shift: Annotated[tuple[float, ...], Len(1, 10_000)]
    scale: Annotated[tuple[float, ...], Len(1, 10_000)]


Normalize = Literal["auto", "standard", "range", "none"] | GivenUnits


def normalized(dataset: Dataset, how: Normalize, trained: NDArray[np.int64]) -> Dataset:
    """Return `dataset` in the units that a network is to be trained in; classes have no units.

    Parameters
    ----------
    dataset : Dataset
        In the units of the file.
    how : str or GivenUnits
        ``standard``: mean 0 and deviation 1; ``range``: inputs from -1 to 1, targets from 0.1 to 0.9; ``none``: as
        they are; ``auto``: inputs, and targets, each standardized where any of them is above 10 in size.
    trained : ndarray of int
        The samples that the network is trained on, from which means and ranges come.

    Raises
    ------
    TaskError
        If given units do not fit.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        input_units, target_units = _units(dataset, how, trained)
    if dataset.kind == "classes" or (how in ("standard", "range") and np.isin(dataset.targets, (0.0, 1.0)).all()):
        target_units = None  # classes and answers of yes or no have no units
    for units, word in ((input_units, "inputs"), (target_units, "targets")):
        if units is not None and not (np.isfinite(units.shift).all() and np.isfinite(units.scale).all()):
            raise TaskError(f"the {word} are too far apart to be scaled (normalize: none leaves them)", "normalize")
    if input_units is not None:
        dataset = replace(
            dataset,
            inputs=input_units.to_trained(dataset.inputs),
            file_inputs=dataset.shown_inputs,
            input_units=input_units,
        )
    if target_units is not None:
        dataset = replace(
            dataset,
            targets=target_units.to_trained(dataset.targets),
            file_targets=dataset.targets,
            target_units=target_units,
        )
    return dataset


def _units(dataset: Dataset, how: Normalize, trained: NDArray[np.int64]) -> tuple[Units | None, Units | None]:
    inputs, targets = dataset.inputs[trained], dataset.targets[trained]
    if isinstance(how, GivenUnits):
        return _given_units(dataset, how)
    if how == "none":
        return None, None
    if how == "range":
        return spanned(inputs, *INPUT_SPAN), spanned(targets, *TARGET_SPAN)
    both = how == "standard"
    return (
        standardized(inputs) if both or np.abs(inputs).max() > LARGE else None,
        standardized(targets) if both or np.abs(targets).max() > LARGE else None,
    )


def _given_units(dataset: Dataset, given: GivenUnits) -> tuple[Units, Units | None]:
    n_in, n_out = dataset.n_given, dataset.targets.shape[1]
    shift, scale = np.array(given.shift, dtype=np.float64), np.array(given.scale, dtype=np.float64)
    allowed = (n_in,) if dataset.kind == "classes" else (n_in, n_in + n_out)
    if len(shift) != len(scale) or len(shift) not in allowed:
        needed = " or ".join(map(str, allowed))
        raise TaskError(f"normalize has {len(shift)} shifts and {len(scale)} scales; needed are {needed}", "normalize")
    if not np.isfinite(shift).all() or not (np.isfinite(scale) & (scale > 0)).all():
        raise TaskError("normalize: shifts are finite, and scales above 0", "normalize")
    units = Units(shift[:n_in], scale[:n_in])
    return units, Units(shift[n_in:], scale[n_in:]) if len(shift) > n_in else None
