"""Parts of other packages: those that bring a twin train on the page, the others play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from browser_page import TEXTS, Open, recorded

from backprop_anim.common import OutputError, Registry
from backprop_anim.engine import Array, activations, optimizers
from backprop_anim.webpage import make_page

SPIKE = """() => ({
  outputOnly: false,
  slope: (z, a) => -2 * z * a,
  value(z, a) { for (let k = 0; k < z.length; k++) a[k] = Math.exp(-z[k] * z[k]); },
  backward(z, a, delta) { for (let k = 0; k < z.length; k++) delta[k] *= -2 * z[k] * a[k]; },
})"""


@dataclass(frozen=True)
class Spike(activations["tanh"]):  # type: ignore[misc]
    """exp(−z²)."""

    def value(self, z: Array, out: Array) -> None:
        np.exp(-z * z, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        np.multiply(-2 * z, a, out=out)


@dataclass(frozen=True)
class TwinnedSpike(Spike):
    """exp(−z²), for the page too."""

    page_twin: ClassVar[str] = SPIKE


@dataclass(frozen=True)
class Halved(optimizers["sgd"]):  # type: ignore[misc]
    """Half of plain gradient descent's steps."""

    def update(self, gradient: Array, *given: object, **named: object) -> None:
        super().update(0.5 * gradient, *given, **named)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    added: list[tuple[Registry, str, type]] = [  # type: ignore[type-arg]
        (activations, "spike", Spike),
        (activations, "twinned_spike", TwinnedSpike),
        (optimizers, "halved", Halved),
    ]
    for registry, word, cls in added:
        registry.register(word)(cls)
    yield
    for registry, word, _ in added:
        del registry._classes[word]


def with_activation(word: str) -> str:
    return TEXTS["full"].replace("activation: tanh", f"activation: {word}")


@pytest.mark.browser
def test_an_activation_with_its_twin_gives_the_same_numbers_and_trains(open_html: Open) -> None:
    recording = recorded(with_activation("twinned_spike"))
    film = open_html(make_page(recording).html)
    film.call("train", 24)
    np.testing.assert_allclose(film.numbers("parameters"), recording.parameters[-1], rtol=1e-10)
    assert film.errors == []


def test_an_activation_without_one_is_refused() -> None:
    with pytest.raises(OutputError, match="no twin of the activation spike"):
        make_page(recorded(with_activation("spike")))


@pytest.mark.browser
def test_an_optimizer_without_one_plays_and_tells_and_says_that_it_cannot_train(open_html: Open) -> None:
    recording = recorded(TEXTS["full"].replace("aggression: 0.5", "aggression: 0.5, optimizer: halved"))
    film = open_html(make_page(recording).html)
    film.call("seek", 12)
    film.call("tell", "update")
    row = int(np.searchsorted(recording.steps, 12))
    np.testing.assert_allclose(film.numbers("update"), recording.updates[row], rtol=1e-6)
    assert "cannot train on: its engine has no twin of the optimizer halved" in film.find(".note").inner_text()
    assert film.find("footer").is_hidden()
    for call in (("train", 1), ("set", "training.aggression", 1), ("setParameter", 0, 1), ("removeSample", 0)):
        assert "no twin of the optimizer halved" in film.refusal(*call)
    film.find(".plane canvas").click()
    film.press(".")
    assert film.read("mode") == "recording"
    assert film.read("step") > 12
    assert film.errors == []
