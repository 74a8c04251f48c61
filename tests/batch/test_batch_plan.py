"""Many runs at once: which are meant, which are made, and that none takes another with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from backprop_anim.batch.batch_plan import find_configs, plan_batch, run_batch
from backprop_anim.batch.jobs import Job, Result, run_job
from backprop_anim.common.errors import NotFoundError, UsageError
from backprop_anim.common.interruption import Interruption
from backprop_anim.common.progress import throttled

TINY = """\
task: {kind: curve, curve: circle, points: 12}
network: {hidden: 3}
training: {steps: 10}
snapshots: {count: 3}
video: {size: 160x90, fps: 5, hold: 0.2, opening: 0, formats: [png]}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.yaml", "b.yml", "deep/c.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TINY)
    (tmp_path / "notes.txt").write_text("no experiment")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def here(jobs: Sequence[Job]) -> Iterator[Result]:
    """An engine without processes."""
    yield from map(run_job, jobs)


def results(place: Path, *words: str, keep_going: bool = True, force: bool = False) -> dict[str, Result]:
    planned = plan_batch(find_configs(words), place / "outputs", force=force)
    return {result.name: result for result in run_batch(planned, here, keep_going)}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["a.yaml"], ["a"]),
        (["."], ["a", "b"]),
        (["*.y*ml"], ["a", "b"]),
        (["**/*.yaml"], ["a", "c"]),
        (["deep", "a.yaml"], ["c", "a"]),
        (["a.yaml", "./a.yaml", "*.yaml"], ["a"]),
        (["xor", "a.yaml"], ["xor", "a"]),
    ],
)
def test_files_folders_patterns_and_names_are_found(words: list[str], names: list[str], place: Path) -> None:
    assert [path.stem for path in find_configs(words)] == names


@pytest.mark.parametrize("word", ["nowhere.yaml", "*.json", "empty"])
def test_a_word_that_means_nothing_is_refused(word: str, place: Path) -> None:
    (place / "empty").mkdir()
    with pytest.raises(NotFoundError):
        find_configs(["a.yaml", word])


def test_all_are_made_and_then_up_to_date(place: Path) -> None:
    first, second = results(place, "."), results(place, ".")
    assert {name: result.did for name, result in first.items()} == {"a": "trained", "b": "trained"}
    assert {name: result.did for name, result in second.items()} == {"a": "nothing", "b": "nothing"}
    assert second["a"].as_mapping()["final_loss"] == first["a"].as_mapping()["final_loss"]
    assert results(place, ".", force=True)["b"].did == "trained"


def test_an_invalid_file_stops_only_its_own_run(place: Path) -> None:
    (place / "b.yml").write_text(TINY.replace("hidden", "hiden"))
    found = results(place, ".")
    assert (found["a"].did, found["b"].did) == ("trained", "failed")
    assert "did you mean 'hidden'" in found["b"].reason


def test_a_run_that_fails_stops_only_its_own(place: Path) -> None:
    wild = TINY.replace("steps: 10", "steps: 400, aggression: 1e6").replace(
        "hidden: 3", "hidden: 3, activation: linear"
    )
    (place / "a.yaml").write_text(wild)
    found = results(place, ".")
    assert (found["a"].did, found["b"].did) == ("failed", "trained")
    assert "diverged" in found["a"].reason


def test_or_all_that_come_later(place: Path) -> None:
    (place / "a.yaml").write_text("task: nothing")
    found = results(place, ".", keep_going=False)
    assert (found["a"].did, found["b"].did) == ("failed", "skipped")
    assert not (place / "outputs" / "b").exists()


@pytest.mark.parametrize("name", ["a", "A"])
def test_two_of_one_name_are_refused_before_anything_runs(name: str, place: Path) -> None:
    (place / "b.yml").write_text(f"name: {name}\n{TINY}")
    with pytest.raises(UsageError, match=r"a\.yaml and b\.yml would both be written to"):
        plan_batch(find_configs(["."]), place / "outputs")
    assert not (place / "outputs").exists()


def test_progress_passes_on_ends_and_stages_and_little_else() -> None:
    heard: list[tuple[str, int, int]] = []
    report = throttled(lambda *said: heard.append(said), every_s=1000.0)
    for stage in ("training", "drawing"):
        for done in range(101):
            report(stage, done, 100)
    assert heard == [("training", 0, 100), ("training", 100, 100), ("drawing", 0, 100), ("drawing", 100, 100)]


def test_a_sweep_is_a_run_for_each_combination(place: Path) -> None:
    (place / "a.yaml").write_text(TINY + "sweep: {training.aggression: [1, 3], training.noise: [0, 0.5]}\n")
    planned = plan_batch(find_configs(["a.yaml"]), place / "outputs", sweeps=["training.noise=0,1"])
    made = {result.name: result for result in run_batch(planned, here)}
    names = [f"a--aggression-{rate}--noise-{noise}" for rate in (1, 3) for noise in (0, 1)]
    assert list(made) == names
    assert {result.did for result in made.values()} == {"trained"}
    assert len({result.told["final_loss"] for result in made.values()}) == 4


def test_a_run_that_was_interrupted_goes_on_unless_it_is_forced(place: Path) -> None:
    (place / "a.yaml").write_text(TINY.replace("steps: 10", "steps: 5000, noise: 0.5"))
    wish, begun = Interruption(), list[tuple[str, int]]()

    def stopping(stage: str, done: int, total: int) -> None:
        if done > 0:
            wish.request()

    def hearing(stage: str, done: int, total: int) -> None:
        begun.append((stage, done))

    def job(force: bool = False) -> Job:
        return plan_batch([place / "a.yaml"], place / "outputs", force=force).tasks[0].job

    checkpoint = place / "outputs" / "a" / "checkpoint.npz"
    assert "interrupted while training" in run_job(job(), stopping, wish).reason
    assert checkpoint.exists()
    assert run_job(job(), hearing).did == "trained"
    assert not checkpoint.exists()
    assert begun[0][0] == "training"
    assert begun[0][1] > 0
    went_on = (place / "outputs" / "a" / "recording.npz").read_bytes()
    begun.clear()
    assert run_job(job(force=True), hearing).did == "trained"
    assert begun[0] == ("training", 0)
    assert (place / "outputs" / "a" / "recording.npz").read_bytes() == went_on


def test_a_checkpoint_that_does_not_fit_is_left_out(place: Path) -> None:
    (place / "outputs" / "a").mkdir(parents=True)
    (place / "outputs" / "a" / "checkpoint.npz").write_bytes(b"PK not one")
    assert results(place, "a.yaml")["a"].did == "trained"
    assert not (place / "outputs" / "a" / "checkpoint.npz").exists()
