"""A CSV file where an experiment is taken: what it says of its columns, what it makes, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import call

ROWS = [(k * 3 + 180, f"{k * k % 7}.5", ("cat", "dog")[k % 3 == 0], k % 4) for k in range(40)]
CSV = "weight,age,kind,lives\n" + "".join(f"{w},{a},{kind},{n}\n" for w, a, kind, n in ROWS)
SMALL = ("--formats", "png", "--size", "320x180", "--set", "training.epochs=3", "--set", "snapshots.count=4")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pets.csv").write_text(CSV)
    return tmp_path


def test_one_line_makes_a_film_of_a_csv(place: Path) -> None:
    said = call("train", "pets.csv", "--target", "kind", *SMALL[:4], "--set", "training.steps=5", "--json")
    assert said.status == 0, said.err
    assert json.loads(said.out)["name"] == "pets"
    assert (place / "outputs/pets/pets.png").exists()
    again = call("train", "outputs/pets/experiment.yaml", *SMALL[:4], "--json")
    assert again.status == 0, again.err
    assert json.loads(again.out)["final_loss"] == json.loads(said.out)["final_loss"]


def test_without_a_target_the_columns_are_shown(place: Path) -> None:
    said = call("train", "pets.csv")
    assert said.status == 2
    for word in ("weight", "whole numbers 180 to 297", "2 words: dog, cat", "--target kind"):
        assert word in said.err.replace("cat, dog", "dog, cat")
    shown = call("check", "pets.csv")
    assert shown.status == 0
    assert "2 words" in shown.out
    assert "--target kind" in shown.err


def test_check_shows_columns_and_choices(place: Path) -> None:
    said = call("check", "pets.csv", "--target", "weight")
    assert said.status == 0
    assert "lives" in said.out
    assert "targets normalized" in said.out


def test_a_wrong_target_is_answered_with_the_right_one(place: Path) -> None:
    said = call("train", "pets.csv", "--target", "knid")
    assert said.status == 2
    assert "there is no such column (did you mean 'kind'?); there are weight, age, kind, lives" in said.err


def test_whole_numbers_are_classes_where_they_are_few(place: Path) -> None:
    shown = json.loads(call("check", "pets.csv", "--target", "lives", "--json").out)
    assert shown["task"]["classes"] is True
    number = json.loads(call("check", "pets.csv", "--target", "lives", "--set", "task.classes=false", "--json").out)
    assert number["task"]["classes"] is False


def test_what_is_worked_out_can_be_written_and_trained(place: Path) -> None:
    said = call("train", "pets.csv", "--target", "kind", "--set", "training.epochs=2", "--write", "mine.yaml")
    assert said.status == 0, said.err
    text = (place / "mine.yaml").read_text()
    assert "targets: kind " in text
    assert "# 2 words" in text
    assert "epochs: 2\n" in text
    assert not (place / "outputs").exists()
    checked = call("check", "mine.yaml", "--json")
    assert json.loads(checked.out)["task"]["targets"] == "kind"
    assert call("train", "pets.csv", "--target", "kind", "--write", "mine.yaml").status != 0
    assert (place / "mine.yaml").read_text() == text, "what is there stays"
    assert call("train", "pets.csv", "--target", "age", "--write", "mine.yaml", "--force").status == 0
    assert (place / "mine.yaml").read_text() != text


def test_new_takes_a_csv_from_another_folder(place: Path) -> None:
    (place / "configs").mkdir()
    said = call("new", "configs/mine.yaml", "--data", "pets.csv", "--target", "kind")
    assert said.status == 0, said.err
    assert 'file: "../pets.csv"' in (place / "configs/mine.yaml").read_text()
    assert call("check", "configs/mine.yaml").status == 0
    assert "give --data" in call("new", "other", "--target", "kind").err
    assert "there is no file nothing.csv" in call("new", "other", "--data", "nothing.csv", "--target", "y").err


def test_gaps_are_counted_and_nothing_is_lost(place: Path) -> None:
    (place / "gaps.csv").write_text(CSV.replace("180,", ",").replace("cat,1", "NA,1"))
    said = call("train", "gaps.csv", "--target", "kind", *SMALL)
    assert said.status == 3
    assert "'weight' (line 2)" in said.err
    assert "--set task.missing=drop" in said.err
    made = call("train", "gaps.csv", "--target", "kind", "--set", "task.missing=drop", *SMALL)
    assert made.status == 0, made.err
    assert "left out" in made.err


def test_predict_takes_the_files_own_columns(place: Path) -> None:
    assert (
        call("train", "pets.csv", "--target", "age", "--set", "task.names={inputs: [W, C, D, L]}", *SMALL).status == 0
    )
    said = call("predict", "pets", "--csv", "pets.csv", "--json")
    assert said.status == 0, said.err
    table = json.loads(said.out)
    assert len(table["outputs"]) == len(ROWS)
    assert table["input_names"] == ["W", "C", "D", "L"]
    one = call("predict", "pets", "--row", "180,dog,0", "--json")
    assert json.loads(one.out)["outputs"][0] == pytest.approx(table["outputs"][0])
    assert "'cow' is none of the words that it held: cat, dog" in call("predict", "pets", "--row", "1,cow,0").err
    assert "needed are 3 cells (weight, kind, lives), not 2" in call("predict", "pets", "--row", "1,2").err


def test_predict_reads_files_as_the_task_said(place: Path) -> None:
    head, *rows = CSV.splitlines()
    (place / "noted.csv").write_text("\n".join([head, rows[0], "% weighed twice", *rows[1:]]) + "\n")
    read = ("--set", "task.read={comment: '%'}")
    assert call("train", "noted.csv", "--target", "age", *read, *SMALL).status == 0
    said = call("predict", "noted", "--csv", "noted.csv", "--json")
    assert said.status == 0, said.err
    assert len(json.loads(said.out)["outputs"]) == len(ROWS)


def test_a_batch_takes_csv_files_too(place: Path) -> None:
    (place / "more.csv").write_text(CSV)
    said = call("batch", "pets.csv", "more.csv", "--target", "kind", *SMALL, "-q")
    assert said.status == 0, said.err
    assert (place / "outputs/more/more.png").exists()
