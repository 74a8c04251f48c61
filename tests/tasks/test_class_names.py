"""A class keeps its name: an order changes no label, another name goes to its own class, and a doubt is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_anim.tasks import Dataset, Names, TaskError, tasks

ROWS = ((0, "low"), (1, "high"), (2, "middle"), (3, "low"))
WORDS = [word for _, word in ROWS]


def table(names: Any, rows: tuple[Any, ...] = ROWS, **options: Any) -> Dataset:
    given = {"rows": rows, "columns": ("x", "y"), "inputs": "x", "targets": "y", "names": Names(classes=names)}
    return tasks["table"](**given | options).build(np.random.default_rng(0))


def called(dataset: Dataset) -> list[str]:
    assert dataset.labels is not None
    return [dataset.class_names[label] for label in dataset.labels]


@pytest.mark.parametrize("order", [("low", "middle", "high"), ("high", "low", "middle"), ()])
def test_a_list_of_the_words_of_a_file_gives_their_order(order: tuple[str, ...]) -> None:
    dataset = table(order)
    assert called(dataset) == WORDS
    assert dataset.class_names == (order or ("high", "low", "middle"))
    assert dataset.output_names == dataset.class_names
    np.testing.assert_array_equal(dataset.targets, np.eye(3)[dataset.labels])


def test_two_classes_are_not_swapped() -> None:
    rows = ((0, "low"), (1, "high"))
    for order in (("low", "high"), ("high", "low")):
        dataset = table(order, rows)
        assert called(dataset) == ["low", "high"]
        np.testing.assert_array_equal(dataset.targets[:, 0], [order.index("low"), order.index("high")])


def test_a_mapping_gives_other_names_by_the_words() -> None:
    dataset = table({"low": "few", "high": "many"})
    assert called(dataset) == ["few", "many", "middle", "few"]
    assert dataset.class_names == dataset.output_names == ("many", "few", "middle")


def test_whole_numbers_take_names_in_their_order_or_by_number() -> None:
    rows = ((0, 7), (1, 3), (2, 11))
    assert called(table(("three", "seven", "eleven"), rows, classes=True)) == ["seven", "three", "eleven"]
    assert called(table({7: "seven"}, rows, classes=True)) == ["seven", "3", "11"]


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        (("few", "some", "many"), "holds just their words (high, low, middle)"),
        (("low", "high"), "holds just their words"),
        (("low", "low", "high"), "one name twice"),
        ({"tall": "long"}, "there is no class 'tall'; there are high, low, middle"),
        ({"low": "high"}, "two classes one name"),
    ],
)
def test_what_could_go_to_another_class_is_refused(classes: Any, said: str) -> None:
    with pytest.raises(TaskError) as caught:
        table(classes)
    assert said in str(caught.value)
    assert caught.value.option == "names"


def test_one_hot_columns_are_named_by_their_heads() -> None:
    rows = ((0, 1, 0), (1, 0, 1))
    options = {"columns": ("x", "up", "down"), "targets": ("up", "down"), "classes": True}
    assert called(table(("rise", "fall"), rows, **options)) == ["rise", "fall"]
    with pytest.raises(TaskError, match="give a mapping"):
        table(("down", "up"), rows, **options)


def test_a_task_with_classes_of_its_own_takes_names_in_their_order_but_not_its_own_for_others() -> None:
    def fruit(classes: Any) -> Dataset:
        task = tasks["points"](shape="fruit", names=Names(classes=classes))  # type: ignore[call-arg]
        return task.build(np.random.default_rng(0))

    plain = fruit(())
    assert plain.labels is not None
    renamed = fruit(("citron", "fraise"))
    assert called(renamed) == [{"lemon": "citron", "strawberry": "fraise"}[name] for name in called(plain)]
    assert renamed.output_names == ("fraise",)
    with pytest.raises(TaskError, match="the task's own names"):
        fruit(("strawberry", "lemon"))
