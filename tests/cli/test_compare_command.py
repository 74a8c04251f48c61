"""The compare command, and files with a sweep elsewhere."""

from __future__ import annotations

from pathlib import Path

from command_line import TINY, call


def test_compare_makes_one_film_and_says_what_came_of_each(place: Path) -> None:
    said = call("compare", "tiny.yaml", "--sweep", "training.aggression=0.1,1", "-o", "films")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("tiny-comparison  2 runs\n")
    assert "aggression 0.1" in said.out
    assert (place / "films" / "tiny-comparison" / "tiny-comparison.mp4").is_file()
    quiet = call(
        "compare", "tiny.yaml", "--sweep", "seed=1,2", "-o", "films", "--name", "seeds", "-q", "--formats", "png"
    )
    assert (quiet.status, quiet.out) == (0, "")
    assert (place / "films" / "seeds" / "comparison.csv").is_file()


def test_compare_as_json(place: Path) -> None:
    said = call("compare", "tiny.yaml", "--sweep", "seed=1,2", "--json", "--formats", "png")
    assert [row["label"] for row in said.json["runs"]] == ["seed 1", "seed 2"]


def test_a_file_with_a_sweep_is_for_batch_and_compare(place: Path) -> None:
    (place / "sweep.yaml").write_text(TINY + "sweep: {seed: [1, 2]}\n")
    said = call("train", "sweep.yaml")
    assert said.status == 3
    assert "sweep.yaml:7:1: sweep: this file means several runs" in said.err
    said = call("batch", "sweep.yaml", "--formats", "png")
    assert said.status == 0
    assert {path.name for path in (place / "outputs").iterdir()} >= {"sweep--seed-1", "sweep--seed-2"}


def test_mistakes_of_compare(place: Path) -> None:
    assert call("compare", "tiny.yaml").status == 2
    said = call("compare", "tiny.yaml", "--sweep", "training.nois=1,2")
    assert (said.status, "did you mean 'noise'" in said.err) == (3, True)
    assert call("compare", "nowhere.yaml", "tiny.yaml").status == 4
