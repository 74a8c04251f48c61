"""Where each weight lies: names, owners, views and their shapes hold together for any network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.engine.parameters import Layout

SIZES = st.lists(st.integers(1, 7), min_size=2, max_size=6).map(tuple)
SOME = settings(deadline=None, max_examples=60, derandomize=True)


def test_the_heart_has_77_parameters_in_the_order_of_its_layers() -> None:
    layout = Layout((1, 6, 7, 2))
    assert layout.n_parameters == 6 + 6 + 42 + 7 + 14 + 2 == 77
    assert layout.names == ("W1", "b1", "W2", "b2", "W3", "b3")
    assert layout.connections == ((1, 6), (6, 7), (7, 2))
    assert layout.shapes() == {"W1": (6, 1), "b1": (6,), "W2": (7, 6), "b2": (7,), "W3": (2, 7), "b3": (2,)}


def test_the_rows_of_a_block_are_the_weights_and_the_bias_of_a_neuron() -> None:
    arrays = Layout((2, 3)).arrays(np.arange(9.0))
    np.testing.assert_array_equal(arrays["W1"], [[0, 1], [3, 4], [6, 7]])
    np.testing.assert_array_equal(arrays["b1"], [2, 5, 8])
    np.testing.assert_array_equal(Layout((2, 3), bias=False).arrays(np.arange(6.0))["W1"], [[0, 1], [2, 3], [4, 5]])


@SOME
@given(SIZES, st.booleans())
def test_every_parameter_belongs_to_just_one_array(sizes: tuple[int, ...], bias: bool) -> None:
    layout = Layout(sizes, bias)
    shapes = layout.shapes()
    assert tuple(shapes) == layout.names
    assert layout.n_parameters == sum(int(np.prod(shape)) for shape in shapes.values())
    counts = np.bincount(layout.owner, minlength=len(layout.names))
    assert counts.tolist() == [int(np.prod(shape)) for shape in shapes.values()]
    places = layout.arrays(np.arange(layout.n_parameters))
    every = np.concatenate([found.ravel() for found in places.values()])
    assert sorted(every.tolist()) == list(range(layout.n_parameters))
    for position, found in enumerate(places.values()):
        assert set(layout.owner[found.ravel()]) == {position}


@SOME
@given(SIZES, st.booleans())
def test_arrays_and_blocks_are_views_that_pack_puts_together_again(sizes: tuple[int, ...], bias: bool) -> None:
    layout = Layout(sizes, bias)
    vector = np.arange(float(layout.n_parameters))
    arrays, blocks = layout.arrays(vector), layout.blocks(vector)
    assert all(np.shares_memory(view, vector) for view in (*arrays.values(), *blocks))
    packed = layout.pack(arrays)
    np.testing.assert_array_equal(packed, vector)
    assert not np.shares_memory(packed, vector)
    for layer, block in enumerate(blocks, start=1):
        np.testing.assert_array_equal(block[:, : sizes[layer - 1]], arrays[f"W{layer}"])
        if bias:
            np.testing.assert_array_equal(block[:, -1], arrays[f"b{layer}"])
    for view in arrays.values():
        view[...] = -1.0
    assert (vector == -1).all()


@pytest.mark.parametrize("bias", [True, False])
def test_many_states_keep_their_leading_axes(bias: bool) -> None:
    layout = Layout((3, 4, 2), bias)
    states = np.random.default_rng(0).normal(size=(5, 2, layout.n_parameters))
    arrays = layout.arrays(states)
    assert arrays["W1"].shape == (5, 2, 4, 3)
    assert ("b2" in arrays) == bias
    for name, of_one in layout.arrays(states[3, 1]).items():
        np.testing.assert_array_equal(arrays[name][3, 1], of_one)
    assert all(np.shares_memory(view, states) for view in arrays.values())


def test_pack_asks_for_every_array_in_its_shape() -> None:
    layout = Layout((2, 3))
    with pytest.raises(KeyError):
        layout.pack({"W1": np.zeros((3, 2))})
    with pytest.raises(ValueError, match="broadcast"):
        layout.pack({"W1": np.zeros((2, 3)), "b1": np.zeros(3)})
