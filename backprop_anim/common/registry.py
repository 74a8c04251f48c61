"""Tables of plug-ins by name; they know nothing of what a plug-in does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Generic, TypeVar

__all__ = ["PLUGIN_GROUP", "Registry", "did_you_mean", "import_modules", "load_plugins"]

T = TypeVar("T")
C = TypeVar("C", bound=type)

PLUGIN_GROUP = "backprop_anim.plugins"
"""Entry points of this group name modules of other packages; importing one registers its parts."""


class Registry(Generic[T]):
    """The plug-ins of one kind, in the order in which they were registered.

    A plug-in is a frozen dataclass: its fields are the options that an experiment may set, their
    annotations (``Annotated[float, Gt(0)]``) the allowed values, and the first line of its
    docstring is what ``backprop-anim list`` shows.

    Parameters
    ----------
    noun : str
        What one plug-in is called in messages, for example ``"activation"``.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._classes: dict[str, type[T]] = {}

    def register(self, name: str) -> Callable[[C], C]:
        """Return a class decorator that enters the class under `name`.

        Raises
        ------
        ValueError
            If the name is taken by another class.
        """

        def enter(cls: C) -> C:
            if name in self._classes:
                raise ValueError(f"{self.noun} {name!r} is registered already, by {self._classes[name].__module__}")
            self._classes[name] = cls
            return cls

        return enter

    def name_of(self, plugin: T) -> str:
        """Return the name under which the class of `plugin` is registered."""
        return next(name for name, cls in self._classes.items() if cls is type(plugin))

    def summary(self, name: str) -> str:
        """Return the first line of the docstring of the plug-in `name`."""
        return (self._classes[name].__doc__ or "").strip().partition("\n")[0]

    def __getitem__(self, name: str) -> type[T]:
        return self._classes[name]

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


def import_modules(package: ModuleType | str) -> None:
    """Import every module of `package`, so that the parts defined there are registered."""
    import pkgutil

    module = import_module(package) if isinstance(package, str) else package
    for found in pkgutil.iter_modules(module.__path__):
        import_module(f"{module.__name__}.{found.name}")


def load_plugins() -> None:
    """Import what other installed packages offer under the entry point group `PLUGIN_GROUP`."""
    from importlib import metadata

    for entry_point in metadata.entry_points(group=PLUGIN_GROUP):
        entry_point.load()


def did_you_mean(given: str, allowed: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the nearest allowed word, or nothing where none is near."""
    import difflib

    words = {word.lower(): word for word in allowed}
    near = difflib.get_close_matches(str(given).lower(), list(words), n=1, cutoff=0.6)
    return f" (did you mean '{words[near[0]]}'?)" if near else ""
