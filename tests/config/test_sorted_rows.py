"""Rows that are sorted by class are shuffled where no order is written; a written one stays with a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_anim.config import examples, read_experiment
from backprop_anim.engine.batches import Cyclic, Shuffled

SORTED = ", ".join(f"[{k}, {'abc'[k // 4]}]" for k in range(12))
MIXED = ", ".join(f"[{k}, {'abc'[k % 3]}]" for k in range(12))


@pytest.mark.parametrize(
    ("rows", "training", "order", "said"),
    [
        (SORTED, "batch: 4", Shuffled, "so batches are shuffled"),
        (SORTED, "batch: 4, order: cyclic", Cyclic, "order: shuffled mixes them"),
        (SORTED, "batch: full", Cyclic, ""),
        (SORTED, "batch: 12", Cyclic, ""),
        (MIXED, "batch: 4", Cyclic, ""),
    ],
)
def test_batches_of_sorted_rows(rows: str, training: str, order: type, said: str) -> None:
    text = f"""\
task: {{kind: table, columns: [x, y], inputs: x, targets: y, rows: [{rows}]}}
network: {{hidden: 3}}
training: {{steps: 5, {training}}}
"""
    found = read_experiment(text, label="a", name="a", folder=Path())
    assert isinstance(found.training.order, order)
    assert said in " ".join(found.dataset.notes)
    assert bool(said) == any("sorted" in note for note in found.dataset.notes)


@pytest.mark.parametrize(
    ("training", "order", "said"),
    [
        ("batch: 4", Shuffled, "the pixels stand row by row, so batches are shuffled"),
        ("batch: 4, order: cyclic", Cyclic, "a strip of the picture at a time; order: shuffled mixes them"),
        ("batch: full", Cyclic, ""),
    ],
)
def test_batches_of_pixels(training: str, order: type, said: str) -> None:
    task = "task: {kind: picture, file: data/fox.png, size: 8}"
    text = f"{task}\nnetwork: {{hidden: 3}}\ntraining: {{steps: 5, {training}}}\n"
    found = read_experiment(text, label="a", name="a", folder=examples.examples_folder())
    assert isinstance(found.training.order, order)
    assert said in " ".join(found.dataset.notes)
    assert bool(said) == any("row by row" in note for note in found.dataset.notes)
