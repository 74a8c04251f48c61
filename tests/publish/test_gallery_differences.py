"""The runs of a gallery say in which settings they differ."""

from __future__ import annotations

from pathlib import Path

from gallery_pages import written
from run_folders import run_folder


def told(output: Path, *folders: Path) -> list[dict[str, str]]:
    articles = written(output, *folders).all("article")
    return [
        dict(zip((k.text for k in each.all("dt")), (v.text for v in each.all("dd")), strict=True)) for each in articles
    ]


def test_runs_say_in_what_they_differ(tmp_path: Path) -> None:
    task, network = {"kind": "points", "points": 16, "noise": 0.1}, {"layers": (2, 4, 1), "bias": True}
    one = run_folder(
        tmp_path / "one",
        title="One",
        task=task,
        network={**network, "activation": ("tanh", "tanh")},
        training={"aggression": 6.0, "optimizer": {"kind": "adam", "beta1": 0.9}, "noise": 0.0, "steps": 10},
        video={"theme": "light"},
    )
    two = run_folder(
        tmp_path / "two",
        task={**task, "noise": 0.2},
        network={"layers": (2, 8, 1), "bias": False, "activation": ("tanh", "linear")},
        training={"aggression": 0.25, "optimizer": "sgd", "noise": 0.0, "steps": 20},
        video={"theme": "light", "panels": (("fit", "loss"), ("fit", "network"))},
    )
    first, second = told(tmp_path, one, two)
    assert list(first.items()) == [
        ("aggression", "6"),
        ("optimizer", "adam"),
        ("layers", "2, 4, 1"),
        ("bias", "true"),
        ("activation", "tanh"),
        ("task.noise", "0.1"),
    ]
    assert second == {
        "aggression": "0.25",
        "optimizer": "sgd",
        "layers": "2, 8, 1",
        "bias": "false",
        "activation": "tanh, linear",
        "task.noise": "0.2",
        "video.panels": "fit, loss | fit, network",
    }


def test_equal_runs_and_a_single_one_differ_in_nothing(tmp_path: Path) -> None:
    one, two = (run_folder(tmp_path / name, title=name, training={"steps": len(name)}) for name in ("one", "two2"))
    assert told(tmp_path, one, two) == [{}, {}]
    assert told(tmp_path, one) == [{}]


def test_runs_of_one_title_are_told_apart_by_their_names(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / name, name=name) for name in ("low", "high")]
    other = run_folder(tmp_path / "other", title="Other")
    assert told(tmp_path, *folders, other) == [{"run": "low"}, {"run": "high"}, {}]


def test_long_values_are_cut_and_many_left_out(tmp_path: Path) -> None:
    one = run_folder(tmp_path / "one", title="One", video={f"key{n}": "x" * 500 for n in range(20)})
    two = run_folder(tmp_path / "two", video={f"key{n}": n for n in range(20)})
    first, _ = told(tmp_path, one, two)
    assert len(first) == 8
    assert all(len(value) == 60 and value.endswith("…") for value in first.values())
