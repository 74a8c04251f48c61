"""What a network is given in place of its inputs: formulas in them, and waves; it knows no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le, Len
from numpy.typing import NDArray

from backprop_anim.common import SUBSCRIPTS, SUPERSCRIPTS
from backprop_anim.tasks.dataset import Dataset, TaskError
from backprop_anim.tasks.formula import Formula

__all__ = ["FeatureList", "Features", "Fourier", "features_of", "named_variables", "with_features"]

Array = NDArray[np.float64]

MOST_FEATURES = 4096


@dataclass(frozen=True)
class Fourier:
    """Waves along every input: the sine and the cosine of 2πk·x, where x is the input from 0 to 1.

    Attributes
    ----------
    fourier : int
        The shortest waves go through the range of an input so many times: k = 1 … fourier.
    """

    fourier: Annotated[int, Ge(1), Le(64)]


FeatureList = Annotated[tuple[str | Fourier, ...], Len(0, 1000)]
"""The option ``features`` of a task."""


@dataclass(frozen=True)
class Features:
    """Formulas in the inputs, in the units of the file.

    Attributes
    ----------
    variables : tuple of str
        What formulas call the inputs, one for each.
    names : tuple of str
        What a film calls the features.
    formulas : tuple of str
    """

    variables: tuple[str, ...]
    names: tuple[str, ...]
    formulas: tuple[str, ...]

    @cached_property
    def parsed(self) -> tuple[Formula, ...]:
        """The formulas, ready to be evaluated."""
        return tuple(Formula(text, self.variables, "features") for text in self.formulas)

    def __call__(self, values: Array) -> Array:
        """Return the features of inputs, (..., n_in) -> (..., n_features); nan where a formula has no value."""
        return self._evaluated(values, strict=False)

    def checked(self, values: Array) -> Array:
        """Return the features of inputs, (..., n_in) -> (..., n_features).

        Raises
        ------
        FormulaError
            If a formula has no value for one of them.
        """
        return self._evaluated(values, strict=True)

    def _evaluated(self, values: Array, strict: bool) -> Array:
        columns = np.ascontiguousarray(values.reshape(-1, values.shape[-1]).T)  # (n_in, N)
        found = np.column_stack([formula(*columns, strict=strict) for formula in self.parsed])
        return found.reshape(*values.shape[:-1], len(self.formulas))


def features_of(
    given: Sequence[str | Fourier],
    variables: Sequence[str],
    shown: Sequence[str],
    spans: Sequence[tuple[float, float]],
    groups: Mapping[str, Sequence[int]] | None = None,
) -> Features:
    """Return the features that an option asks for.

    Parameters
    ----------
    given : sequence of str or Fourier
    variables, shown : sequence of str
        What formulas and what a film call the inputs.
    spans : sequence of tuple of float
        For each input from where to where it goes.
    groups : mapping, optional
        The inputs that belong to one name, such as the words of a column; the name alone stands for all of them.

    Raises
    ------
    TaskError
        If there are too many, or a formula cannot be read.
    """
    names: list[str] = []
    formulas: list[str] = []
    for one in given:
        if isinstance(one, Fourier):
            for variable, name, span in zip(variables, shown, spans, strict=True):
                waves = [(wave, k) for k in range(1, one.fourier + 1) for wave in ("sin", "cos")]
                names += [f"{wave} {2 * k}π{_with_index(name)}" for wave, k in waves]
                formulas += [f"{wave}(2*pi*{k}*{_from_0_to_1(variable, span)})" for wave, k in waves]
        elif (places := (groups or {}).get(one.strip().strip("`"))) is not None:
            names += [shown[place] for place in places]
            formulas += [f"`{variables[place]}`" for place in places]
        else:
            names.append(_shown(one, dict(zip(variables, shown, strict=True))))
            formulas.append(one)
    if len(formulas) > MOST_FEATURES:
        raise TaskError(f"{len(formulas):,} features; at most {MOST_FEATURES:,} are allowed", "features")
    found = Features(tuple(variables), tuple(names), tuple(formulas))
    _ = found.parsed  # now, while the option is at hand
    return found


def with_features(dataset: Dataset, features: Features) -> Dataset:
    """Return `dataset`, and what is held out of it, with features as the inputs of the network.

    Raises
    ------
    FormulaError
        If a formula has no value for a sample.
    """
    raw = dataset.inputs
    held_out = None if dataset.held_out is None else with_features(dataset.held_out, features)
    return replace(dataset, inputs=features.checked(raw), file_inputs=raw, features=features, held_out=held_out)


def named_variables(given: Sequence[str | Fourier], variables: Sequence[str]) -> list[str]:
    """Return which of `variables` formulas name, in their order; none where a feature takes all there are.

    Raises
    ------
    FormulaError
        If a formula cannot be read, or names something else.
    """
    if any(isinstance(one, Fourier) for one in given):
        return []
    used = {place for text in given for place in Formula(str(text), variables, "features").variables}
    return [name for place, name in enumerate(variables) if place in used]


def _from_0_to_1(variable: str, span: tuple[float, float]) -> str:
    low, high = span
    if high <= low:
        raise TaskError(f"fourier: '{variable}' has one value only", "features")
    moved = f"`{variable}`" if low == 0 else f"(`{variable}` - {low!r})" if low > 0 else f"(`{variable}` + {-low!r})"
    return moved if high - low == 1 else f"{moved}/{high - low!r}"


def _shown(text: str, names: Mapping[str, str]) -> str:
    """Return a formula as a film writes it: with the names that are shown, small digits for powers, dots for times."""

    def named(found: re.Match[str]) -> str:
        plain = found["quoted"] or found["name"]
        return _with_index(names.get(plain, plain))

    found = re.sub(r"`(?P<quoted>[^`]*)`|(?P<name>(?<![\w.])[^\W\d]\w*)", named, " ".join(text.split()))
    found = re.sub(r"(?:\^|\*\*) ?(\d+)(?![\d.])", lambda power: power[1].translate(SUPERSCRIPTS), found)
    return re.sub(r" ?\* ?", "·", found)


def _with_index(name: str) -> str:
    """Return a letter and a number, such as x1, with the number as an index."""
    return re.sub(r"(?<=^[A-Za-z])\d+$", lambda index: index[0].translate(SUBSCRIPTS), name)
