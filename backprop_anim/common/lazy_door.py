"""Opens a room's door without entering: a name is imported when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

__all__ = ["lazy_door"]


def lazy_door(room: str, offered: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package whose modules are heavy (PEP 562).

    Parameters
    ----------
    room : str
        The package's ``__name__``.
    offered : mapping of str to str
        For each module of the package the names that others may use of it, with blanks between them. None may be
        that of a module: Python binds a module in its package when it is imported, and would hide the other.
    """
    place = {name: module for module, names in offered.items() for name in names.split()}

    def __getattr__(name: str) -> object:  # noqa: N807 - it becomes just that
        if name not in place:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{place[name]}"), name)

    return __getattr__
