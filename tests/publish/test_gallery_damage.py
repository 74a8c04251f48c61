"""A damaged run is left out of a gallery and named, and no page is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from run_folders import run_folder

from backprop_anim.common.errors import NotFoundError, OutputError
from backprop_anim.publish.gallery import write_gallery


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("summary.json", None, "no summary.json that can be read"),
        ("summary.json", b"{", "no summary.json that can be read"),
        ("summary.json", b"[" * 100_000, "no summary.json that can be read"),
        ("summary.json", b"\xff", "no summary.json that can be read"),
        ("summary.json", b"[]", "no summary.json that can be read"),
        ("summary.json", b"{}", "summary.json is not a run's summary"),
        ("experiment.yaml", None, "experiment.yaml: No such file"),
        ("experiment.yaml", b"a: 1\n" * 100_000, "at most 262,144 are allowed"),
        ("experiment.yaml", b"a: [", "experiment.yaml:1:"),
        ("experiment.yaml", b"- a", "experiment.yaml"),
    ],
)
def test_a_damaged_run_is_left_out_and_named(tmp_path: Path, file: str, content: bytes | None, said: str) -> None:
    good, bad = run_folder(tmp_path / "good"), run_folder(tmp_path / "bad")
    (bad / file).unlink()
    if content is not None:
        (bad / file).write_bytes(content)
    found = write_gallery(tmp_path, [bad, good])
    assert [run.folder for run in found.runs] == [good]
    (note,) = found.notes
    assert said in note
    assert "bad" in note
    with pytest.raises(NotFoundError, match="no finished run to show") as caught:
        write_gallery(tmp_path, [bad])
    assert note in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("final_loss", None), ("final_loss", float("nan")), ("steps", "3"), ("width", -1), ("name", 7), ("files", 5)],
)
def test_a_summary_with_a_wrong_value_is_damaged(tmp_path: Path, key: str, value: object) -> None:
    bad = run_folder(tmp_path / "bad", **{key: value} if key != "name" else {})
    if key == "name":
        summary = json.loads((bad / "summary.json").read_text())
        (bad / "summary.json").write_text(json.dumps(summary | {"name": value}))
    assert "summary.json is not a run's summary" in write_gallery(tmp_path, [bad, run_folder(tmp_path / "b")]).notes[0]


def test_a_page_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run")
    (tmp_path / "index.html").write_text("<title>my blog</title>")
    with pytest.raises(OutputError, match="another page"):
        write_gallery(tmp_path, [run])
    assert (tmp_path / "index.html").read_text() == "<title>my blog</title>"


def test_a_run_called_like_the_page_is_not_replaced(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "index.html")
    with pytest.raises(OutputError, match="cannot write"):
        write_gallery(tmp_path, [run])
    assert (run / "summary.json").is_file()


def test_what_fails_leaves_the_earlier_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_folder(tmp_path / "run")
    before = write_gallery(tmp_path, [run]).path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_gallery(tmp_path, [run, run_folder(tmp_path / "more")])
    assert (tmp_path / "index.html").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "run", "more"}
