"""A user's own file of parts, loaded for one command: what it registers is there as if it were installed."""

from __future__ import annotations

import hashlib
import re
import sys
import traceback
from dataclasses import dataclass
from importlib.abc import SourceLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

from backprop_anim.common.errors import NotFoundError, UsageError

__all__ = ["PLUGIN_HINT", "PluginFile", "load_plugin_file", "loaded_plugins", "use_plugin"]

PLUGIN_HINT = "if a plug-in made it, load that first: --plugin FILE.py, or import it in Python"
"""What to do about a word that a run knew and nobody knows now."""


@dataclass(frozen=True)
class PluginFile:
    """A file of parts, with its text, so that it can travel to where it is needed.

    Attributes
    ----------
    path : str
        Where it was, as messages call it.
    text : bytes
    """

    path: str
    text: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of its text."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def module(self) -> str:
        """The name of its module, the same in every process."""
        return f"backprop_anim_plugin_{re.sub('[^A-Za-z0-9]', '_', Path(self.path).stem)}_{self.digest[:8]}"


_loaded: dict[str, PluginFile] = {}
"""What was loaded in this process, by the modules' names."""


def load_plugin_file(path: Path) -> PluginFile:
    """Load a file of parts.

    Raises
    ------
    NotFoundError
        If there is no such file.
    UsageError
        If it is no Python file, or fails, as it does where it registers a name that is taken.
    """
    if path.suffix != ".py":
        raise UsageError(f"the plug-in {path} is no Python file by its name: it must end in .py")
    try:
        plugin = PluginFile(str(path), path.read_bytes())
    except FileNotFoundError:
        raise NotFoundError(f"there is no plug-in {path}") from None
    except OSError as error:
        raise NotFoundError(f"the plug-in {path} cannot be read: {error.strerror or error}") from None
    use_plugin(plugin)
    return plugin


def use_plugin(plugin: PluginFile) -> None:
    """Load a file of parts from its text, if this process has not yet.

    Raises
    ------
    UsageError
        If it fails.
    """
    name = plugin.module
    if name in _loaded:
        return
    spec = spec_from_loader(name, _TextLoader(plugin))
    if spec is None or spec.loader is None:
        raise UsageError(f"the plug-in {plugin.path} cannot be loaded")
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles look for it there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise UsageError(_told(plugin, error)) from error
    _loaded[name] = plugin


def loaded_plugins() -> tuple[PluginFile, ...]:
    """Return what was loaded in this process, in that order."""
    return tuple(_loaded.values())


class _TextLoader(SourceLoader):
    """Loads a module from its text, and leaves no compiled file beside it."""

    def __init__(self, plugin: PluginFile) -> None:
        self._plugin = plugin

    def get_filename(self, fullname: str) -> str:
        return self._plugin.path

    def get_data(self, path: str) -> bytes:
        if path != self._plugin.path:
            raise OSError(path)
        return self._plugin.text


def _told(plugin: PluginFile, error: BaseException) -> str:
    """Return what is wrong with a plug-in, and in which of its lines."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == plugin.path]
    line, said = lines[-1] if lines else None, f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, SyntaxError):
        line, said = error.lineno, f"{error.msg}"
    elif isinstance(error, ValueError) and "is registered already" in str(error):
        said = str(error)
    place = f", line {line}" if line else ""
    return f"the plug-in {plugin.path}{place}: {said}"
