"""Notebooks for the tests: made of a few cells, executed by a real kernel, and what it said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed (the extra notebook)")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed (the extra notebook)")
pytest.importorskip("ipykernel", reason="ipykernel is not installed (the extra notebook)")


class _Listening(nbclient.NotebookClient):  # type: ignore[misc]
    """Keeps what a front end would be told to show."""

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        self.heard: list[tuple[str, Any]] = getattr(self, "heard", [])
        self.heard.append((msg["msg_type"], json.loads(json.dumps(msg["content"], default=str))))
        return super().process_message(msg, cell, cell_index)


def executed(notebook: Any, folder: Path) -> tuple[list[Any], list[tuple[str, Any]]]:
    """Execute a notebook in a folder; return the outputs of each cell of code, and every message of the kernel.

    A cell that ends in an error fails the test, unless it has the tag ``raises-exception``.
    """
    client = _Listening(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"], client.heard


def notebook_of(cells: Sequence[str], may_fail: Sequence[int] = ()) -> Any:
    """Return a notebook of such cells of code; those at `may_fail` may end in an error."""
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    for at in may_fail:
        made[at].metadata["tags"] = ["raises-exception"]
    return nbformat.v4.new_notebook(cells=made)


def html_of(outputs: Any) -> str:
    """Return the HTML by which the last value of a cell shows itself."""
    found = [one.data.get("text/html", "") for one in outputs if one.output_type == "execute_result"]
    return found[0] if found else ""


def said_of(outputs: Any) -> str:
    """Return what a cell wrote to its standard error."""
    return "".join(one.text for one in outputs if one.output_type == "stream" and one.name == "stderr")
