"""The log of single-sample steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from panel_checks import THEMES, alone, places, rows_of, stays_inside, still_words
from small_runs import DrawnFilm, experiment, film

from backprop_anim.drawing.text_rows import TextLine
from backprop_anim.panels.steps import StepsPanel
from backprop_anim.story.moment import knows_update, told_row


def steps(name: str = "slow", size: str = "640x360", theme: str = "light") -> DrawnFilm:
    return film(name, *alone("steps", size, theme))


def log(shown: DrawnFilm) -> list[list[TextLine]]:
    """The lines of each row, the newest first."""
    rows: dict[float, list[TextLine]] = {}
    for line in rows_of(shown, "steps")[0].lines:
        rows.setdefault(line.y, []).append(line)
    return [rows[y] for y in sorted(rows, reverse=True)]


def words_of(row: list[TextLine]) -> list[str]:
    parts = sorted((part for line in row for part in line.parts), key=lambda part: part.x)
    return [part.content for part in parts]


def test_a_row_holds_the_engines_numbers_at_the_state_before_the_update() -> None:
    shown = steps()
    recording = shown.recording
    dataset = recording.experiment.dataset
    marks = set()
    for frame in shown.some_frames():
        shown.draw(frame)
        so_far = shown.moments[: frame + 1]
        passed = {told_row(recording, moment) - (not knows_update(moment)) for moment in so_far}
        known = np.flatnonzero(recording.samples >= 0)  # no step leaves the last state: the one before it is listed
        states = sorted({int(known[known <= k][-1]) for k in passed}, reverse=True)
        rows = log(shown)
        assert rows
        assert len(rows) == min(len(rows), len(states))
        for state, row in zip(states, rows, strict=False):
            step, sample = int(recording.steps[state]), int(recording.samples[state])
            answer = recording.experiment.network.outputs(recording.parameters[state], dataset.inputs[[sample]])[0, 0]
            target = recording.experiment.targets()[sample, 0]
            loss = recording.losses[step]
            assert (answer - target) ** 2 == pytest.approx(loss)  # the row is that of the sample's own step
            mark = "✓" if (answer >= 0.5) == (target == 1) else "×"
            marks.add(mark)
            assert words_of(row) == [str(step), str(sample), f"{answer:.3f}", f"{target:.0f}", f"{loss:.3f}", mark]
    assert marks == {"✓", "×"}


def test_only_recorded_steps_are_listed_and_they_say_which_they_are() -> None:
    shown = steps()
    shown.draw(-1)
    listed = [int(words_of(row)[0]) for row in log(shown)]
    assert len(listed) >= 4
    assert listed == sorted(listed, reverse=True)
    assert set(listed) <= set(shown.recording.steps.tolist())
    assert listed[0] == shown.recording.steps[-2]  # no step leaves the last state


@pytest.mark.parametrize("theme", THEMES)
def test_the_newest_is_strong_and_the_others_fade(theme: str) -> None:
    shown = steps(theme=theme)
    shown.draw(-1)
    accent = shown.stage("steps").theme.accent
    rows = log(shown)
    assert accent in {line.color for line in rows[0]}
    assert {line.weight for line in rows[0]} == {"bold"}
    opacities = [row[0].opacity for row in rows]
    assert opacities[0] == 1
    assert all(later < earlier for earlier, later in pairwise(opacities))
    for row in rows[1:]:
        assert {line.weight for line in row} == {"regular"}
        strong = [part.content for line in row if line.color == accent for part in line.parts]
        assert theme == "paper" or set(strong) <= {"×"}


def test_several_classes_are_told_by_name() -> None:
    shown = steps("classes", "1280x720")
    shown.draw(-1)
    recording = shown.recording
    names = recording.experiment.dataset.class_names
    labels = recording.experiment.dataset.labels
    assert labels is not None
    _, sample, answer, target, _, mark = words_of(log(shown)[0])
    assert target == names[labels[int(sample)]]
    assert (mark == "✓") == answer.startswith(target)


def test_the_heading_names_the_columns() -> None:
    assert still_words(steps()) == ["step", "sample", "ŷ", "y", "loss"]


@pytest.mark.parametrize("name", ["heart", "table", "series"])
def test_a_larger_batch_is_refused_in_one_sentence(name: str) -> None:
    samples = experiment(name).dataset.n_samples
    assert StepsPanel().unsupported_reason(experiment(name)) == f"it lists single samples, and a batch has {samples:,}"
    assert StepsPanel().unsupported_reason(experiment("slow")) is None


@pytest.mark.parametrize(("name", "size"), places("slow", "classes"))
def test_it_stays_in_its_place(name: str, size: str) -> None:
    assert stays_inside(steps(name, size), "steps")


def test_the_same_moment_gives_the_same_pixels() -> None:
    shown = steps()
    plain = [k for k, moment in enumerate(shown.moments) if not moment.card]
    first = shown.draw(plain[1])
    assert not np.array_equal(first, shown.draw(plain[-1]))
    np.testing.assert_array_equal(first, shown.draw(plain[1]))
