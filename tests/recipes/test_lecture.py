"""The lecture is executed by a real kernel, with small films, and everything in it shows itself."""

from __future__ import annotations

import ast
import base64
import re
from pathlib import Path
from typing import Any

import pytest
from imageio_ffmpeg import count_frames_and_secs
from notebooks import executed, html_of, nbformat, said_of

pytestmark = [pytest.mark.notebook, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
for package in ("pandas", "sklearn"):
    pytest.importorskip(package, reason=f"{package} is not installed (the extras notebook and frameworks)")

LECTURE = Path(__file__).parents[2] / "recipes" / "lecture.ipynb"
SIZE, SMALL = '{"size": (960, 540), ', '{"size": (320, 180), "seconds": 1, "fps": 10, "hold": 0.5, '


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outputs of each cell by the first line of its source."""
    notebook = nbformat.read(LECTURE, as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert sum(SIZE in source for source in sources) == 1
    for cell in notebook.cells:
        cell.source = cell.source.replace(SIZE, SMALL)
    outputs, _ = executed(notebook, tmp_path_factory.mktemp("lecture"))
    return {source.splitlines()[-1]: one for source, one in zip(sources, outputs, strict=True)}


@pytest.mark.parametrize(
    "line",
    [
        "run.film(**small)",
        "run.explain(20, **small)",
        'compare([wines_with(n, f"{n}-hidden") for n in (1, 3, 16)], name="wines-and-neurons", **small)',
        "recording.film(**small)",
        "compare([run, recording], **small)",
    ],
)
def test_films_stand_in_the_notebook_and_play(cells: dict[str, Any], line: str, tmp_path: Path) -> None:
    found = re.match(r'<video src="data:video/mp4;base64,([^"]+)"', html_of(cells[line]))
    assert found is not None
    film = tmp_path / "film.mp4"
    film.write_bytes(base64.b64decode(found[1]))
    n_frames, _ = count_frames_and_secs(film)
    assert n_frames >= 10


def test_the_page_stands_in_a_frame_of_its_own(cells: dict[str, Any]) -> None:
    html = html_of(cells["run.page()"])
    assert html.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert 'sandbox="allow-scripts' in html


def test_the_network_answers_in_the_words_of_the_data_frame(cells: dict[str, Any]) -> None:
    (answer,) = cells['{"at first": run.predict(new, step=0).classes, "at last": run.predict(new).classes}']
    said = ast.literal_eval(answer.data["text/plain"])
    assert said["at last"] == ("first", "third", "second")


def test_bars_show_how_far_it_is_and_nothing_is_warned_of(cells: dict[str, Any]) -> None:
    assert "training: 100%" in said_of(cells["run = train(experiment)"])
    assert "drawing : 100%" in said_of(cells["run.film(**small)"])
    assert not any("Warning" in said_of(outputs) for outputs in cells.values())


def test_it_is_kept_without_what_it_shows_and_uses_nothing_behind_the_doors() -> None:
    notebook = nbformat.read(LECTURE, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "backprop_anim." not in text
    assert not re.search(r"\._[a-z]", text)
