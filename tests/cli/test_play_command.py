"""The command that makes a page: of an experiment, of a run that is there, and what it trains for that."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from command_line import TINY, call, hashes

from backprop_anim.runs.page_file import POSTER_BYTES


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser was asked to open."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: (found.append(url), True)[1])
    return found


def test_a_new_experiment_is_trained_and_its_page_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY)
    said = call("play", "tiny.yaml", "--json")
    path = tmp_path / "outputs" / "tiny" / "tiny.html"
    assert said.json == {
        "name": "tiny",
        "page": "outputs/tiny/tiny.html",
        "bytes": path.stat().st_size,
        "did": "trained",
    }
    assert opened == [path.as_uri()]
    assert not (path.parent / "tiny.mp4").exists()  # no frame of the film is drawn for a page
    text = path.read_text(encoding="utf-8")
    assert "Content-Security-Policy" in text
    poster = text.partition("data:image/webp;base64,")[2].partition('"')[0]
    assert 0 < len(poster) * 3 / 4 <= POSTER_BYTES


def test_a_run_that_is_there_is_not_trained_again(place: Path, opened: list[str]) -> None:
    before = hashes(place / "outputs" / "tiny")
    for word in ("tiny.yaml", "outputs/tiny", "outputs/tiny/recording.npz"):
        said = call("play", word, "--no-open", "--json")
        assert (said.json["did"], said.json["page"]) == ("made", "outputs/tiny/tiny.html")
    after = hashes(place / "outputs" / "tiny")
    assert after.pop("tiny.html")
    assert after == before
    assert opened == []
    said = call("play", "outputs/tiny", "-o", "pages", "--no-open", "--theme", "dark")
    assert said.status == 0
    assert said.out.startswith(str(Path("pages/tiny.html")))


def test_html_is_a_format_among_the_others(place: Path) -> None:
    said = call("train", "tiny.yaml", "--formats", "mp4,html", "-q")
    assert (said.status, said.err) == (0, "")
    assert (place / "outputs" / "tiny" / "tiny.html").exists()
    assert "is up to date" in call("train", "tiny.yaml", "--formats", "mp4,html").out
    said = call("render", "outputs/tiny", "--formats", "html", "-o", "again", "--json")
    assert said.json["frames"] == 1
    assert {"tiny.html", "tiny.png"} <= set(said.json["files"])


def test_what_there_is_not_is_said_clearly(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = call("play", "nothing", "--no-open")
    assert said.status == 4
    assert "no experiment at nothing" in said.err
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    said = call("play", "outputs/tiny")
    assert said.status == 4
    assert "--no-open" in said.err
    assert (place / "outputs" / "tiny" / "tiny.html").exists()
