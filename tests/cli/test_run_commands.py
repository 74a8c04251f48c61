"""The commands that take a finished run: render, still and predict."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import call, hashes

from backprop_anim.runs.recordings import open_run


def test_render_draws_again_into_its_folder(place: Path) -> None:
    before = hashes(place / "outputs" / "tiny")
    said = call("render", "tiny")
    assert (said.status, said.err) == (0, "")
    after = hashes(place / "outputs" / "tiny")
    assert {name for name in before if before[name] != after[name]} <= {"summary.json"}
    assert call("render", "outputs/tiny", "--theme", "dark", "-q").status == 0
    assert hashes(place / "outputs" / "tiny")["tiny.png"] != before["tiny.png"]
    assert hashes(place / "outputs" / "tiny")["recording.npz"] != before["recording.npz"]  # the film belongs to it
    assert hashes(place / "outputs" / "tiny")["losses.csv"] == before["losses.csv"]


def test_render_elsewhere(place: Path) -> None:
    before = hashes(place / "outputs" / "tiny")
    said = call("render", "outputs/tiny/recording.npz", "-o", "tall", "--size", "90x160", "--formats", "webm", "--json")
    assert (said.json["width"], said.json["height"]) == (90, 160)
    assert (place / "tall" / "tiny" / "tiny.webm").exists()
    assert hashes(place / "outputs" / "tiny") == before


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("b.PDF", b"%PDF"), ("deep/c.png", b"\x89PNG")])
def test_a_still_is_what_its_ending_says(name: str, begins: bytes, place: Path) -> None:
    said = call("still", "tiny", "--step", "30", "-o", name)
    assert said.out == f"{Path(name)}\n"
    assert (place / name).read_bytes().startswith(begins)


def test_other_endings_of_pictures_are_refused_and_other_names_are_folders(place: Path) -> None:
    said = call("still", "tiny", "--step", "30", "-o", "a.jpg")
    assert said.status == 2
    assert "a still is a file that ends in .png, .svg or .pdf, not .jpg" in said.err
    assert call("still", "tiny", "--step", "30", "-o", "v1.2").out == f"{Path('v1.2/tiny-step-30.png')}\n"


def test_a_still_can_tell_a_phase_of_its_step(place: Path) -> None:
    said = call("still", "tiny", "--step", "7", "--phase", "backward", "--follow", "output 1", "-o", "told")
    assert said.out == f"{Path('told/tiny-step-7-backward.png')}\n"
    assert "step 7 was not recorded in full: trained again up to it" in said.err
    plain = call("still", "tiny", "--step", "7", "--phase", "none", "-o", "told").out.strip()
    assert (place / plain).read_bytes() != (place / said.out.strip()).read_bytes()
    wrong = call("still", "tiny", "--step", "7", "--phase", "backward", "--sample", "9999")
    assert (wrong.status, "slow_motion[0].sample" in wrong.err) == (3, True)
    alone = call("still", "tiny", "--step", "7", "--sample", "1")
    assert (alone.status, "give --phase too" in alone.err) == (2, True)


def test_still(place: Path) -> None:
    said = call("still", "tiny", "--step", "30")
    assert (said.status, said.err) == (0, "")
    assert said.out == f"{Path('outputs/tiny/tiny-step-30.png')}\n"
    steps = open_run(place / "outputs" / "tiny" / "recording.npz").steps
    missing = next(step for step in range(30) if step not in steps)
    said = call("still", "tiny", "--step", str(missing), "-o", "stills", "--size", "90x90", "--theme", "dark")
    assert said.out == f"{Path(f'stills/tiny-step-{missing}.png')}\n"
    assert f"step {missing} was not recorded: trained again up to it" in said.err
    assert call("still", "tiny", "--step", str(missing), "-q").err == ""


def test_predict_gives_the_networks_answers(place: Path) -> None:
    run = open_run(place / "outputs" / "tiny" / "recording.npz")
    said = call("predict", "tiny", "--row", "0.25", "--row", "0.5", "--json")
    expected = run.experiment.network.outputs(run.parameters[-1], np.array([[0.25], [0.5]]))
    np.testing.assert_array_equal(said.json["outputs"], expected)
    assert said.json["inputs"] == [[0.25], [0.5]]
    table = call("predict", "tiny", "--row", "0.25").out.splitlines()
    assert table[0].split() == ["t", "x", "y"]
    assert [float(cell) for cell in table[1].split()] == pytest.approx([0.25, *expected[0]], rel=1e-5)


def test_predict_from_a_file_and_at_an_earlier_step(place: Path) -> None:
    (place / "new.csv").write_text("other,t\n9,0.25\n9,0.5\n")
    run = open_run(place / "outputs" / "tiny" / "recording.npz")
    said = call("predict", "tiny", "--csv", "new.csv", "--step", "0", "--json")
    expected = run.experiment.network.outputs(run.parameters[0], np.array([[0.25], [0.5]]))
    np.testing.assert_array_equal(said.json["outputs"], expected)


def test_predict_judges_its_answers_and_writes_them(place: Path) -> None:
    (place / "new.csv").write_text("other,t,x,y\n9,0.25,0.4,0.7\n9,0.5,0.5,0.2\n")
    said = call("predict", "tiny", "--csv", "new.csv")
    *table, first, second = said.out.splitlines()
    assert len(table) == 3
    assert first.startswith("x: mean absolute error ")
    assert second.endswith(" (2 rows)")
    told = call("predict", "tiny", "--csv", "new.csv", "--json").json
    errors = np.abs(np.array(told["outputs"]) - [[0.4, 0.7], [0.5, 0.2]]).mean(axis=0)
    assert [told["scores"][name]["mean_absolute_error"] for name in "xy"] == pytest.approx(errors)
    written = call("predict", "tiny", "--csv", "new.csv", "-o", "out.csv")
    assert written.out.splitlines() == ["out.csv", first, second]
    assert (place / "out.csv").read_text().startswith("other,t,x,y,predicted x,predicted y\n9,0.25,0.4,0.7,")
    before = (place / "out.csv").read_bytes()
    again = call("predict", "tiny", "--row", "0.5", "-o", "out.csv")
    assert (again.status, (place / "out.csv").read_bytes()) == (1, before)
    assert "out.csv is there already; choose another name, or --force writes over it" in again.err
    assert call("predict", "tiny", "--row", "0.5", "-o", "out.csv", "--force").status == 0
    assert (place / "out.csv").read_text().startswith("t,predicted x,predicted y\n0.5,")
