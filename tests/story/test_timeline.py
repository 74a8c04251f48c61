"""What each frame shows: all kept states in order, in the time that was asked for, at any rate."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from helpers import CLASSES, HEART, SERIES, TWO, XOR, experiment
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_anim.experiment.experiment import Experiment
from backprop_anim.story.moment import Moment, eased, knows_update, row_before, shown_state, told_row
from backprop_anim.story.shown_samples import PROBE_ROUND_S, PROBE_SAMPLE_S, probe_inputs, probe_samples
from backprop_anim.story.timeline import moment_of_still, poster_moment, timeline
from backprop_anim.story.verdict import verdict
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train

PLAIN = ("video.milestones=false", "video.intro=0", "video.opening=0", "video.formats=[mp4]")


def run(text: str, *settings: str) -> Recording:
    return train(experiment(text, *PLAIN, *settings))


def film(recording: Recording) -> tuple[Moment, ...]:
    return timeline(recording.experiment.video, recording)


@cache
def shared() -> Recording:
    """A run with nine kept states."""
    return run(SERIES, "snapshots.count=9")


def shown(**video: object) -> tuple[Moment, ...]:
    changed: Experiment = shared().experiment.with_video(**video)
    return timeline(changed.video, shared())


@pytest.mark.parametrize("fps", [1, 10, 24, 30, 60])
@pytest.mark.parametrize("hold_s", [0.0, 0.4, 2.0])
def test_each_kept_state_has_one_frame_and_the_last_is_held(fps: int, hold_s: float) -> None:
    moments = shown(fps=fps, hold_s=hold_s)
    assert len(moments) == 9 + round(hold_s * fps)
    assert [moment.snapshot for moment in moments[:9]] == list(range(9))
    assert {moment.snapshot for moment in moments[8:]} == {8}
    assert [moment.held for moment in moments] == [False] * 9 + [True] * (len(moments) - 9)


@pytest.mark.parametrize("fps", [5, 10, 24, 30, 60])
@pytest.mark.parametrize("seconds", [0.1, 0.5, 2.0, 7.3])
def test_the_states_are_spread_over_the_seconds_at_any_rate(fps: int, seconds: float) -> None:
    moments = shown(fps=fps, seconds=seconds, hold_s=1.0)
    moving = len(moments) - fps
    assert moving == max(2, round(seconds * fps))
    rows = [moment.snapshot for moment in moments[:moving]]
    assert rows[0] == 0
    assert rows[-1] == 8
    assert rows == sorted(rows)
    if moving >= 9:
        assert set(rows) == set(range(9))
        stays = np.bincount(rows)[1:-1]
        assert stays.max() - stays.min() <= 1 + moving // 9 // 4  # all for about the same time


@settings(deadline=None, max_examples=80, derandomize=True)
@given(
    fps=st.integers(1, 120),
    seconds=st.one_of(st.none(), st.floats(0.01, 20)),
    hold_s=st.floats(0, 5),
    intro_s=st.floats(0, 3),
)
def test_frames_are_numbered_and_timed_without_a_gap(
    fps: int, seconds: float | None, hold_s: float, intro_s: float
) -> None:
    moments = shown(fps=fps, seconds=seconds, hold_s=hold_s, intro_s=intro_s)
    assert [moment.frame for moment in moments] == list(range(len(moments)))
    assert all(moment.time_s == moment.frame / fps for moment in moments)
    assert all(before.snapshot <= after.snapshot for before, after in pairwise(moments))
    assert moments[-1].snapshot == 8
    assert not moments[0].held
    cards = [moment.card for moment in moments if moment.card]
    assert len(cards) == round(intro_s * fps)
    assert cards == sorted(cards, reverse=True)
    assert all(0 < card <= 1 for card in cards)


def test_a_held_moment_shows_just_what_the_one_before_shows() -> None:
    moments = shown(fps=10, seconds=6.0, hold_s=1.0, intro_s=1.0)
    inputs, samples = probe_inputs(shared(), moments), probe_samples(shared(), moments)
    held = [moment for moment in moments if moment.held]
    assert len(held) >= 10
    for moment in held:
        before = moments[moment.frame - 1]
        assert (moment.snapshot, moment.act, moment.card) == (before.snapshot, before.act, before.card)
        assert (moment.caption, moment.caption_opacity) == (before.caption, before.caption_opacity)
        np.testing.assert_array_equal(inputs[moment.frame], inputs[before.frame])
        assert samples[moment.frame] == samples[before.frame]


class TestProbe:
    def test_travels_from_end_to_end_of_a_one_dimensional_input(self) -> None:
        moments = shown(fps=30, seconds=2 * PROBE_ROUND_S, hold_s=2.0)
        x = probe_inputs(shared(), moments)
        assert x.shape == (len(moments), 1)
        inputs = shared().experiment.dataset.inputs
        low, high = inputs.min(), inputs.max()
        assert x.min() == low
        assert low + 0.99 * (high - low) < x.max() <= high
        moving = [moment.frame for moment in moments if not moment.held]
        steps = np.diff(x[moving, 0])
        assert np.count_nonzero(steps < 0) == 1  # it starts again once
        np.testing.assert_allclose(steps[steps > 0], (high - low) / (PROBE_ROUND_S * 30), rtol=1e-9)
        assert len(np.unique(x[moving[-1] :])) == 1

    def test_is_as_fast_at_any_rate(self) -> None:
        slow, fast = (shown(fps=fps, seconds=4.0) for fps in (10, 60))
        at = {moment.time_s: place for moment, place in zip(fast, probe_inputs(shared(), fast), strict=True)}
        moving = [(m, x) for m, x in zip(slow, probe_inputs(shared(), slow), strict=True) if not m.held]
        common = [(x, at[moment.time_s]) for moment, x in moving if moment.time_s in at]
        assert len(common) >= 20
        for ours, theirs in common:
            np.testing.assert_allclose(ours, theirs, atol=1e-12)

    def test_is_the_sample_that_the_step_saw_where_a_batch_is_one(self) -> None:
        recording = run(CLASSES, "snapshots.every=1")
        moments = film(recording)
        inputs = recording.experiment.dataset.inputs
        seen = recording.samples[[moment.snapshot for moment in moments]]
        known = seen >= 0
        assert np.count_nonzero(known) == 30
        np.testing.assert_array_equal(probe_samples(recording, moments)[known], seen[known])
        np.testing.assert_array_equal(probe_inputs(recording, moments)[known], inputs[seen[known]])

    @pytest.mark.parametrize("text", [XOR, TWO])
    def test_goes_through_other_data_one_by_one(self, text: str) -> None:
        recording = run(text, "video.fps=20", "video.seconds=15", "video.hold=0")
        moments = film(recording)
        n, each = recording.experiment.dataset.n_samples, round(PROBE_SAMPLE_S * 20)
        samples = probe_samples(recording, moments).tolist()
        assert samples == [frame // each % n for frame in range(len(moments))]
        np.testing.assert_array_equal(probe_inputs(recording, moments), recording.experiment.dataset.inputs[samples])


class TestStills:
    @pytest.mark.parametrize("video", [{}, {"seconds": 0.2}, {"seconds": 9.0}, {"intro_s": 2.0}])
    def test_show_the_last_kept_state_at_or_before_a_step(self, video: dict[str, float]) -> None:
        changed = shared().experiment.with_video(**video).video
        for step in range(41):
            moment = moment_of_still(changed, shared(), step)
            row = moment.snapshot
            assert shared().steps[row] <= step
            assert row == 8 or shared().steps[row + 1] > step
            assert moment.act is None
            assert moment.card == 0
            assert not moment.held

    def test_beyond_the_run_show_its_end(self) -> None:
        assert moment_of_still(shared().experiment.video, shared(), 10**9).snapshot == 8


def test_captions_appear_at_their_step_for_their_time() -> None:
    recording = run(HEART, "snapshots.every=1", "video.fps=10", "video.hold=1")
    said = "video.captions=[{step: 5, text: early, seconds: 2}, {step: 40, text: late, seconds: 1}]"
    given_film = experiment(HEART, *PLAIN, "snapshots.every=1", "video.fps=10", "video.hold=1", said)
    moments = timeline(given_film.video, recording)
    words = [moment.caption for moment in moments]
    assert words == [""] * 5 + ["early"] * 20 + [""] * 15 + ["late"] * 10 + [""] * 21
    opacities = [moment.caption_opacity for moment in moments]
    assert all((opacity > 0) == bool(word) for opacity, word in zip(opacities, words, strict=True))
    assert max(opacities) == 1
    assert opacities[5] < opacities[6] < 1
    assert opacities[23] > opacities[24] > 0


def test_milestones_are_true_and_speak_of_the_past() -> None:
    recording = train(
        experiment(CLASSES, "video.fps=30", "training.steps=400", "training.aggression=0.3", "snapshots.count=300")
    )
    moments = film(recording)
    last = moments[-1]
    rows = {moment.caption: moment.snapshot for moment in reversed(moments) if moment.caption}
    assert last.caption == verdict(recording)
    assert {moment.caption for moment in moments if moment.snapshot == last.snapshot} <= {verdict(recording), ""}
    steps = {words: int(words.split()[2].replace(",", "")) for words in rows if words.startswith("By ")}
    said = {words: int(np.flatnonzero(recording.steps == step)[0]) for words, step in steps.items()}
    assert all(0 <= rows[words] - said[words] <= 1.5 * 30 for words in said), "said when it is reached, or soon after"
    assert any("halved" in words for words in said)
    losses = recording.snapshot_losses
    for words, row in said.items():
        if "halved" in words:
            lasting = round(2.5 * 30)
            assert (losses[row : row + lasting] <= losses[0] / 2).all()
            assert not any((losses[first : first + lasting] <= losses[0] / 2).all() for first in range(row))


def test_what_does_not_last_is_no_milestone() -> None:
    from backprop_anim.story.milestones import _first_lasting

    so = np.array([False, True, False, True, True, False, True])
    assert [_first_lasting(so, n) for n in (1, 2, 3)] == [1, 3, 6]  # to the end counts as well
    assert _first_lasting(so[:-1], 3) is None
    assert _first_lasting(so[:0], 1) is None


def slow_run() -> Recording:
    text = CLASSES.replace("steps: 30", "steps: 200")
    slow = "video.slow_motion=[{step: 90, seconds: 2}]"
    return train(experiment(text, *PLAIN, "snapshots.every=1", "video.fps=30", slow))


def test_where_numbers_are_read_every_state_stays_for_a_while_and_the_film_as_long_as_it_was() -> None:
    recording = slow_run()
    video = recording.experiment.video
    usual, kept = timeline(video, recording), timeline(video, recording, kept_s=0.3)
    assert len(kept) == len(usual)
    changes = [b.frame for a, b in pairwise(kept) if a.snapshot != b.snapshot]
    acts = [moment.frame for moment in kept if moment.act]
    told = range(acts[0], acts[-1] + 1)
    free = [(a, b) for a, b in pairwise(changes) if a not in told and b not in told and b != changes[-1]]
    assert len(free) > 15
    assert all(b - a == 9 for a, b in free)
    assert kept[-1].snapshot == recording.n_snapshots - 1


def test_between_two_states_only_the_picture_is_on_its_way() -> None:
    recording = slow_run()
    kept = timeline(recording.experiment.video, recording, kept_s=0.3)
    between = [moment for moment in kept if moment.blend]
    assert len(between) > 30
    for moment in between:
        state = shown_state(recording, moment)
        before, after = (recording.parameters[row] for row in (moment.snapshot, moment.toward))
        assert moment.toward > moment.snapshot
        np.testing.assert_allclose(state, before + eased(moment.blend) * (after - before))
    assert all(moment.blend == 0 for moment in kept if moment.act or moment.snapshot == recording.n_snapshots - 1)


def test_a_step_in_slow_motion_tells_its_update_last_and_ends_on_the_next_state() -> None:
    recording = slow_run()
    row = recording.nearest(90)
    slow = [moment for moment in timeline(recording.experiment.video, recording, kept_s=0.3) if moment.act]
    assert {told_row(recording, moment) for moment in slow} == {row}
    phases = [moment.act.phase for moment in slow if moment.act]
    assert [knows_update(moment) for moment in slow] == [phase in ("update", "outcome") for phase in phases]
    assert [moment.snapshot - row for moment in slow] == [phase == "outcome" for phase in phases]
    assert [row_before(recording, moment) == row for moment in slow] == [knows_update(moment) for moment in slow]
    assert slow[-1].snapshot == row + 1
    assert recording.steps[row + 1] == 91
    np.testing.assert_array_equal(shown_state(recording, slow[-1]), recording.parameters[row + 1])
    samples = probe_samples(recording, tuple(slow))
    assert (samples == recording.samples[row]).all()


@pytest.mark.parametrize("kept_s", [0.0, 0.3])
def test_after_a_step_in_slow_motion_the_film_never_goes_back(kept_s: float) -> None:
    recording = slow_run()
    moments = timeline(recording.experiment.video, recording, kept_s=kept_s)
    rows = [moment.snapshot for moment in moments]
    assert rows == sorted(rows)
    assert any(moment.act for moment in moments)
    assert rows[-1] == recording.n_snapshots - 1


def test_the_first_state_is_held_and_looping_formats_fade_after_the_hold() -> None:
    moments = shown(fps=10, hold_s=1.0, opening_s=1.5, formats=("mp4", "gif"))
    assert [moment.snapshot for moment in moments[:16]] == [0] * 16
    faded = [moment.faded for moment in moments]
    assert faded[-5:] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert not any(faded[:-5])
    assert poster_moment(moments) == len(moments) - 6
    assert not shown(fps=10, hold_s=1.0, formats=("mp4",))[-1].faded


def test_a_plain_moment_shows_the_recorded_state() -> None:
    for moment in film(shared()):
        np.testing.assert_array_equal(shown_state(shared(), moment), shared().parameters[moment.snapshot])


def test_gentle_motion_goes_from_0_to_1_and_never_back() -> None:
    path = [eased(progress) for progress in np.linspace(-0.5, 1.5, 201)]
    assert path[0] == 0
    assert path[-1] == 1
    assert all(0 <= after - before < 0.02 for before, after in pairwise(path))
    assert eased(0.5) == 0.5
