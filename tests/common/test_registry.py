"""Plug-ins by name: each once, in order, with its options and a word about it; other packages may bring more."""

from __future__ import annotations

import sys
from dataclasses import MISSING, dataclass, fields, is_dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest
from helpers import experiment

from backprop_anim.common.registry import PLUGIN_GROUP, Registry, did_you_mean, import_modules, load_plugins
from backprop_anim.engine.activations import activations
from backprop_anim.engine.batches import batch_orders
from backprop_anim.engine.initializers import initializers
from backprop_anim.engine.losses import losses
from backprop_anim.engine.optimizers import optimizers
from backprop_anim.engine.schedules import learning_rate_schedules
from backprop_anim.experiment.snapshot_schedules import snapshot_schedules
from backprop_anim.tasks import tasks
from backprop_anim.training.trainer import train

REGISTRIES: dict[str, tuple[Registry[Any], set[str]]] = {
    "activations": (activations, {"sigmoid", "tanh", "relu", "linear", "softmax"}),
    "losses": (losses, {"mse", "sse", "mae", "huber", "cross_entropy", "binary_cross_entropy"}),
    "optimizers": (optimizers, {"sgd", "momentum", "rmsprop", "adam"}),
    "initializers": (initializers, {"normal", "uniform", "xavier", "he", "zeros", "file", "given"}),
    "schedules": (learning_rate_schedules, {"constant", "step", "linear", "cosine"}),
    "orders": (batch_orders, {"cyclic", "shuffled", "random"}),
    "snapshots": (snapshot_schedules, {"linear", "log", "power", "every", "steps", "motion"}),
    "tasks": (tasks, {"curve", "series", "points", "table"}),
}
PLUGINS = [(kind, name) for kind, (registry, _) in REGISTRIES.items() for name in registry]


@pytest.mark.parametrize("kind", REGISTRIES)
def test_the_registries_hold_what_experiments_are_promised(kind: str) -> None:
    registry, promised = REGISTRIES[kind]
    assert promised <= set(registry)
    assert len(registry) == len(list(registry)) >= 3
    assert "nothing of the kind" not in registry
    assert registry.noun


@pytest.mark.parametrize(("kind", "name"), PLUGINS)
def test_every_plugin_is_a_frozen_dataclass_that_says_what_it_is(kind: str, name: str) -> None:
    registry, _ = REGISTRIES[kind]
    cls: type[Any] = registry[name]
    assert is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert 10 <= len(registry.summary(name)) <= 120
    assert registry.summary(name).endswith(".")
    hints = get_type_hints(cls, include_extras=True)
    assert all(option.name in hints for option in fields(cls))
    if not any(option.default is MISSING and option.default_factory is MISSING for option in fields(cls)):
        assert registry.name_of(cls()) == name
        assert cls() == cls()
        assert hash(cls()) == hash(cls())


def test_names_and_summaries() -> None:
    words: Registry[object] = Registry("word")

    @words.register("first")
    @dataclass(frozen=True)
    class First:
        """The first line.

        And more.
        """

    @words.register("second")
    class Second:
        pass

    Second.__doc__ = None
    assert list(words) == ["first", "second"]
    assert words["first"] is First
    assert words.name_of(First()) == "first"
    assert words.summary("first") == "The first line."
    assert words.summary("second") == ""
    assert "first" in words
    assert "third" not in words
    assert 3 not in words
    with pytest.raises(KeyError):
        words["third"]


def test_a_name_is_given_once() -> None:
    words: Registry[object] = Registry("word")
    words.register("taken")(int)
    with pytest.raises(ValueError, match="word 'taken' is registered already, by builtins"):
        words.register("taken")(float)
    assert words["taken"] is int


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("sigmoyd", " (did you mean 'sigmoid'?)"),
        ("SIGMOID", " (did you mean 'sigmoid'?)"),
        ("tan", " (did you mean 'tanh'?)"),
        ("quaternion", ""),
        ("", ""),
        (7, ""),
    ],
)
def test_the_nearest_word_is_offered_where_one_is_near(given: Any, said: str) -> None:
    assert did_you_mean(given, activations) == said


def test_modules_of_a_package_are_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "plugged_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "one.py").touch()
    (package / "two.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    import_modules("plugged_package")
    assert {"plugged_package.one", "plugged_package.two"} <= set(sys.modules)
    import_modules(sys.modules["plugged_package"])


PLUGIN = '''
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Gt

from backprop_anim.engine.activations import Elementwise, activations


@activations.register("plugged_square")
@dataclass(frozen=True)
class Square(Elementwise):
    """factor times z squared."""

    factor: Annotated[float, Gt(0)] = 1.0

    def value(self, z, out):
        np.multiply(self.factor * z, z, out)

    def derivative(self, z, a, out):
        np.multiply(2 * self.factor, z, out)
'''


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another package, as if it were installed, with an entry point."""
    (tmp_path / "plugged_activations.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(tmp_path))
    point = metadata.EntryPoint("square", "plugged_activations", PLUGIN_GROUP)

    def found(*, group: str) -> metadata.EntryPoints:
        return metadata.EntryPoints([point] if group == PLUGIN_GROUP else [])

    monkeypatch.setattr(metadata, "entry_points", found)
    yield point
    activations._classes.pop("plugged_square", None)
    sys.modules.pop("plugged_activations", None)


def test_other_packages_bring_parts_through_their_entry_points(plugged: metadata.EntryPoint) -> None:
    assert "plugged_square" not in activations
    load_plugins()
    assert "plugged_square" in activations
    load_plugins()  # a second time changes nothing
    text = """\
task: {kind: series, y: "t^2", points: 8}
network: {hidden: [3], activation: [{kind: plugged_square, factor: 0.5}, linear]}
training: {steps: 30, aggression: 0.05}
"""
    recording = train(experiment(text))
    parameters, inputs = recording.parameters[-1], recording.experiment.dataset.inputs
    arrays = recording.experiment.network.layout.arrays(parameters)
    hidden = 0.5 * (inputs @ arrays["W1"].T + arrays["b1"]) ** 2
    expected = hidden @ arrays["W2"].T + arrays["b2"]
    np.testing.assert_allclose(recording.experiment.network.outputs(parameters, inputs), expected, rtol=1e-12)
    assert recording.losses[-1] < recording.losses[0]


def test_without_other_packages_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: metadata.EntryPoints([]))
    before = set(activations)
    load_plugins()
    assert set(activations) == before
