"""Runs compared by epoch: each shows its last state by then, and the film speaks of epochs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from backprop_anim.batch.comparison import FILM_ALONE, _align_snapshots, _trained, compare
from backprop_anim.batch.in_step import By, places_of, steps_at
from backprop_anim.common.progress import silent
from backprop_anim.config.sweep import Variant, read_variants
from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.film.run_measures import ComparedRun
from backprop_anim.film.small_multiples import SmallMultiples
from backprop_anim.story.timeline import timeline

TEXT = """\
task: {kind: curve, curve: circle, points: 10}
network: {hidden: 3, activation: sigmoid}
training: {epochs: 12, aggression: 0.5}
snapshots: {count: 20, schedule: linear}
video: {size: 1280x720, fps: 5, hold: 0.2, formats: [mp4]}
"""
BATCHES = "training.batch=4,full,1"


def variants(*sweeps: str, overrides: tuple[str, ...] = ()) -> list[Variant]:
    chosen = [*FILM_ALONE, *overrides]
    return list(read_variants(TEXT, label="here", name="here", folder=Path(), overrides=chosen, sweeps=sweeps))


def aligned(chosen: list[Variant], by: By = "epoch") -> list[ComparedRun]:
    return _align_snapshots(chosen, _trained([each.experiment for each in chosen], 1, silent, by), by)


def board(runs: list[ComparedRun]) -> SmallMultiples:
    return SmallMultiples(runs, timeline(runs[0].recording.experiment.video, runs[0].recording))


def said(shown: SmallMultiples, stage: str) -> list[str]:
    """What changes in a part of the frame that was drawn last."""
    return [one.content for one in shown.stages[stage].animated if isinstance(one, ChangingText) and one.content]


def test_a_state_is_the_last_that_a_run_had_by_then() -> None:
    full, some, one = (each.experiment for each in variants("training.batch=full,4,1"))
    places = np.array([0, 0.05, 0.4, 0.8, 1, 1.79, 12, 13])
    assert steps_at(one, places, "epoch").tolist() == [0, 0, 4, 8, 10, 17, 120, 121]
    assert steps_at(some, places, "epoch").tolist() == [0, 0, 1, 2, 3, 4, 36, 37]
    assert steps_at(full, places, "epoch").tolist() == [0, 0, 0, 0, 1, 1, 12, 13]
    assert steps_at(full, np.array([0.0, 7, 99]), "step").tolist() == [0, 7, 99]


@pytest.mark.parametrize("order", ["cyclic", "shuffled", "random"])
def test_every_step_is_at_its_own_place(order: str) -> None:
    for each in variants("training.batch=full,3,7,1", overrides=(f"training.order={order}",)):
        steps = np.arange(each.experiment.training.steps + 1)
        for by in ("step", "epoch"):
            places = places_of(each.experiment, steps, by)  # type: ignore[arg-type]
            assert steps_at(each.experiment, places, by).tolist() == steps.tolist()  # type: ignore[arg-type]


def test_all_tiles_show_states_after_as_many_epochs() -> None:
    chosen = variants(BATCHES, "training.epochs=12,5")
    trained = _trained([each.experiment for each in chosen], 1, silent, "epoch")
    runs = _align_snapshots(chosen, trained, "epoch")
    epochs = runs[0].places
    assert epochs[-1] == 12
    assert (np.diff(epochs) > 0).all()
    for run, whole in zip(runs, trained, strict=True):
        experiment = run.recording.experiment
        per_epoch = experiment.training.steps_of(1, 10)
        exact = places_of(experiment, whole.recording.steps, "epoch")
        for row, epoch in enumerate(epochs):
            shown = np.flatnonzero((whole.recording.parameters == run.recording.parameters[row]).all(axis=1))[0]
            assert exact[shown] <= epoch + 1e-9
            assert min(epoch, exact[-1]) - exact[shown] < 1 / per_epoch + 0.21, "a later state was due"


def test_the_film_counts_epochs() -> None:
    shown = board(aligned(variants(BATCHES)))
    moments = shown.stages["header"].moments
    shown.draw(moments[-1])
    words = [one.get_text() for one in shown.figure.findobj(Text) if one.get_visible()]
    assert words.count("epoch") == 2  # at the header's number, and at the axis of the losses
    assert not any("step" in text for text in words)
    assert said(shown, "header") == ["12.0"]
    shown.draw(moments[0])
    assert said(shown, "header") == ["0.0"]
    lines = [line for line in shown.stages["losses"].reveals[0]._artists if isinstance(line, Line2D)]
    assert [float(np.max(line.get_xdata())) for line in lines] == [12, 12, 12]
    counts = sorted(len(np.unique(line.get_xdata())) for line in lines)
    assert counts == [13, 20, 20]  # a full batch has one state an epoch, the others one in each frame


def test_whole_epochs_are_whole_numbers() -> None:
    shown = board(aligned(variants("training.epochs=12,7")))
    shown.draw(shown.stages["header"].moments[-1])
    assert said(shown, "header") == ["12"]


def test_by_step_all_is_as_it_was() -> None:
    shown = board(aligned(variants(BATCHES), "step"))
    shown.draw(shown.stages["header"].moments[-1])
    assert said(shown, "header") == ["120"]
    assert sum(one.get_text() == "training step" for one in shown.figure.findobj(Text)) == 2


def test_where_a_run_diverged_is_told_in_epochs() -> None:
    wild = ("network.activation=[linear, linear]", "training.batch=2")
    shown = board(aligned(variants("training.aggression=1000000,0.1", overrides=wild)))
    shown.draw(shown.stages["header"].moments[-1])
    ended = shown.stages["tile 0"].recording.diverged_at
    assert ended is not None
    assert said(shown, "tile 0") == [f"diverged at {ended / 5:.1f}"]


def test_table_and_summary_say_how_many_epochs(tmp_path: Path) -> None:
    small = ("video.size=320x180", "training.epochs=2")
    made = compare(variants(BATCHES, overrides=small), "three", tmp_path, by="epoch")
    rows = list(csv.DictReader((tmp_path / "three" / "comparison.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["steps"], row["epochs"]) for row in rows] == [("6", "2.0"), ("2", "2.0"), ("20", "2.0")]
    assert made.told["by"] == "epoch"
