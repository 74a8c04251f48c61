"""Units that a network is trained in, and those of the file; what is shown stays in the latter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from table_helpers import build, refused

from backprop_anim.tasks.normalizing import GivenUnits
from backprop_anim.tasks.units import Units, spanned, standardized

LARGE = ((180.0, 3.0, 1000.0), (200.0, 4.0, 3000.0), (220.0, 5.0, 2000.0))


def data(rows: Any = LARGE, **options: Any) -> Any:
    return build(rows=rows, columns=("a", "b", "y"), inputs=("a", "b"), targets="y", **options)


def test_by_itself_all_inputs_are_standardized_where_one_is_large() -> None:
    found = data()
    np.testing.assert_allclose(found.inputs.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(found.inputs.std(axis=0), 1)
    np.testing.assert_allclose(found.targets.std(axis=0), 1)
    np.testing.assert_array_equal(found.shown_inputs, np.array(LARGE)[:, :2])
    np.testing.assert_array_equal(found.shown_targets, np.array(LARGE)[:, 2:])
    np.testing.assert_array_equal(found.to_inputs(found.shown_inputs), found.inputs)
    np.testing.assert_allclose(found.to_answers(found.targets), found.shown_targets)


@pytest.mark.parametrize(("largest", "is_scaled"), [(10.0, False), (10.01, True), (-11.0, True)])
def test_the_limit_is_10_in_size(largest: float, is_scaled: bool) -> None:
    found = data(((1.0, largest, 0.5), (2.0, 0.0, 1.0)))
    assert (found.input_units is not None) == is_scaled
    assert found.target_units is None


def test_nothing_is_scaled_where_none_is_wanted() -> None:
    found = data(normalize="none")
    assert found.input_units is found.target_units is found.file_inputs is None
    assert found.shown_inputs is found.inputs


def test_a_range() -> None:
    found = data(normalize="range")
    assert (found.inputs.min(axis=0).tolist(), found.inputs.max(axis=0).tolist()) == ([-1, -1], [1, 1])
    np.testing.assert_allclose((found.targets.min(), found.targets.max()), (0.1, 0.9))


def test_given_numbers() -> None:
    found = data(normalize=GivenUnits(shift=(100.0, 0.0), scale=(50.0, 1.0)))
    np.testing.assert_array_equal(found.inputs, [[1.6, 3], [2, 4], [2.4, 5]])
    assert found.target_units is None
    both = data(normalize=GivenUnits(shift=(0.0, 0.0, 1000.0), scale=(1.0, 1.0, 1000.0)))
    np.testing.assert_array_equal(both.targets, [[0], [2], [1]])
    options = {"rows": LARGE, "columns": ("a", "b", "y"), "inputs": ("a", "b"), "targets": "y"}
    assert "needed are 2 or 3" in str(refused(**options, normalize=GivenUnits((1.0,), (1.0,))))
    assert "scales above 0" in str(refused(**options, normalize=GivenUnits((1.0, 1.0), (1.0, 0.0))))


def test_classes_have_no_units() -> None:
    rows = ((180.0, 3.0, "a"), (200.0, 4.0, "b"))
    found = data(rows, normalize="standard")
    assert found.input_units is not None
    assert found.target_units is None
    np.testing.assert_array_equal(found.targets, [[0], [1]])


def test_a_constant_column_is_moved_and_not_stretched() -> None:
    units = standardized(np.array([[7.0, 1e9], [7.0, 1e9 + 1e-4]]))
    np.testing.assert_array_equal(units.scale, [1, 1])
    np.testing.assert_allclose(spanned(np.array([[7.0], [7.0]]), 0.1, 0.9).to_trained(np.array([[7.0]])), [[0.5]])


def test_numbers_too_far_apart_are_refused() -> None:
    said = refused(rows=((-1.7e308, 1), (1.7e308, 2)), columns=("x", "y"), inputs="x", targets="y")
    assert "too far apart" in str(said)


def test_there_and_back() -> None:
    rng = np.random.default_rng(0)
    units = Units(rng.normal(size=3) * 100, rng.uniform(0.1, 50, 3))
    values = rng.normal(size=(5, 4, 3)) * 1000
    np.testing.assert_allclose(units.to_file(units.to_trained(values)), values, rtol=1e-12)
