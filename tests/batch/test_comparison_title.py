"""A title says what is compared and on what, unless another was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_anim.batch.compared_runs import load_compared_variants
from backprop_anim.batch.comparison_title import comparison_title
from backprop_anim.config.sweep import Variant, read_variants

REST = "network: {hidden: 3}\ntraining: {steps: 4, aggression: 0.5}\n"
HEART = "title: Love\nsubtitle: Three neurons\ntask: {kind: curve, curve: heart}\n" + REST
OWN = "title: My data\ntask: {kind: table, columns: [a, y], inputs: [a], targets: [y], rows: [[0, 1], [1, 0]]}\n" + REST


def swept(text: str, *sweeps: str, overrides: tuple[str, ...] = ()) -> tuple[Variant, ...]:
    return read_variants(text, label="x", name="x", folder=Path(), overrides=overrides, sweeps=sweeps)


@pytest.mark.parametrize(
    ("text", "sweeps", "title"),
    [
        (HEART, ("training.aggression=1,3,6",), "Aggression on the heart: 1, 3, 6"),
        (HEART, ("training.aggression=1,3,6", "training.noise=0,1"), "Aggression and noise on the heart"),
        (HEART, ("seed=1,2",), "Seeds on the heart: 1, 2"),
        (HEART, ("seed=1,2,3,4,5,6,7,8",), "Seeds on the heart: 1 to 8"),
        (HEART, ("network.hidden=2,4",), "Hidden neurons on the heart: 2, 4"),
        (OWN, ("training.aggression=0.1,1",), "My data: aggression 0.1, 1"),
        (OWN, ("training.aggression=0.1,1", "training.noise=0,1"), "My data: aggression and noise"),
    ],
)
def test_a_sweep_is_titled_by_its_settings(text: str, sweeps: tuple[str, ...], title: str) -> None:
    assert comparison_title(swept(text, *sweeps))[0] == title


def test_what_was_asked_for_stays() -> None:
    given = swept(HEART, "seed=1,2", overrides=("title=Mine", "subtitle=Below"))
    assert comparison_title(given) == ("Mine", "Below")


def test_the_subtitle_is_true_of_all() -> None:
    assert comparison_title(swept(HEART, "seed=1,2"))[1] == "Three neurons"
    assert comparison_title(swept(HEART, "network.hidden=2,4"))[1] == "Love"


def test_files_are_named_by_what_they_differ_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(HEART)
    (tmp_path / "b.yaml").write_text(
        HEART.replace("steps: 4", "steps: 4, optimizer: adam").replace("Love", "Calm love")
    )
    (tmp_path / "c.yaml").write_text(HEART.replace("heart", "star").replace("Love", "Stars"))
    found, _ = load_compared_variants(["a.yaml", "b.yaml"], [], [])
    assert [each.label for each in found] == ["SGD", "Adam"]
    assert comparison_title(found)[0] == "SGD and Adam on the heart"
    found, _ = load_compared_variants(["a.yaml", "c.yaml"], [], [])
    assert [each.label for each in found] == ["Love", "Stars"]
    assert comparison_title(found)[0] == "Love and Stars"
    found, _ = load_compared_variants(["a.yaml", "b.yaml"], [], ["seed=1,2"])
    assert comparison_title(found)[0] == "SGD and Adam on the heart: seeds"
