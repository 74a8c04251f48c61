"""``batch --gallery``: the page shows every whole run of the batch, in the order named; the others are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import TINY, call
from run_folders import parsed

PAGE = Path("outputs") / "index.html"


@pytest.fixture
def many(place: Path) -> Path:
    """Two experiments that differ in a seed, one that is up to date and one that is invalid."""
    for number in (2, 3):
        (place / f"run{number}.yaml").write_text(f"seed: {number}\n{TINY}")
    (place / "wrong.yaml").write_text("task: 5\n")
    return place


def shown() -> list[tuple[str | None, str]]:
    """The films of the page, and the seeds that it tells."""
    articles = parsed(PAGE.read_text(encoding="utf-8")).all("article")
    return [(each.one("source").attributes["src"], each.all("dd")[-1].text) for each in articles]


def test_the_page_shows_the_runs_in_the_order_named(many: Path) -> None:
    said = call("batch", "run2.yaml", "tiny.yaml", "run3.yaml", "--gallery", "-j", "1")
    assert said.status == 0
    assert said.out.splitlines()[-1] == str(PAGE)
    assert shown() == [("run2/run2.mp4", "2"), ("tiny/tiny.mp4", "1"), ("run3/run3.mp4", "3")]
    before = PAGE.read_bytes()
    again = call("batch", "run2.yaml", "tiny.yaml", "run3.yaml", "--gallery")
    assert "3 up to date" in again.out
    assert PAGE.read_bytes() == before


def test_what_failed_is_named_and_not_shown(many: Path) -> None:
    said = call("batch", "run3.yaml", "wrong.yaml", "tiny.yaml", "--gallery", "-j", "1")
    assert said.status == 1
    assert "note: not in the gallery: wrong\n" in said.err
    assert [film for film, _ in shown()] == ["run3/run3.mp4", "tiny/tiny.mp4"]
    PAGE.unlink()
    alone = call("batch", "wrong.yaml", "--gallery")
    assert (alone.status, PAGE.exists()) == (1, False)


def test_json_and_quiet_say_no_more(many: Path) -> None:
    for option in ("--json", "-q"):
        said = call("batch", "tiny.yaml", "--gallery", option)
        assert (said.status, len(said.out.splitlines())) == (0, int(option == "--json"))
        assert PAGE.is_file()
        PAGE.unlink()


def test_a_page_of_somebody_else_is_refused_before_anything_runs(many: Path) -> None:
    PAGE.write_text("<title>my blog</title>")
    said = call("batch", "run3.yaml", "--gallery")
    assert (said.status, said.out) == (1, "")
    assert "is another page" in said.err
    assert not (many / "outputs" / "run3").exists()
    assert PAGE.read_text() == "<title>my blog</title>"


def test_without_the_option_and_in_a_dry_run_there_is_no_page(many: Path) -> None:
    assert call("batch", "tiny.yaml").status == 0
    assert call("batch", "tiny.yaml", "--gallery", "--dry-run").status == 0
    assert not PAGE.exists()


def test_a_run_of_a_sweep_that_diverges_is_shown_too(many: Path) -> None:
    words = ("--sweep", "training.aggression=0.01,1e6", "--set", "network.activation=linear", "-j", "1")
    said = call("batch", "tiny.yaml", "--gallery", *words)
    assert said.status == 1
    assert "failed: tiny.yaml: tiny--aggression-1000000.0: training diverged" in said.err
    page = PAGE.read_text(encoding="utf-8")
    sources = [each.attributes["src"] for each in parsed(page).all("source")]
    names = ("tiny--aggression-0.01", "tiny--aggression-1000000.0")
    assert sources == [f"{name}/{name}.mp4" for name in names]
    assert "diverged at step" in page
