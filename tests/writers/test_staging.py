"""Files stay under temporary names until the set is whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backprop_anim.common.errors import OutputError
from backprop_anim.writers import Staging
from backprop_anim.writers.staging import partial_name


def test_commit_puts_the_whole_set_in_place(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("old")
    (tmp_path / "other").write_text("kept")
    with Staging(tmp_path) as staging:
        staging.path("film.mp4").write_text("new")
        staging.path("film.gif").write_text("new too")
        assert (tmp_path / "film.mp4").read_text() == "old"
        assert not (tmp_path / "film.gif").exists()
        assert staging.commit() == [tmp_path / "film.mp4", tmp_path / "film.gif"]
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "film.mp4": "new",
        "film.gif": "new too",
        "other": "kept",
    }


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_files(error: type[BaseException], tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("old")
    with pytest.raises(error), Staging(tmp_path) as staging:  # noqa: PT012
        staging.path("film.mp4").write_text("half")
        raise error
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"film.mp4": "old"}


def test_a_file_that_was_not_made_keeps_the_whole_set_back(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"film\.gif: it was not made"), Staging(tmp_path) as staging:  # noqa: PT012
        staging.path("film.mp4").write_text("new")
        staging.path("film.gif")
        staging.commit()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    for name in ("000000.png", "000001.png"):
        (tmp_path / "frames" / name).write_text("old")
    with Staging(tmp_path) as staging:
        staging.path("frames").mkdir()
        (staging.path("frames") / "000000.png").write_text("new")
        staging.commit()
    assert [file.name for file in tmp_path.iterdir()] == ["frames"]
    assert {file.name: file.read_text() for file in (tmp_path / "frames").iterdir()} == {"000000.png": "new"}


def test_a_folder_that_cannot_be_replaced_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "old.png").touch()

    def refuse(path: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    with pytest.raises(OutputError, match="frames: Input/output error"), Staging(tmp_path) as staging:  # noqa: PT012
        staging.path("frames").mkdir()
        monkeypatch.setattr(Path, "replace", refuse)
        staging.commit()
    assert [file.name for file in (tmp_path / "frames").iterdir()] == ["old.png"]


def test_a_partial_file_is_kept_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("old")
    with pytest.raises(KeyboardInterrupt), Staging(tmp_path) as staging:  # noqa: PT012
        staging.path("film.mp4").write_text("half")
        assert staging.keep_partial("film.mp4") == tmp_path / "film.partial.mp4"
        assert staging.keep_partial("film.gif") is None
        raise KeyboardInterrupt
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "film.mp4": "old",
        "film.partial.mp4": "half",
    }
    assert partial_name("frames") == "frames.partial"


def test_the_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    with Staging(tmp_path / "a" / "b") as staging:
        staging.path("x").touch()
        staging.commit()
    assert (tmp_path / "a" / "b" / "x").exists()


@pytest.mark.parametrize(
    ("folder", "reason"), [("file/run", "Not a directory"), ("file", "File exists"), ("/proc/run", "No such file")]
)
def test_a_folder_that_cannot_be_written_is_said_before_any_work(folder: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=f"cannot write .*{folder}: {reason}"):
        Staging(tmp_path / folder).__enter__()


def test_two_at_once_do_not_meet(tmp_path: Path) -> None:
    with Staging(tmp_path) as one, Staging(tmp_path) as two:
        one.path("film.mp4").write_text("one")
        two.path("film.mp4").write_text("two")
        two.commit()
        one.commit()
    assert (tmp_path / "film.mp4").read_text() == "one"


def test_what_a_killed_run_left_goes_at_the_next_start(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from backprop_anim.writers import Staging\n"
        "staging = Staging(Path(sys.argv[1])).__enter__(); staging.path('film.mp4').touch(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".unfinished-")
    with Staging(tmp_path), Staging(tmp_path):
        assert not left.exists()
        assert len(list(tmp_path.iterdir())) == 2  # those of the living stay
    assert list(tmp_path.iterdir()) == []
