"""Whether a notebook runs this; nobody who is not in one has IPython imported for it."""

from __future__ import annotations

import sys

__all__ = ["in_notebook"]


def in_notebook() -> bool:
    """Return whether a notebook's kernel runs this, which a prompt of IPython's in a terminal is not."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None
