"""The speed of time is said where it bends: steps a frame, second by second, and slow motion."""

from __future__ import annotations

import re

import numpy as np
import pytest
from small_runs import film, recording

from backprop_anim.story.pace import pace_texts
from backprop_anim.story.timeline import timeline


def test_even_time_needs_no_word() -> None:
    run = recording("heart", "snapshots.schedule=linear")
    assert set(pace_texts(run, timeline(run.experiment.video, run))) == {""}


def test_a_second_says_how_many_steps_its_frames_stand_for() -> None:
    run = recording("heart", "snapshots={schedule: log, count: 60}", "training.steps=5000", "video.opening=1")
    moments = timeline(run.experiment.video, run)
    texts, fps = pace_texts(run, moments), run.experiment.video.fps
    said = [frame for frame, text in enumerate(texts) if text]
    assert [moments[said[0] - back].snapshot for back in (0, 1)] == [0, 0]  # none in the opening
    assert said[0] == fps
    assert moments[said[-1]].snapshot < run.n_snapshots - 1
    for start in range(0, len(said) - fps, fps):
        frames = said[start : start + fps]
        (text,) = {texts[frame] for frame in frames}
        number = float(re.fullmatch(r"([0-9.,]+) steps? a frame", text)[1].replace(",", ""))  # type: ignore[index]
        passed = run.steps[moments[frames[-1] + 1].snapshot] - run.steps[moments[frames[0]].snapshot]
        assert number == pytest.approx(passed / fps, rel=0.06)


def test_slow_motion_is_called_so() -> None:
    shown = film("slow")
    texts = pace_texts(shown.recording, shown.moments)
    slow = np.array([moment.act is not None for moment in shown.moments])
    assert slow.any()
    assert [text == "slow motion" for text in texts] == slow.tolist()
