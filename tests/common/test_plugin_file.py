"""A file of parts is loaded once and by its text; whatever is wrong with it is one message with its line."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backprop_anim.common import plugin_file
from backprop_anim.common.errors import NotFoundError, UsageError
from backprop_anim.common.plugin_file import PluginFile, load_plugin_file, loaded_plugins, use_plugin
from backprop_anim.engine.activations import activations

TEXT = '''\
from dataclasses import dataclass
from backprop_anim.engine.activations import Elementwise, activations

@activations.register("loaded_twice")
@dataclass(frozen=True)
class Twice(Elementwise):
    """2·z, for a test."""

    def value(self, z, out):
        out[...] = 2 * z

    def derivative(self, z, a, out):
        out[...] = 2
'''


@pytest.fixture(autouse=True)
def _nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(activations._classes), set(sys.modules)
    monkeypatch.setattr(plugin_file, "_loaded", {})
    yield
    activations._classes.clear()
    activations._classes.update(before[0])
    for name in set(sys.modules) - before[1]:
        if name.startswith("backprop_anim_plugin_"):
            del sys.modules[name]


def test_a_file_is_loaded_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "my parts.py"
    path.write_text(TEXT)
    plugin = load_plugin_file(path)
    assert "loaded_twice" in activations
    assert load_plugin_file(path) == plugin
    use_plugin(PluginFile("elsewhere/my parts.py", plugin.text))
    assert loaded_plugins() == (plugin,)
    assert list(tmp_path.iterdir()) == [path]
    part = activations["loaded_twice"]()
    assert pickle.loads(pickle.dumps(part)) == part, "experiments travel to other processes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nx = 1 / 0\n", r"bad\.py, line 2: ZeroDivisionError: division by zero$"),
        ("def f(:\n", r"bad\.py, line 1: invalid syntax$"),
        ("\n\nimport nothing_of_the_kind\n", r"bad\.py, line 3: ModuleNotFoundError: No module named"),
        ("raise SystemExit\n", r"bad\.py, line 1: SystemExit$"),
        ("\0", r"bad\.py: (ValueError: )?source code string cannot contain null bytes$"),  # as Python has it
        (
            TEXT.replace("loaded_twice", "relu"),
            r"bad\.py, line 4: activation 'relu' is registered already, by backprop_anim\.engine",
        ),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    modules = set(sys.modules)
    with pytest.raises(UsageError, match=said):
        load_plugin_file(path)
    assert not {name for name in set(sys.modules) - modules if name.startswith("backprop_anim_plugin_")}
    assert loaded_plugins() == ()


def test_what_is_no_such_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"there is no plug-in .*none\.py"):
        load_plugin_file(tmp_path / "none.py")
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(NotFoundError, match=r"folder\.py cannot be read: Is a directory"):
        load_plugin_file(tmp_path / "folder.py")
    with pytest.raises(UsageError, match=r"notes\.txt is no Python file by its name: it must end in \.py"):
        load_plugin_file(tmp_path / "notes.txt")
