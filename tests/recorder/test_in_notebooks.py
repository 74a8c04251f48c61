"""Recorders in a real notebook: stopped by its button, watched while they run, and shown in the cells after."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import executed, html_of, notebook_of, said_of

pytestmark = [
    pytest.mark.notebook,
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
pytest.importorskip("torch", reason="PyTorch is not installed (the extra frameworks)")

MODEL = """\
import os, signal, torch
from torch import nn
from backprop_anim import record

torch.set_num_threads(1)
torch.manual_seed(0)
x = torch.rand(30, 2)
y = (x[:, 0] > x[:, 1]).long()
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)

def step():
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""
SMALL = 'formats=["mp4"], size="320x180", seconds=1, fps=10'


def test_the_stop_button_keeps_what_was_recorded(tmp_path: Path) -> None:
    """The button sends the kernel the signal that it sends itself here."""
    stopped = """\
with record(model, x, y, loss="cross_entropy", name="stopped") as recording:
    for n in range(1_000_000):
        step()
        if n == 39:
            os.kill(os.getpid(), signal.SIGINT)
"""
    told = ["recording", "int(recording.recording.steps[-1]) >= 40", f"recording.film({SMALL})", "step(); recording"]
    (_, stop, shown, is_kept, film, later), _ = executed(notebook_of([MODEL, stopped, *told], [1]), tmp_path)
    assert [one.ename for one in stop if one.output_type == "error"] == ["KeyboardInterrupt"]
    assert "Warning" not in said_of(stop)
    assert html_of(shown).startswith('<video src="data:video/mp4;base64,')
    assert is_kept[0].data["text/plain"] == "True"
    assert html_of(film).startswith('<video src="data:video/mp4;base64,')
    assert html_of(later) == html_of(shown), "nobody records any more, and the film is the same"


def test_the_present_state_is_redrawn_in_place(tmp_path: Path) -> None:
    watched = """\
with record(model, x, y, loss="cross_entropy", preview=50) as recording:
    for _ in range(120):
        step()
"""
    (_, outputs), heard = executed(notebook_of([MODEL, watched]), tmp_path)
    pictures = [(kind, said) for kind, said in heard if "display_data" in kind]
    assert [kind for kind, _ in pictures] == ["display_data", "update_display_data"]
    (_, first), (_, second) = pictures
    assert first["transient"]["display_id"] == second["transient"]["display_id"]
    assert first["data"]["image/png"] != second["data"]["image/png"]
    assert [one.data["image/png"] for one in outputs if one.output_type == "display_data"] == [
        second["data"]["image/png"]
    ]


def test_one_state_is_a_picture_and_a_page_in_a_frame(tmp_path: Path) -> None:
    one = """\
from backprop_anim import Recorder
one = Recorder(x, y, activations="tanh", loss="cross_entropy", name="one")
one.capture([model[0].weight, model[2].weight], [model[0].bias, model[2].bias])
"""
    (_, _, shown, page), _ = executed(notebook_of([MODEL, one, "one", "one.page()"]), tmp_path)
    assert html_of(shown).startswith('<img src="data:image/png;base64,')
    assert html_of(page).startswith('<iframe srcdoc="')
