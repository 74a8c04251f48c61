"""Files that an experiment names are found beside it, and what is wrong with them is said at their key."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from config_helpers import NETWORK, TASK, TRAINING, only, read

from backprop_anim.common.errors import NotFoundError
from backprop_anim.config import load_experiment


class TestFiles:
    TABLE = "task: {kind: table, file: data.csv, inputs: [a], targets: [b]}\n" + NETWORK + TRAINING

    def test_a_missing_experiment(self, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError, match=r"there is no file .*nix\.yaml"):
            load_experiment(tmp_path / "nix.yaml")
        with pytest.raises(NotFoundError, match="cannot be read"):
            load_experiment(tmp_path)
        with pytest.raises(NotFoundError, match="cannot be read"):
            load_experiment("a\0b")

    def test_files_are_relative_to_the_experiment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "data.csv").write_text("a,b\n1,2\n3,4\n")
        (tmp_path / "sub" / "my table.yaml").write_text(self.TABLE)
        monkeypatch.chdir(tmp_path)
        experiment = load_experiment("sub/my table.yaml")
        assert experiment.name == "my-table"
        assert experiment.task.file == str(tmp_path / "sub" / "data.csv")  # type: ignore[attr-defined]

    def test_a_missing_table(self, tmp_path: Path) -> None:
        problem = only(self.TABLE, folder=tmp_path)
        assert problem.place == "e.yaml:1:27"
        assert problem.path == ("task", "file")
        assert "does not exist" in problem.message

    @pytest.mark.parametrize(
        ("content", "option", "words"),
        [
            ("a,c\n1,2\n", "targets", "b"),
            ("a,b\n1,2\n2,x\n", "file", "x"),
            ("", "file", "empty"),
            ("a,b\n", "file", "rows"),
        ],
    )
    def test_a_table_that_does_not_hold_what_it_should(
        self, tmp_path: Path, content: str, option: str, words: str
    ) -> None:
        (tmp_path / "data.csv").write_text(content)
        problem = only(self.TABLE, folder=tmp_path)
        assert problem.place.startswith("e.yaml:1:")
        assert problem.path[:2] == ("task", option)
        assert words in problem.message

    def test_weights_that_are_missing_or_do_not_fit(self, tmp_path: Path) -> None:
        text = TASK + "network: {hidden: [3], init: {kind: file, file: w.npz}}\n" + TRAINING
        problem = only(text, folder=tmp_path)
        assert problem.place == "e.yaml:2:49"
        assert "there is no file" in problem.message
        np.savez(tmp_path / "w.npz", W1=np.zeros((3, 1)), b1=np.zeros(3), W2=np.zeros((2, 4)), b2=np.zeros(2))
        assert "W2 has the shape (2, 4); the network needs (2, 3)" in only(text, folder=tmp_path).message
        np.savez(tmp_path / "w.npz", W1=np.zeros((3, 1)), b1=np.zeros(3), W2=np.zeros((2, 3)), b2=np.zeros(2))
        assert read(text, folder=tmp_path).init.file == str(tmp_path / "w.npz")  # type: ignore[attr-defined]
