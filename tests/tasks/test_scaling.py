from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from backprop_anim.tasks import TaskError
from backprop_anim.tasks.scaling import HIGH, LOW, scale_into_range


@settings(deadline=None)
@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.floats(-1e9, 1e9)))
def test_every_column_is_within_reach_and_centred(values: np.ndarray) -> None:
    scaled = scale_into_range(values)
    assert scaled.min() >= LOW - 1e-12
    assert scaled.max() <= HIGH + 1e-12
    np.testing.assert_allclose((scaled.min(axis=0) + scaled.max(axis=0)) / 2, 0.5, atol=1e-6)


def test_one_factor_for_all_columns() -> None:
    np.testing.assert_allclose(scale_into_range(np.array([[0.0, 0.0], [4.0, 1.0]])), [[0.1, 0.4], [0.9, 0.6]])


def test_rounding_is_not_stretched() -> None:
    np.testing.assert_array_equal(scale_into_range(np.array([[1.0], [1.0 + 1e-15]])), 0.5)
    np.testing.assert_array_equal(scale_into_range(np.zeros((3, 1))), 0.5)


def test_what_float64_cannot_span_is_refused() -> None:
    with pytest.raises(TaskError, match="too far apart"):
        scale_into_range(np.array([[-1.5e308], [1.5e308]]))
