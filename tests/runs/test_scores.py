"""Scores say how well answers fit a file that holds what was to be predicted, in words that people know."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from backprop_anim.common.errors import OutputError
from backprop_anim.config import read_experiment
from backprop_anim.runs.prediction import predict, predict_file
from backprop_anim.training.recording import Recording
from backprop_anim.training.trainer import train

ROWS = "[[1, 10, no], [2, 20, no], [3, 30, no], [6, 60, yes], [7, 70, yes], [8, 80, yes]]"
CLASSES = f"""
task: {{kind: table, columns: [a, b, ripe], rows: {ROWS}, inputs: a, targets: TARGETS NAMES}}
network: {{hidden: [3]}}
training: {{steps: 80, optimizer: adam, learning_rate: 0.1}}
"""
YES_NO = """
task: {kind: table, columns: [a, sweet, red], rows: [[1, 0, 1], [2, 0, 0], [3, 1, 1], [4, 1, 0]], targets: [sweet, red]}
network: {hidden: [3], output: sigmoid}
training: {steps: 5, loss: binary_cross_entropy}
"""


def trained(text: str) -> Recording:
    return train(read_experiment(text, label="scores", name="scores", folder=Path()))


@pytest.fixture(scope="module")
def classes() -> Recording:
    return trained(CLASSES.replace("TARGETS NAMES", "ripe"))


@pytest.fixture(scope="module")
def numbers() -> Recording:
    return trained(CLASSES.replace("TARGETS NAMES", "b"))


def test_classes_have_an_accuracy(classes: Recording, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("ripe;a;note\nNo;1,5;x\nyes;7,5;y\nno;8;z\n;2;w\n")
    found = predict_file(classes, path)
    assert found.classes == ("no", "yes", "yes", "no")
    (score,) = found.scores
    assert (score.target, score.n_rows, score.n_right) == ("ripe", 3, 2)
    assert str(score) == "ripe: accuracy 66.7% (2 of 3 right)"
    assert found.as_mapping()["scores"] == {"ripe": {"rows": 3, "right": 2, "accuracy": 2 / 3}}


def test_other_names_of_classes_are_understood(tmp_path: Path) -> None:
    run = trained(CLASSES.replace("TARGETS NAMES", "ripe, names: {classes: {no: unripe, yes: sweet}}"))
    path = tmp_path / "new.csv"
    for words in (("no", "yes"), ("unripe", "Sweet")):
        path.write_text(f"a,ripe\n1,{words[0]}\n8,{words[1]}\n")
        found = predict_file(run, path)
        assert found.classes == ("unripe", "sweet")
        assert found.scores[0].n_right == 2


def test_numbers_have_an_error_in_their_own_units(numbers: Recording, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,b\n1,12\n4,38\n8,83\n5,\n")
    found = predict_file(numbers, path)
    wanted = np.array([12.0, 38.0, 83.0])
    errors = wanted - found.outputs[:3, 0]
    (score,) = found.scores
    assert (score.target, score.n_rows, score.accuracy) == ("b", 3, None)
    assert score.mean_absolute_error == pytest.approx(np.abs(errors).mean(), rel=1e-12)
    assert score.r2 == pytest.approx(1 - (errors**2).mean() / wanted.var(), rel=1e-12)
    assert str(score).startswith(f"b: mean absolute error {np.abs(errors).mean():.4g}, R² ")
    path.write_text("a,b\n1,12\n")
    assert predict_file(numbers, path).scores[0].r2 is None, "one row has no variance"


def test_yes_and_no_are_judged_one_by_one(tmp_path: Path) -> None:
    run = trained(YES_NO)
    path = tmp_path / "new.csv"
    path.write_text("a,sweet,red\n1,0,1\n4,1,1\n")
    found = predict_file(run, path)
    wanted = np.array([[0, 1], [1, 1]])
    assert [score.target for score in found.scores] == ["sweet", "red"]
    assert [score.n_right for score in found.scores] == ((found.outputs >= 0.5) == wanted).sum(axis=0).tolist()


def test_without_the_target_nothing_is_judged_and_what_is_no_answer_is_told(classes: Recording, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("a,other\n1,2\n")
    assert (predict_file(classes, path).scores, predict_file(classes, path).note) == ((), "")
    path.write_text("a,ripe\n1,no\n2,maybe\n")
    found = predict_file(classes, path)
    assert found.scores == ()
    assert "line 3, column 'ripe': 'maybe' is none of the classes that it held: no, yes" in found.note
    assert len(found.outputs) == 2


def test_answers_are_saved_beside_all_columns_of_the_file(
    classes: Recording, numbers: Recording, tmp_path: Path
) -> None:
    path, out = tmp_path / "new.csv", tmp_path / "deep" / "out.csv"
    path.write_text('a,note,ripe\n1.50,"x, y",no\n8,,yes\n')
    found = predict_file(classes, path)
    assert found.save(out) == out
    head, first, second = csv.reader(out.read_text().splitlines())
    assert head == ["a", "note", "ripe", "p(yes)", "predicted ripe"]
    assert (first[:3], second[:3]) == (["1.50", "x, y", "no"], ["8", "", "yes"])
    assert [float(first[3]), float(second[3])] == found.outputs[:, 0].tolist()
    assert [first[4], second[4]] == ["no", "yes"]
    with pytest.raises(OutputError, match=r"out\.csv is there already"):
        found.save(out)
    predict(numbers, [[2.0]]).save(out, force=True)
    head, first = csv.reader(out.read_text().splitlines())
    assert head == ["a", "predicted b"]
    assert first[0] == "2"
