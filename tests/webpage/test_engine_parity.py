"""The page's engine is the NumPy engine: every registered part gives the same numbers from the same numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from page_engine import NODE, Case, browser_answers, fitting, node_answers, python_answer

from backprop_anim.engine import Penalty, activations, batch_orders, learning_rate_schedules, losses, optimizers

PLAIN_HIDDEN = [name for name in activations if not activations[name].output_only]

WARMUP: Any = learning_rate_schedules["warmup"]

CASES: dict[str, Case] = {
    **{f"activation {name}": Case(hidden=activations[name]()) for name in PLAIN_HIDDEN},
    **{f"output {name}": Case(output=activations[name](), sizes=(2, 5, 3)) for name in activations},
    **{f"loss {name}": fitting(Case(loss=losses[name](), aggression=0.01)) for name in losses},
    "several labels": Case(loss=losses["binary_cross_entropy"](), output=activations["sigmoid"](), sizes=(2, 5, 3)),
    "half the mean": Case(loss=losses["mse"](half=True)),
    "half the sum": Case(loss=losses["sse"](half=True), aggression=0.01),
    "a narrow huber": Case(loss=losses["huber"](delta=0.2)),
    **{f"optimizer {name}": Case(optimizer=optimizers[name](), aggression=0.01) for name in optimizers},
    **{f"schedule {name}": Case(schedule=learning_rate_schedules[name]()) for name in learning_rate_schedules},
    **{f"order {name}": Case(order=batch_orders[name](), batch=4) for name in batch_orders},
    "a warmup": Case(schedule=WARMUP(steps=20, then=learning_rate_schedules["cosine"](final=0.1))),
    "nesterov": Case(optimizer=optimizers["momentum"](momentum=0.8, nesterov=True), aggression=0.01),
    "options": Case(hidden=activations["leaky_relu"](slope=0.2), schedule=learning_rate_schedules["step"](every=7)),
    "noise": Case(noise=0.5),
    "weight decay": Case(penalty=Penalty(weight_decay=0.3), noise=0.5),
    "some held still": Case(frozen=("W1", "b3"), optimizer=optimizers["adamw"](), aggression=0.01),
    "both penalties": Case(penalty=Penalty(weight_decay=0.1, l1=0.05), batch=4, bias=False),
    "noise and batches": Case(noise=0.5, batch=3, order=batch_orders["random"]()),
    "one sample": Case(batch=1, order=batch_orders["shuffled"]()),
    "no biases": Case(bias=False),
    "no hidden layer": Case(sizes=(3, 2)),
    "deep": Case(sizes=(1, 6, 7, 3, 2), hidden=activations["sigmoid"]()),
}


needs_node = pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")


@cache
def in_node() -> dict[str, dict[str, Any]]:
    return dict(zip(CASES, node_answers(list(CASES.values())), strict=True))


@pytest.fixture(scope="module")
def in_browser(started: Any) -> dict[str, dict[str, Any]]:
    with started.awake():
        page = started.browser.new_page()
        found = browser_answers(page, list(CASES.values()))
        page.close()
    return dict(zip(CASES, found, strict=True))


def assert_close(found: dict[str, Any], wanted: dict[str, Any], precision: float) -> None:
    for key, value in wanted.items():
        scale = max(float(np.abs(value).max()), 1e-12)
        np.testing.assert_allclose(found[key], value, rtol=precision, atol=precision * scale, err_msg=key)


@needs_node
@pytest.mark.parametrize("name", CASES)
def test_it_finds_what_the_numpy_engine_finds(name: str) -> None:
    ours = python_answer(CASES[name])
    assert_close(in_node()[name], ours, 1e-10)
    assert np.abs(np.array(ours["parameters"]) - ours["gradient"]).max() > 1e-6


@pytest.mark.browser
@pytest.mark.parametrize("name", CASES)
def test_a_browser_finds_it_too(in_browser: dict[str, dict[str, Any]], name: str) -> None:
    assert_close(in_browser[name], python_answer(CASES[name]), 1e-10)


@pytest.mark.browser
@needs_node
@pytest.mark.parametrize("name", CASES)
def test_a_browser_finds_what_node_finds(in_browser: dict[str, dict[str, Any]], name: str) -> None:
    assert_close(in_browser[name], in_node()[name], 1e-12)
