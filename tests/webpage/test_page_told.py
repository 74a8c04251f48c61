"""A told step, phase by phase: each number that stands on the page is the NumPy engine's."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pytest
from browser_page import Film, Open

from backprop_anim.engine import Array, Backprop
from backprop_anim.training import Recording

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NAMES = ["full", "one", "noise", "deep", "curve", "series", "table", "fruit", "xor"]
STEPS = [0, 3]


class Neuron(NamedTuple):
    layer: int
    unit: int


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("·10", "e").translate(RAISED))


def close(found: float, wanted: float) -> bool:
    """Whether a number that is shown in three digits is this one."""
    return bool(abs(found - wanted) <= 0.0051 * abs(wanted) + 1e-12)


def numbers(film: Film) -> list[float]:
    text = "\n".join(film.find(".formulas math").all_text_contents())
    return [number(each) for each in NUMBER.findall(text)]


def passed(recording: Recording, row: int, sample: int) -> Backprop:
    """The pass of one sample through a kept state, and back."""
    experiment = recording.experiment
    found = Backprop(experiment.network, experiment.training.loss, recording.parameters[row].copy(), 1)
    found.forward(experiment.dataset.inputs[sample][:, np.newaxis])
    found.backward(experiment.targets()[sample][:, np.newaxis])
    return found


def told_neuron(film: Film) -> Neuron:
    caption = film.find(".changes caption").inner_text()
    depth = len(film.recording.experiment.network.sizes) - 1
    unit = int(re.search(r"neuron (\d+)", caption)[1]) - 1
    layer = re.search(r"hidden layer (\d+)", caption)
    return Neuron(int(layer[1]) if layer else depth - 1, unit)


def rows(film: Film) -> list[list[str]]:
    script = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    found: list[list[str]] = film.find(".changes tbody tr").evaluate_all(script)
    return found


def into(recording: Recording, values: Array, neuron: Neuron) -> tuple[Array, Array]:
    """What of a vector of parameters belongs to a neuron: its weights and bias, and its weights onwards."""
    blocks = recording.experiment.network.layout.blocks(values)
    return blocks[neuron.layer - 1][neuron.unit], blocks[neuron.layer][:, neuron.unit]


def table(recording: Recording, values: Array, neuron: Neuron) -> list[float]:
    """The values in the order of the rows: weights from before, bias, weights onwards."""
    here, onwards = into(recording, values, neuron)
    has_bias = recording.experiment.network.bias
    weights = here[:-1] if has_bias else here
    return [*weights[:4], *(here[-1:] if has_bias else []), *onwards[:2]]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", NAMES)
def test_all_four_phases_show_the_numbers_of_the_numpy_engine(open_page: Open, name: str, step: int) -> None:
    film = open_page(name)
    recording = film.recording
    row = recording.nearest(step)
    film.call("seek", step)
    seen: dict[str, Any] = {}
    for phase in ("forward", "loss", "backward", "update"):
        film.press(".")
        assert film.read("phase") == phase
        pressed = film.find(".phase[aria-pressed=true]").all_inner_texts()
        assert [word.lower() for word in pressed] == [phase]
        seen[phase] = numbers(film), rows(film)
    sample = film.read("sample")
    neuron, truth = told_neuron(film), passed(recording, row, sample)
    assert str(sample + 1) in film.find(".said").inner_text()

    def says(phase: str, wanted: float) -> None:
        assert any(close(found, wanted) for found in seen[phase][0]), (phase, wanted, seen[phase][0])

    says("forward", truth.z[neuron.layer - 1][neuron.unit, 0])
    says("forward", truth.a[neuron.layer][neuron.unit, 0])
    says("loss", truth.loss_value(recording.experiment.targets()[sample][:, np.newaxis]))
    says("backward", truth.delta[neuron.layer - 1][neuron.unit, 0])
    weight = into(recording, recording.parameters[row], neuron)[0][0]
    says("update", weight + into(recording, recording.updates[row], neuron)[0][0])
    known = {"forward": 1, "loss": 1, "backward": 2, "update": 3}
    for phase, columns in known.items():
        slopes = film.numbers("gradient") if phase == "update" else truth.gradient
        vectors = (recording.parameters[row], slopes, recording.updates[row])
        wanted = np.array([table(recording, vector, neuron) for vector in vectors]).T
        cells = [cells[1:] for cells in seen[phase][1]]
        assert len(cells) == len(wanted)
        for found, values in zip(cells, wanted, strict=True):
            assert all(close(number(text), value) for text, value in zip(found[:columns], values, strict=False))
            assert found[columns:] == ["…"] * (3 - columns)  # nothing is told before it is computed


def test_another_sample_can_be_told_about(open_page: Open) -> None:
    film = open_page("full")
    film.choose("sample", 7)
    film.call("tell", "backward")
    assert film.read("sample") == 7
    truth, neuron = passed(film.recording, 0, 7), told_neuron(film)
    assert any(close(found, truth.delta[neuron.layer - 1][neuron.unit, 0]) for found in numbers(film))


def test_the_last_state_says_that_no_step_leaves_it(open_page: Open) -> None:
    film = open_page("full")
    film.call("seek", 24)
    film.call("tell", "update")
    assert "no step leaves it" in film.find(".told").inner_text()


def test_a_live_step_is_told_before_it_is_made(open_page: Open) -> None:
    film = open_page("mini")
    film.call("train", 2)
    film.call("tell", "forward")
    before = film.numbers("parameters")
    assert film.read("update") is None
    film.call("tell", "update")
    update = film.numbers("update")
    assert film.numbers("parameters").tolist() == before.tolist()
    film.call("next")
    assert film.numbers("parameters").tolist() == (before + update).tolist()
    assert (film.read("step"), film.read("phase")) == (3, "none")
