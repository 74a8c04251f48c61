"""The page of a run that others trained: it plays their states, tells their steps, and trains on by our rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from browser_page import Film, Open

from backprop_anim import Recorder
from backprop_anim.api import Run
from backprop_anim.config import read_experiment
from backprop_anim.engine import Array
from backprop_anim.training import train

pytestmark = pytest.mark.browser

RATE, N_STEPS = 0.07, 30
RNG = np.random.default_rng(4)
T = np.linspace(0, 1, 12)
X = RNG.normal(size=(16, 2))
ANSWERS: dict[str, tuple[Array, Array, str]] = {
    "classes": (X, (X[:, 0] > 0).astype(np.int64), "cross_entropy"),
    "numbers": (X, X[:, :1] * X[:, 1:], "mse"),
    "curve": (T[:, np.newaxis], np.column_stack([np.cos(6 * T), np.sin(6 * T)]), "mse"),
}


def recorded(word: str) -> Run:
    """Train by plain gradient descent in NumPy, whose rate the page does not know."""
    x, y, loss = ANSWERS[word]
    targets = np.eye(2)[y] if word == "classes" else y
    rng = np.random.default_rng(1)
    w = [rng.normal(0, 0.7, (4, x.shape[1])), rng.normal(0, 0.5, (targets.shape[1], 4))]
    b = [np.zeros(4), np.zeros(targets.shape[1])]
    recorder = Recorder(x, y, activations="tanh", loss=loss, name=word, by="a loop")
    for _ in range(N_STEPS + 1):
        recorder.capture(w, b)
        h = np.tanh(x @ w[0].T + b[0])
        z = h @ w[1].T + b[1]
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        d = (p - targets) / len(x) if word == "classes" else 2 * (z - targets) / len(x)
        dh = (d @ w[1]) * (1 - h * h)
        w = [w[0] - RATE * dh.T @ x, w[1] - RATE * d.T @ h]
        b = [b[0] - RATE * dh.sum(axis=0), b[1] - RATE * d.sum(axis=0)]
    return recorder.recording


@pytest.fixture(params=list(ANSWERS))
def opened(request: pytest.FixtureRequest, open_html: Open, tmp_path: Path) -> tuple[Run, Film]:
    run = recorded(request.param)
    page = run.page(tmp_path / "it.html")
    return run, open_html(page.path.read_text(encoding="utf-8"))


def test_it_plays_their_states_with_their_updates(opened: tuple[Run, Film]) -> None:
    run, film = opened
    assert film.read("steps") == run.steps.tolist()
    for row in (0, 7, N_STEPS):
        film.call("seek", int(run.steps[row]))
        np.testing.assert_allclose(film.numbers("parameters"), run.parameters[row], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(film.numbers("gradient"), run.gradients[row], rtol=1e-4, atol=1e-7)
        film.call("tell", "update")
        if row < N_STEPS:
            np.testing.assert_allclose(film.numbers("update"), run.updates[row], rtol=1e-4, atol=1e-8)
        assert film.read("loss") == pytest.approx(run.snapshot_losses[row], rel=1e-5)


def test_a_told_step_is_that_of_the_training(opened: tuple[Run, Film]) -> None:
    _, film = opened
    film.call("seek", 5)
    film.call("tell", "update")
    text = film.find(".story").inner_text()
    assert "The step is that of a loop" in text
    assert "η" not in text
    film.call("train", 3)
    film.call("tell", "update")
    assert "The step is that of" not in film.find(".story").inner_text()


def test_what_goes_on_here_is_an_experiment_of_ours(opened: tuple[Run, Film]) -> None:
    run, film = opened
    text = film.call("toYaml")
    shown = read_experiment(text, label="the page", name="it", folder=Path())
    assert shown.training.by == "a loop"
    np.testing.assert_allclose(shown.dataset.inputs, run.experiment.dataset.inputs)
    film.call("seek", 10)
    film.call("set", "training.aggression", 0.2)
    film.call("train", 8)
    again = read_experiment(film.call("toYaml"), label="the page", name="it", folder=Path())
    assert again.training.by == ""
    assert again.dataset.kind == run.experiment.dataset.kind
    np.testing.assert_allclose(train(again).parameters[-1], film.numbers("parameters"), rtol=1e-8, atol=1e-11)
