"""A run's own files: where they are found, what they are called, and that numbers keep all their digits."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from small_runs import recording

from backprop_anim.common.errors import NotFoundError, OutputError
from backprop_anim.common.version import __version__
from backprop_anim.config import load_experiment, read_experiment
from backprop_anim.engine.weights import write_weights
from backprop_anim.experiment.experiment import Experiment
from backprop_anim.runs import run_files
from backprop_anim.runs.run_files import library_versions
from backprop_anim.writers import Staging

TEXT = """\
task: {{kind: table, file: {data}, inputs: [x], targets: [y]}}
network: {{layers: [1, 1], activation: linear, init: {{kind: file, file: {weights}}}}}
training: {{steps: 3}}
"""


def experiment_in(folder: Path, data: str = "rows.csv", weights: str = "first.npz") -> Experiment:
    """An experiment with two files of its own in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / data).write_text("x,y\n0,1\n1,2\n")
    np.savez(folder / weights, allow_pickle=False, W1=[[1.0]], b1=[0.0])
    text = TEXT.format(data=data, weights=weights)
    return read_experiment(text, label="e", name="mine", folder=folder)


def bundled(experiment: Experiment, folder: Path) -> Experiment:
    with Staging(folder) as staging:
        found = run_files.copy_input_files(experiment, Path("nowhere"), staging)
        staging.commit()
    return found


def files(experiment: Experiment) -> tuple[str, str]:
    return experiment.task.file, experiment.init.file  # type: ignore[attr-defined]


def test_files_are_copied_and_named_without_their_folder(tmp_path: Path) -> None:
    experiment = experiment_in(tmp_path / "source")
    assert all(Path(name).is_absolute() for name in files(experiment))
    found = bundled(experiment, tmp_path / "run")
    assert files(found) == ("rows.csv", "first.npz")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"rows.csv", "first.npz"}
    assert set(run_files.names_beside_films(found)) == run_files.OWN_FILES | {"rows.csv", "first.npz"}


@pytest.mark.parametrize(
    ("data", "weights", "kept"),
    [
        ("losses.csv", "weights.npz", ("data-losses.csv", "initial-weights.npz")),
        (".hidden.csv", "first.npz", ("data-.hidden.csv", "first.npz")),
        ("rows.csv", "recording.npz", ("rows.csv", "initial-recording.npz")),
        ("mine.png", "first.npz", ("data-mine.png", "first.npz")),  # the name of its own poster
        ("mine.csv", "first.npz", ("mine.csv", "first.npz")),
    ],
)
def test_a_name_that_the_run_needs_is_changed(data: str, weights: str, kept: tuple[str, str], tmp_path: Path) -> None:
    found = bundled(experiment_in(tmp_path / "source", data, weights), tmp_path / "run")
    assert files(found) == kept
    for before, after in zip((data, weights), kept, strict=True):
        assert (tmp_path / "run" / after).read_bytes() == (tmp_path / "source" / before).read_bytes()


def test_files_that_stand_there_already_are_left_alone(tmp_path: Path) -> None:
    found = bundled(experiment_in(tmp_path / "run"), tmp_path / "run")
    assert files(found) == ("rows.csv", "first.npz")


def test_a_file_that_went_away_is_named(tmp_path: Path) -> None:
    experiment = experiment_in(tmp_path / "source")
    (tmp_path / "source" / "rows.csv").unlink()
    with pytest.raises(OutputError, match=r"cannot copy .*rows\.csv"):
        bundled(experiment, tmp_path / "run")


def test_an_experiment_without_files_has_nothing_beside(tmp_path: Path) -> None:
    experiment = recording("heart").experiment
    assert bundled(experiment, tmp_path) == experiment
    assert set(run_files.names_beside_films(experiment)) == run_files.OWN_FILES


def test_a_run_is_found_by_file_folder_and_name(tmp_path: Path) -> None:
    path = tmp_path / "outputs" / "mine" / "recording.npz"
    path.parent.mkdir(parents=True)
    path.touch()
    for word in (str(path), str(path.parent), "mine"):
        assert run_files.find_recording(word, tmp_path / "outputs") == path
    with pytest.raises(NotFoundError, match=r"no run at yours: neither .* nor under .*outputs"):
        run_files.find_recording("yours", tmp_path / "outputs")


def test_losses_keep_their_last_bit(tmp_path: Path) -> None:
    hard = np.array([1 / 3, 0.1, 2.0**-1074, 1.7976931348623157e308, 12345.678901234567])
    run_files.write_losses(replace(recording("heart"), losses=hard), tmp_path / "losses.csv")
    lines = (tmp_path / "losses.csv").read_text(encoding="ascii").splitlines()
    assert lines[:2] == ["step,loss", "1,0.33333333333333331"]
    np.testing.assert_array_equal([float(line.split(",")[1]) for line in lines[1:]], hard)


def test_the_four_files_of_a_run(tmp_path: Path) -> None:
    run = recording("table")
    with Staging(tmp_path) as staging:
        run_files.save_run(run, staging)
        run_files.write_summary({"name": "Größe →"}, staging)
        staging.commit()
    assert {path.name for path in tmp_path.iterdir()} == run_files.OWN_FILES
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == {"name": "Größe →"}
    write_weights(tmp_path / "again.npz", run.experiment.network.layout, run.parameters[-1])
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "weights.npz").read_bytes()
    again = load_experiment(tmp_path / "experiment.yaml")
    assert again.name == "table"
    np.testing.assert_array_equal(again.dataset.inputs, run.experiment.dataset.inputs)


def test_a_summary_holds_no_numbers_that_json_lacks(tmp_path: Path) -> None:
    with Staging(tmp_path) as staging, pytest.raises(ValueError, match="not JSON compliant"):
        run_files.write_summary({"loss": float("nan")}, staging)


def test_versions_are_those_that_are_installed() -> None:
    found = library_versions()
    assert found["backprop-anim"] == __version__
    assert all(metadata.version(name) == version for name, version in found.items() if name != "backprop-anim")
