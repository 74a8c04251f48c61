"""Slow motion and captions against the run: whether their steps, samples and times can be had."""

from __future__ import annotations

from itertools import pairwise

from backprop_anim.config.problems import Problems
from backprop_anim.engine import BatchStream
from backprop_anim.experiment import EqualMotionSnapshots, Experiment, followed_part

__all__ = ["check_events"]

MAX_LOOKED_UP = 200_000
"""Up to this step it is looked up beforehand which sample a step sees; later ones are refused with a sample."""


def check_events(experiment: Experiment, problems: Problems) -> None:
    """Note the steps and samples that the run does not have, and captions that would cover each other."""
    _check_slow_motion(experiment, problems)
    _check_captions(experiment, problems)


def _check_slow_motion(experiment: Experiment, problems: Problems) -> None:
    steps, n_samples = experiment.training.steps, experiment.dataset.n_samples
    seen: set[int] = set()
    for index, motion in enumerate(experiment.video.slow_motion):
        path = ("video", "slow_motion", index)
        if motion.step >= steps:
            said = f"is {motion.step:,}, and training takes {steps:,} steps: allowed are 0 to {steps - 1:,}"
            problems.add((*path, "step"), said)
        elif motion.step in seen:
            problems.add((*path, "step"), f"{motion.step:,} stands here twice")
        seen.add(motion.step)
        _check_followed(experiment, motion.follow, path, problems)
        if motion.sample is None:
            continue
        if motion.sample >= n_samples:
            said = f"is {motion.sample:,}, and the task has {n_samples:,} samples: allowed are 0 to {n_samples - 1:,}"
            problems.add((*path, "sample"), said)
        elif motion.step < steps and (reason := _is_not_shown(experiment, motion.step, motion.sample)):
            problems.add((*path, "sample"), reason)


def _check_followed(
    experiment: Experiment, words: tuple[str, ...], path: tuple[str | int, ...], problems: Problems
) -> None:
    """Note words that name nothing in the network, and those that name the same again."""
    network, seen = experiment.network, set()
    for index, word in enumerate(words):
        try:
            part = followed_part(word, network.sizes, network.bias)
        except ValueError as error:
            problems.add((*path, "follow", index), str(error))
            continue
        if part in seen:
            problems.add((*path, "follow", index), f"{word!r} stands here twice")
        seen.add(part)


def _is_not_shown(experiment: Experiment, step: int, sample: int) -> str | None:
    """Return why a step's numbers for a sample cannot be shown: its batch does not hold it."""
    training = experiment.training
    if training.batch is None:
        return None
    if step > MAX_LOOKED_UP:
        return f"cannot be chosen beyond step {MAX_LOOKED_UP:,}; without it, a sample of the step's batch is shown"
    rng = experiment.streams().batch
    stream = BatchStream(training.order, experiment.dataset.n_samples, training.batch, rng, training.straddles)
    for _ in range(step):
        stream.take()
    batch = sorted(set(stream.take().tolist()))
    if sample in batch:
        return None
    which = str(batch[0]) if len(batch) == 1 else ", ".join(map(str, batch))
    return f"is {sample:,}, which step {step:,} does not see: allowed is {which}"


def _check_captions(experiment: Experiment, problems: Problems) -> None:
    """Note captions after the end, and those that the next one would cover.

    With snapshots by motion it shows only in training when a step is reached; a caption then makes way for the next.
    """
    video, steps = experiment.video, experiment.training.steps
    for index, caption in enumerate(video.captions):
        if caption.step > steps:
            said = f"is {caption.step:,}, and training ends at step {steps:,}: allowed are 0 to {steps:,}"
            problems.add(("video", "captions", index, "step"), said)
    ordered = sorted(range(len(video.captions)), key=lambda index: video.captions[index].step)
    for first, second in pairwise(ordered):
        before, after = video.captions[first], video.captions[second]
        gap_s = 0.0 if before.step == after.step else _seconds_between(experiment, before.step, after.step)
        if gap_s is not None and gap_s < before.seconds - 1e-9:
            lower = f"lower its seconds to {gap_s:.1f}, or " if gap_s >= 0.1 else ""
            said = (
                f"is {after.step:,}, {gap_s:.1f} s of film after the caption at step {before.step:,}, "
                f"which stays for {before.seconds:g} s: {lower}move this one"
            )
            problems.add(("video", "captions", second, "step"), said)


def _seconds_between(experiment: Experiment, first: int, second: int) -> float | None:
    """Return the seconds of film between two steps, or None where only training can tell."""
    snapshots, video = experiment.snapshots, experiment.video
    if isinstance(snapshots, EqualMotionSnapshots):
        return None
    kept = snapshots.choose(experiment.training.steps)
    start, stop = (int(kept.searchsorted(step)) for step in (first, second))
    moving_s = len(kept) / video.fps if video.seconds is None else video.seconds
    stops_s = sum(motion.seconds or 0.0 for motion in video.slow_motion if first <= motion.step < second)
    return (stop - start) * moving_s / len(kept) + stops_s
