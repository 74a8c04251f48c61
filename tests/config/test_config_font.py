"""`video.font`: a file or a family, checked where it stands, and told by `check` where letters are missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from config_helpers import SMALL, only, read
from tiny_font import JAPANESE, write_font

from backprop_anim.config import advice, dump_experiment, read_experiment
from backprop_anim.experiment import FontChoice


def fonted(font: str) -> str:
    return f"{SMALL}video: {{font: {font}}}\n"


@pytest.mark.parametrize("written", ["DejaVu Sans", "{family: DejaVu Sans}"])
def test_a_family_reads_back(written: str) -> None:
    experiment = read(fonted(written))
    assert experiment.video.font == FontChoice(family="DejaVu Sans")
    again = dump_experiment(experiment)
    assert "font: {family: DejaVu Sans}" in again
    assert read(again).video.font == experiment.video.font


@pytest.mark.parametrize("written", ["my font.TTF", "{file: my font.TTF}"])
def test_a_file_lies_where_the_experiment_does(written: str, tmp_path: Path) -> None:
    path = write_font(tmp_path / "my font.TTF")
    font = read(fonted(written), folder=tmp_path).video.font
    assert font == FontChoice(file=str(path))
    assert font.place == path


def test_without_it_nothing_is_said() -> None:
    assert read(SMALL).video.font is None
    assert "font" not in dump_experiment(read(SMALL))
    assert read(fonted("DejaVu Sans"), ["video.font=null"]).video.font is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("DejaVuu Sans", "did you mean DejaVu Sans"),
        ("gone.ttf", "there is no file gone.ttf in"),
        ("{}", "give either file or family"),
        ("{file: a.ttf, family: b}", "give either file or family"),
        ("3", "must be"),
    ],
)
def test_what_is_no_font_is_a_mistake_at_its_place(written: str, words: str) -> None:
    problem = only(fonted(written))
    assert problem.path == ("video", "font")
    assert words in problem.message
    assert problem.place.startswith("e.yaml:4:")


def test_check_tells_what_no_font_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("backprop_anim.drawing.fonts._installed", list)
    write_font(tmp_path / "tiny.ttf")
    titled = f"title: {JAPANESE} α → 2\n{SMALL}"
    (note,) = advice(read(titled))
    assert note.startswith("no installed font has")
    assert "(8 characters)" in note
    assert advice(read(f"title: α → x₁ naïve\n{SMALL}")) == []
    text = titled + "video: {font: tiny.ttf}\n"
    assert advice(read_experiment(text, label="e", name="e", folder=tmp_path)) == []
