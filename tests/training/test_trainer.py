"""A training is made of the steps that it records, depends on its seed alone, and says when it leaves the numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers import ALL, CLASSES, HEART, SERIES, TWO, XOR, experiment
from recording_contents import SNAPSHOTS, same

from backprop_anim.engine.types import Array
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.experiment.snapshot_schedules import snapshot_schedules
from backprop_anim.training import trainer as trainer_module
from backprop_anim.training.trainer import Trainer, train

VARIANTS = [
    *((text, ()) for text in ALL),
    *(("series", (f"snapshots={snapshots}",)) for snapshots in SNAPSHOTS.values()),
    *(("two", (f"snapshots={snapshots}", "training.optimizer=adam")) for snapshots in SNAPSHOTS.values()),
    ("classes", ("snapshots={count: 300, schedule: motion}", "training.noise=0.3")),
    ("series", ("training.steps=1",)),
    ("series", ("training.steps=2", "training.batch=1", "snapshots={schedule: motion}")),
]


def loss_at(given: Experiment, parameters: Array, rows: slice | list[int] = slice(None)) -> float:
    """The loss over some of the samples, from its definition."""
    y, a = given.targets()[rows], given.network.outputs(parameters, given.dataset.inputs[rows])
    kind = type(given.training.loss).__name__
    if kind == "CrossEntropy":
        return float(-np.log(a[y == 1]).sum() / len(a))
    if kind == "BinaryCrossEntropy":
        return float(-np.log(np.where(y == 1, a, 1 - a)).sum() / len(a))
    total = float(((a - y) ** 2).sum())
    return total if kind == "SumSquaredError" else total / len(a)


def test_every_snapshot_schedule_is_tried() -> None:
    assert set(SNAPSHOTS) == set(snapshot_schedules)


@pytest.mark.parametrize(("text", "settings"), VARIANTS)
def test_a_recording_holds_the_very_numbers_of_its_steps(text: str, settings: tuple[str, ...]) -> None:
    given = experiment(ALL[text], *settings)
    recording, trainer = train(given), Trainer(given)
    kept = {int(step): row for row, step in enumerate(recording.steps)}
    steps = given.training.steps
    assert min(kept) == 0
    assert max(kept) == steps
    for step in range(steps):
        row = kept.get(step)
        state = trainer.parameters.copy()
        loss = trainer.compute_gradient()
        gradient = trainer.backprop.gradient.copy()
        trainer.apply_update()
        assert recording.losses[step] == loss
        np.testing.assert_array_equal(trainer.backprop.gradient, gradient)  # the noise is in a copy
        if row is not None:
            np.testing.assert_array_equal(recording.parameters[row], state)
            np.testing.assert_array_equal(recording.gradients[row], gradient)
            np.testing.assert_array_equal(recording.parameters[row] + recording.updates[row], trainer.parameters)
            assert recording.samples[row] == (trainer.batch[0] if given.training.batch == 1 else -1)
    np.testing.assert_array_equal(recording.parameters[-1], trainer.parameters)
    np.testing.assert_array_equal(recording.updates[-1], 0)
    np.testing.assert_array_equal(recording.gradients[-1], trainer.full_gradient())
    assert recording.samples[-1] == -1


@pytest.mark.parametrize("text", ALL)
def test_the_losses_are_those_of_the_batches_and_the_shown_ones_those_of_all_data(text: str) -> None:
    given = experiment(ALL[text])
    recording = train(given)
    for row, step in enumerate(recording.steps[:-1]):
        parameters = recording.parameters[row]
        assert recording.snapshot_losses[row] == pytest.approx(loss_at(given, parameters), rel=1e-12)
        if given.training.batch is None:
            assert recording.losses[step] == pytest.approx(recording.snapshot_losses[row], rel=1e-13)
        if given.training.batch == 1:
            seen = [int(recording.samples[row])]
            assert recording.losses[step] == pytest.approx(loss_at(given, parameters, seen), rel=1e-12)
    assert recording.snapshot_losses[-1] == pytest.approx(loss_at(given, recording.parameters[-1]), rel=1e-12)


def test_the_first_state_is_the_initializers_and_the_first_loss_its_loss() -> None:
    given = experiment(SERIES)
    init_rng = np.random.default_rng(given.seed).spawn(4)[1]
    first = given.init.sample(given.network.layout, init_rng)
    recording = train(given)
    np.testing.assert_array_equal(recording.parameters[0], first)
    assert recording.losses[0] == pytest.approx(loss_at(given, first), rel=1e-13)


class TestSeeds:
    @pytest.mark.parametrize("text", ALL)
    def test_the_same_seed_gives_the_same_bits(self, text: str) -> None:
        assert same(train(experiment(ALL[text])), train(experiment(ALL[text])))

    @pytest.mark.parametrize("text", ALL)
    def test_seed_0_is_a_seed_like_any_other(self, text: str) -> None:
        zero, again, one = (train(experiment(ALL[text], f"seed={seed}")) for seed in (0, 0, 1))
        assert same(zero, again)
        assert not same(zero, one)
        assert zero.experiment.seed == 0

    def test_noise_moves_neither_the_data_nor_the_first_weights_nor_the_batches(self) -> None:
        settings = ("training.batch=1", "training.order=random", "snapshots.every=1")
        runs = [train(experiment(TWO, *settings, f"training.noise={noise}")) for noise in (0.0, 0.5)]
        plain, noisy = runs
        np.testing.assert_array_equal(plain.experiment.dataset.inputs, noisy.experiment.dataset.inputs)
        np.testing.assert_array_equal(plain.parameters[0], noisy.parameters[0])
        np.testing.assert_array_equal(plain.samples, noisy.samples)
        assert len(set(plain.samples.tolist())) > 8
        assert (plain.parameters[-1] != noisy.parameters[-1]).all()

    def test_data_weights_and_batches_do_not_move_the_noise(self) -> None:
        changes = (
            (),
            ("task.points=9",),
            ("network.init={kind: uniform}",),
            ("training.batch=2", "training.order=shuffled"),
        )
        found = []
        for settings in changes:
            trainer = Trainer(experiment(SERIES, "training.noise=1", *settings))
            trainer.compute_gradient()
            found.append(trainer.noise_factors())
        assert all(np.array_equal(factors, found[0]) for factors in found)
        expected = 1 + np.random.default_rng(1).spawn(4)[3].standard_normal(4)
        np.testing.assert_array_equal(found[0], expected)

    @pytest.mark.parametrize("block", [1, 7, 100_000])
    def test_the_noise_does_not_depend_on_how_many_numbers_are_drawn_at_once(
        self, block: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usual = train(experiment(HEART))
        monkeypatch.setattr(trainer_module, "NOISE_BLOCK", block)
        assert same(train(experiment(HEART)), usual)

    def test_the_noise_goes_on_beyond_a_block(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trainer_module, "NOISE_BLOCK", 4)
        trainer = Trainer(experiment(HEART))
        factors = []
        for _ in range(10):
            trainer.compute_gradient()
            factors.append(trainer.noise_factors().copy())
            trainer.step += 1
        assert len(np.unique(factors)) == 10 * 6


class TestNoise:
    def test_one_factor_multiplies_the_whole_gradient_of_an_array(self) -> None:
        given = experiment(HEART, "snapshots.every=1")
        recording = train(given)
        layout, rng = given.network.layout, np.random.default_rng(given.seed).spawn(4)[3]
        for row in range(given.training.steps):
            updates, gradients = layout.arrays(recording.updates[row]), layout.arrays(recording.gradients[row])
            for name in layout.names:
                expected = -7.0 * (1 + 1.0 * rng.standard_normal()) * gradients[name]
                np.testing.assert_allclose(updates[name], expected, rtol=1e-13)

    def test_without_noise_an_update_is_the_gradient_downhill(self) -> None:
        recording = train(experiment(SERIES, "training.noise=0"))
        np.testing.assert_allclose(recording.updates[:-1], -0.1 * recording.gradients[:-1], rtol=1e-15)


class TestProgress:
    @pytest.mark.parametrize("steps", [1, 3, 40, 1000])
    def test_is_told_from_the_start_to_the_end_but_not_too_often(self, steps: int) -> None:
        told: list[tuple[str, int, int]] = []
        train(experiment(SERIES, f"training.steps={steps}"), lambda *said: told.append(said))
        assert told[0] == ("training", 0, steps)
        assert told[-1] == ("training", steps, steps)
        done = [said[1] for said in told]
        assert done == sorted(set(done))
        assert len(done) <= min(steps, 2 * trainer_module.REPORTS) + 1

    def test_a_run_may_be_stopped_by_what_it_tells(self) -> None:
        def stop(stage: str, done: int, total: int) -> None:
            if done >= 10:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(experiment(SERIES), stop)


@pytest.mark.parametrize("snapshots", SNAPSHOTS.values(), ids=list(SNAPSHOTS))
def test_a_run_that_ends_early_is_the_start_of_the_whole_run(snapshots: str) -> None:
    given = experiment(HEART, f"snapshots={snapshots}")
    whole, part = train(given), train(given, stop=20)
    np.testing.assert_array_equal(part.losses, whole.losses[:20])
    assert part.steps[-1] == 20
    assert (np.diff(part.steps) > 0).all()
    trainer = Trainer(given)
    for _ in range(20):
        trainer.compute_gradient()
        trainer.apply_update()
    np.testing.assert_array_equal(part.parameters[-1], trainer.parameters)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        (SERIES, ("training.steps=2000",)),
        (XOR, ("training.steps=2000",)),
        (CLASSES, ("training.steps=300",)),
        (TWO, ("training.steps=300",)),
        (HEART, ("training.steps=1500", "training.noise=0", "training.aggression=1")),
    ],
)
def test_learning_lowers_the_loss(text: str, settings: tuple[Any, ...]) -> None:
    shown = train(experiment(text, *settings)).snapshot_losses
    assert shown[-1] < 0.8 * shown[0]


def test_a_sum_is_so_many_times_the_mean() -> None:
    mean, total = (train(experiment(SERIES, f"training.loss={loss}", "training.steps=1")) for loss in ("mse", "sse"))
    assert total.losses[0] == pytest.approx(15 * mean.losses[0], rel=1e-14)
    np.testing.assert_allclose(total.gradients[0], 15 * mean.gradients[0], rtol=1e-12)


def test_rates_follow_the_schedule_of_the_whole_run_even_where_it_ends_early() -> None:
    given = experiment(SERIES, "training.schedule={kind: linear, final: 0}", "snapshots.every=1")
    recording = train(given, stop=11)
    for step in range(11):
        rate = 0.1 * (1 - step / 39)
        np.testing.assert_allclose(recording.updates[step], -rate * recording.gradients[step], rtol=1e-12)
    assert replace(given.training, steps=11).schedule == given.training.schedule
