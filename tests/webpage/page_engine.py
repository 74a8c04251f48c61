"""Cases for the page's engine, and what it makes of them in Node and in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop_anim.engine import (
    Array,
    Backprop,
    Network,
    Penalty,
    activations,
    batch_orders,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.engine.batches import BatchStream
from backprop_anim.webpage.bundle import join_modules

NODE = shutil.which("node")
TANH, LINEAR = activations["tanh"](), activations["linear"]()
MSE, SGD = losses["mse"](), optimizers["sgd"]()
FREE = Penalty()
CONSTANT, CYCLIC = learning_rate_schedules["constant"](), batch_orders["cyclic"]()
RUNNER, WORK = (Path(__file__).parent / name for name in ("run_engine.mjs", "engine_cases.mjs"))


@dataclass(frozen=True)
class Case:
    """One network with one of each part; the first parameters, batches and noise are drawn from the seed."""

    sizes: tuple[int, ...] = (2, 5, 4, 2)
    hidden: Any = TANH
    output: Any = LINEAR
    loss: Any = MSE
    optimizer: Any = SGD
    schedule: Any = CONSTANT
    order: Any = CYCLIC
    batch: int | None = None
    noise: float = 0.0
    bias: bool = True
    penalty: Penalty = FREE
    frozen: tuple[str, ...] = ()
    aggression: float = 0.05
    steps: int = 50
    n_samples: int = 11
    seed: int = 3

    @property
    def network(self) -> Network:
        return Network(self.sizes, (*[self.hidden] * (len(self.sizes) - 2), self.output), self.bias, self.frozen)


def fitting(case: Case) -> Case:
    """The case with the output activation that its loss needs, and enough samples and rate to move."""
    if case.loss.output:
        return replace(
            case,
            output=activations[case.loss.output](),
            sizes=(*case.sizes[:-1], 1 if case.loss.output == "sigmoid" else 3),
        )
    return case


@dataclass(frozen=True)
class Drawn:
    """What a case is worked on with: rows of numbers, a batch and noise for each step."""

    inputs: Array
    targets: Array
    parameters: Array
    rows: list[list[int]] | None
    noise: Array


def drawn(case: Case) -> Drawn:
    rng = np.random.default_rng(case.seed)
    network = case.network
    inputs = rng.uniform(-1.5, 1.5, (case.n_samples, case.sizes[0]))
    n_out = case.sizes[-1]
    targets = rng.uniform(0, 1, (case.n_samples, n_out))
    if case.loss.needs_classes:
        labels = rng.integers(max(2, n_out), size=case.n_samples)
        targets = np.eye(n_out)[labels] if n_out > 1 else labels[:, np.newaxis].astype(float)
    rows = None
    if case.batch is not None:
        stream = BatchStream(case.order, case.n_samples, case.batch, rng)
        rows = [stream.take().tolist() for _ in range(case.steps)]
    noise = 1 + case.noise * rng.standard_normal((case.steps, len(network.layout.names)))
    return Drawn(inputs, targets, rng.normal(0, 0.7, network.layout.n_parameters), rows, noise)


def python_answer(case: Case) -> dict[str, Any]:
    """Forward pass, loss, gradient and updates as the NumPy engine finds them."""
    given, network, layout = drawn(case), case.network, case.network.layout
    state, count = given.parameters.copy(), layout.n_parameters
    whole = Backprop(network, case.loss, state, case.n_samples)
    outputs = whole.forward(given.inputs.T).ravel().copy()
    loss = whole.backward(given.targets.T)
    whole.gradient += case.penalty.gradient(layout, state)
    found: dict[str, Any] = {"loss": loss, "outputs": outputs, "gradient": whole.gradient.copy(), "losses": []}
    memory, update = np.zeros((case.optimizer.n_memory, count)), np.zeros(count)
    factors = case.schedule.factors(case.steps)
    for step in range(case.steps):
        rows = np.arange(case.n_samples) if given.rows is None else np.array(given.rows[step])
        batch = Backprop(network, case.loss, state, len(rows))
        batch.forward(given.inputs[rows].T)
        found["losses"].append(batch.backward(given.targets[rows].T))
        batch.gradient += case.penalty.gradient(layout, state)
        for k, name in enumerate(layout.names):
            layout.arrays(batch.gradient)[name][...] *= given.noise[step, k]
        case.optimizer.update(batch.gradient, case.aggression * factors[step], step + 1, memory, state, update)
        update[network.is_frozen] = 0.0
        state += update
    return found | {"parameters": state, "update": update}


def part(registry: Any, chosen: Any) -> dict[str, Any]:
    options = {each.name: getattr(chosen, each.name) for each in fields(chosen)}
    return {"kind": registry.name_of(chosen)} | {
        key: part(registry, value) if is_dataclass(value) else value for key, value in options.items()
    }


def as_json(case: Case) -> dict[str, Any]:
    given = drawn(case)
    return {
        "network": {
            "sizes": case.sizes,
            "bias": case.bias,
            "frozen": case.frozen,
            "activations": [part(activations, each) for each in case.network.activations],
        },
        "training": {
            "loss": part(losses, case.loss),
            "optimizer": part(optimizers, case.optimizer),
            "aggression": case.aggression,
            "schedule": part(learning_rate_schedules, case.schedule),
            "steps": case.steps,
            "noise": case.noise,
            "batch": case.batch,
            "order": part(batch_orders, case.order),
            **asdict(case.penalty),
        },
        "data": {
            "inputs": given.inputs.T.ravel().tolist(),
            "targets": given.targets.T.ravel().tolist(),
            "count": case.n_samples,
        },
        "parameters": given.parameters.tolist(),
        "steps": case.steps,
        "rows": given.rows,
        "noise": given.noise.tolist() if case.noise else None,
    }


def node_answers(cases: list[Case]) -> list[dict[str, Any]]:
    text = json.dumps([as_json(case) for case in cases])
    done = subprocess.run(
        [str(NODE), str(RUNNER)], input=text, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def browser_answers(page: Any, cases: list[Case]) -> list[dict[str, Any]]:
    """What the engine of a page, joined as it is there, finds in the browser that shows `page`."""
    engine, work = join_modules("engine/trainer.js"), WORK.read_text(encoding="utf-8").replace("export ", "")
    script = (
        f"(text) => {{ {engine}\n{work}\nreturn JSON.parse(text).map((each) => work($engine_trainer.Trainer, each)); }}"
    )
    found: list[dict[str, Any]] = page.evaluate(script, json.dumps([as_json(case) for case in cases]))
    return found
