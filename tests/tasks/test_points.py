from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from backprop_anim.tasks import Dataset, TaskError
from backprop_anim.tasks.points import PointsTask, shapes

LARGE = 500


def build(seed: int = 0, **options: Any) -> Dataset:
    return PointsTask(**options).build(np.random.default_rng(seed))


def accuracy_of_nearest_neighbour(dataset: Dataset) -> float:
    assert dataset.labels is not None
    gaps = np.linalg.norm(dataset.inputs[:, None] - dataset.inputs[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    return float(np.mean(dataset.labels[gaps.argmin(axis=1)] == dataset.labels))


def accuracy_of_best_line(dataset: Dataset) -> float:
    signs = 2 * dataset.targets[:, 0] - 1
    rows = np.column_stack([dataset.inputs, np.ones(dataset.n_samples)])
    weights, *_ = np.linalg.lstsq(rows, signs, rcond=None)
    return float(np.mean(np.sign(rows @ weights) == signs))


@pytest.mark.parametrize("name", shapes)
def test_classes_can_be_told_apart(name: str) -> None:
    assert accuracy_of_nearest_neighbour(build(shape=name, points=LARGE)) > 0.97


@pytest.mark.parametrize("name", shapes)
def test_every_class_has_its_share_and_they_take_turns(name: str) -> None:
    dataset = build(shape=name, points=101)
    assert dataset.labels is not None
    np.testing.assert_array_equal(dataset.labels, np.arange(101) % 2)


@pytest.mark.parametrize("name", shapes)
def test_points_stay_in_the_usual_square(name: str) -> None:
    inputs = build(shape=name, points=LARGE, noise=0.0).inputs
    assert np.abs(inputs).max() < 1.3
    assert np.ptp(inputs, axis=0).min() > 0.5


@pytest.mark.parametrize("name", shapes)
def test_noise_moves_the_points_by_its_deviation(name: str) -> None:
    still, moved = build(shape=name, points=LARGE, noise=0.0), build(shape=name, points=LARGE, noise=0.2)
    assert np.std(moved.inputs - still.inputs) == pytest.approx(0.2, rel=0.1)


@pytest.mark.parametrize("name", ["fruit", "linear", "blobs"])
def test_a_line_is_enough_for_the_simple_ones(name: str) -> None:
    assert accuracy_of_best_line(build(shape=name)) > 0.98


@pytest.mark.parametrize("name", ["xor", "circles", "moons", "spirals"])
def test_a_line_is_not_enough_for_the_others(name: str) -> None:
    assert accuracy_of_best_line(build(shape=name, points=LARGE)) < 0.93


def test_xor_is_the_exclusive_or_of_the_sides() -> None:
    dataset = build(shape="xor", points=LARGE)
    right, above = (dataset.inputs > 0).T
    np.testing.assert_array_equal(dataset.labels, right ^ above)


def test_fruit_are_eight_lemons_and_eight_strawberries_that_stay_put() -> None:
    first, second = build(0, shape="fruit"), build(1, shape="fruit")
    np.testing.assert_array_equal(first.inputs, second.inputs)
    assert first.labels is not None
    assert first.class_names == ("lemon", "strawberry")
    assert first.input_names == ("sweetness", "redness")
    assert np.bincount(first.labels).tolist() == [8, 8]
    assert len(np.unique(first.inputs, axis=0)) == 16
    assert first.inputs[first.labels == 0].max() < 0.45
    assert first.inputs[first.labels == 1].min() > 0.55


def test_more_fruit_lie_around_the_same_centres_in_the_unit_square() -> None:
    fixed, drawn = build(shape="fruit"), build(shape="fruit", points=1000)
    assert drawn.inputs.min() >= 0
    assert drawn.inputs.max() <= 1
    for label in (0, 1):
        centres = [dataset.inputs[dataset.labels == label].mean(axis=0) for dataset in (fixed, drawn)]
        np.testing.assert_allclose(*centres, atol=0.03)


@pytest.mark.parametrize("name", ["blobs", "spirals"])
@pytest.mark.parametrize("n_classes", range(2, 11))
def test_many_classes(name: str, n_classes: int) -> None:
    dataset = build(shape=name, classes=n_classes, points=50, noise=0.0)
    assert dataset.class_names == tuple("ABCDEFGHIJ"[:n_classes])
    assert dataset.targets.shape == (50, 1 if n_classes == 2 else n_classes)
    if n_classes > 2:
        np.testing.assert_array_equal(dataset.targets.argmax(axis=1), dataset.labels)
        np.testing.assert_array_equal(dataset.targets.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("task", "option", "words"),
    [
        (PointsTask(shape="moon"), "shape", "did you mean 'moons'"),
        (
            PointsTask(shape="moons", classes=3),
            "classes",
            "moons has 2 classes, not 3; spirals, blobs can have as many",
        ),
        (PointsTask(shape="blobs", classes=5, points=4), "points", "4 points are too few for 5 classes"),
    ],
)
def test_what_cannot_be_is_refused(task: PointsTask, option: str, words: str) -> None:
    with pytest.raises(TaskError) as caught:
        task.build(np.random.default_rng(0))
    assert words in str(caught.value)
    assert caught.value.option == option


def test_without_options_the_shape_decides() -> None:
    for name, shape in shapes.items():
        task = PointsTask(shape=name)
        assert task.n_samples == shape.points
        assert replace(task, points=30).n_samples == 30
