"""Predictions are the network's own, under the right names, and rows come as they were written or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from helpers import CLASSES, FEATURES, HEART, SERIES, TWO, XOR, experiment

from backprop_anim.common.errors import NotFoundError, UsageError
from backprop_anim.runs.new_rows import rows_from_csv, rows_from_text
from backprop_anim.runs.prediction import Prediction, predict
from backprop_anim.training import Recording
from backprop_anim.training.trainer import train


@pytest.fixture(scope="module")
def runs() -> dict[str, Recording]:
    texts = {"series": SERIES, "heart": HEART, "classes": CLASSES, "two": TWO, "xor": XOR}
    return {name: train(experiment(text)) for name, text in texts.items()}


@pytest.mark.parametrize("name", ["series", "heart", "classes", "two", "xor"])
def test_outputs_are_those_of_the_last_state_or_of_the_one_asked_for(name: str, runs: dict[str, Recording]) -> None:
    recording = runs[name]
    given = recording.experiment
    rows = given.dataset.inputs[:3].tolist()
    for step, row in ((None, -1), (0, 0), (int(recording.steps[2]), 2), (int(recording.steps[2]) - 1, 1)):
        found = predict(recording, rows, step)
        expected = given.network.outputs(recording.parameters[row], np.array(rows))
        np.testing.assert_array_equal(found.outputs, expected)
        np.testing.assert_array_equal(found.inputs, rows)
        assert len(found.header) == found.n_numbers + bool(found.classes)
        assert all(len(line) == len(found.header) for line in found.lines())


def test_rows_are_inputs_and_not_their_features() -> None:
    recording = train(experiment(FEATURES))
    dataset, state = recording.experiment.dataset, recording.parameters[-1]
    found = predict(recording, [[40.0, 0.5]])
    assert found.header == ("mass", "tail length", "p(b)", "class")
    given = dataset.to_inputs(np.array([[40.0, 0.5]]))
    assert given.shape == (1, 7)
    np.testing.assert_array_equal(found.outputs, recording.experiment.network.outputs(state, given))
    with pytest.raises(UsageError, match="undefined at tail length = -1"):
        predict(recording, [[40.0, -1.0]])


def test_days_are_shown_as_dates_and_kept_as_numbers() -> None:
    found = Prediction(("day", "x"), ("y",), np.array([[10957.0, 1.5]]), np.array([[2.0]]), (), (0,))
    assert found.lines() == [("2000-01-01", "1.5", "2")]
    assert found.as_mapping()["inputs"] == [[10957.0, 1.5]]


def test_xor_is_told_row_by_row(runs: dict[str, Recording]) -> None:
    found = predict(runs["xor"], [[0, 0, 1], [0, 1, 1]])
    assert found.header == ("x1", "x2", "x3", "y")
    assert found.lines()[0][:3] == ("0", "0", "1")
    assert float(found.lines()[0][3]) == pytest.approx(found.outputs[0, 0], rel=1e-5)


def test_classes_are_named_with_their_probabilities(runs: dict[str, Recording]) -> None:
    recording = runs["classes"]
    found = predict(recording, recording.experiment.dataset.inputs[:20].tolist())
    names = ("äpfel", "pêche", "桃")
    assert found.output_names == tuple(f"p({name})" for name in names)
    assert found.header[-1] == "class"
    np.testing.assert_allclose(found.outputs.sum(axis=1), 1, rtol=1e-12)
    assert found.classes == tuple(names[place] for place in found.outputs.argmax(axis=1))
    assert [line[-1] for line in found.lines()] == list(found.classes)


def test_two_classes_of_one_output_part_at_one_half(runs: dict[str, Recording]) -> None:
    recording = runs["two"]
    first, second = recording.experiment.dataset.class_names
    found = predict(recording, recording.experiment.dataset.inputs.tolist())
    assert found.output_names == (f"p({second})",)
    assert found.classes == tuple(second if p >= 0.5 else first for p in found.outputs[:, 0])
    assert len(set(found.classes)) == 2


@pytest.mark.parametrize("name", ["series", "classes"])
def test_json_holds_all_digits(name: str, runs: dict[str, Recording]) -> None:
    found = predict(runs[name], runs[name].experiment.dataset.inputs[:2].tolist())
    read = json.loads(json.dumps(found.as_mapping(), allow_nan=False))
    np.testing.assert_array_equal(read["outputs"], found.outputs)
    np.testing.assert_array_equal(read["inputs"], found.inputs)
    assert read["output_names"] == list(found.output_names)
    assert ("classes" in read) == (name == "classes")


def test_without_rows_there_is_nothing_to_predict(runs: dict[str, Recording]) -> None:
    with pytest.raises(UsageError, match="--row or --csv"):
        predict(runs["series"], [])


def test_rows_are_read_from_words() -> None:
    assert rows_from_text(["0,1,1", " 2 , -3.5e-1,+4 "], 3) == [[0, 1, 1], [2, -0.35, 4]]
    assert rows_from_text([], 3) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,1", "takes 3 numbers, not 2"),
        ("0,1,2,3", "takes 3 numbers, not 4"),
        ("0,one,1", "'one'"),
        ("0,,1", "'' is not a number"),
        ("", "'' is not a number"),
        ("0,nan,1", "none may be infinite or nan"),
        ("0,1,1e999", "none may be infinite"),
        ("0;1;1", "'0;1;1' is not a number"),
    ],
)
def test_rows_that_are_no_sample_are_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        rows_from_text(["0,0,1", text], 3)
    assert str(caught.value).startswith(f"--row {text}:")


class TestCsv:
    NAMES = ("x1", "x2")

    def read(self, folder: Path, content: str | bytes) -> list[list[float]]:
        path = folder / "rows.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return rows_from_csv(path, self.NAMES, 2)

    @pytest.mark.parametrize(
        "content",
        [
            "x1,x2\n1,2\n3,4\n",
            "x2,x1\n2,1\n4,3\n",
            "id,x2,y,x1\na,2,9,1\nb,4,9,3\n",
            "\ufeffx1,x2\r\n1,2\r\n3,4",
            " x1 , x2 \n\n 1 , 2 \n\n\n3,4\n\n",
            'x1,"x2"\n"1","2"\n3,4\n',
            "a,b\n1,2\n3,4\n",
            "1,2\n3,4\n",
        ],
        ids=["plain", "turned", "more", "mark", "blank", "quoted", "named otherwise", "without names"],
    )
    def test_columns_are_found_by_their_names_or_by_their_number(self, content: str, tmp_path: Path) -> None:
        assert self.read(tmp_path, content) == [[1, 2], [3, 4]]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("x1,xx2,y\n1,2,3\n", r"lacks the column x2 \(did you mean 'xx2'\?\); it has x1, xx2, y"),
            ("", "lacks the column x1, x2; it has none"),
            ("x1,x2\n1,2\n3\n", "rows.csv, line 3: 1 cells, not 2"),
            ("a,x1\n1,2\n", "lacks the column x2"),
            ("x1;x2\n1;2\n", "commas are needed"),
            ("x1,x2\n\n1,2\n\n3,four\n", "rows.csv, line 5: .*'four'"),
            ('x1,note,x2\n1,"two\nlines",2\n3,a,b\n', "rows.csv, line 4: .*'b'"),
            ("x1,x2\n1,inf\n", "rows.csv, line 2: the network takes 2 numbers, and none may be infinite"),
            ("x1,x2\n1,\n", "rows.csv, line 2"),
            (b"x1,x2\n\xff\xfe\n", "cannot be read as CSV"),
            ("x1,x2\n" + "9" * 200_000 + ",2\n", "cannot be read as CSV"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, content: str | bytes, said: str, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=said) as caught:
            self.read(tmp_path, content)
        assert caught.value.exit_status == 2

    def test_a_file_of_names_alone_has_no_rows(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "x1,x2\n") == []

    def test_a_file_that_is_not_there_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError, match="no file"):
            rows_from_csv(tmp_path / "nothing.csv", self.NAMES, 2)
        with pytest.raises(UsageError, match="cannot be read"):
            rows_from_csv(tmp_path, self.NAMES, 2)
