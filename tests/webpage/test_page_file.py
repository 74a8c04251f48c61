"""The file of a page: its size, what is left out for it, its policy, and that nothing in it can break out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from small_runs import recording
from tiny_font import write_font

from backprop_anim.common import OutputError
from backprop_anim.config import load_experiment
from backprop_anim.engine import (
    activations,
    batch_orders,
    initializers,
    learning_rate_schedules,
    losses,
    optimizers,
)
from backprop_anim.experiment import FontChoice
from backprop_anim.panels import panels
from backprop_anim.training import Recording, train
from backprop_anim.webpage import document, make_page, twins
from backprop_anim.webpage.bundle import WEB, join_modules

CONFIGS = Path(__file__).parents[2] / "configs"
NODE = shutil.which("node")


def data_of(html: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', html, re.S)[0])
    return found


@pytest.mark.parametrize(("name", "most"), [("fruit", 425_000), ("heart", 550_000)])
def test_the_examples_are_as_small_as_promised(name: str, most: int) -> None:
    run = train(load_experiment(CONFIGS / f"{name}.yaml"))
    page = make_page(run, poster=bytes(40_000))
    assert page.notes == ()
    assert 100_000 < len(page.html.encode()) <= most


def test_the_letters_that_a_user_chose_are_in_the_page_and_come_first(tmp_path: Path) -> None:
    run, choice = recording("heart"), FontChoice(file="tiny.ttf").found_from(tmp_path)
    run = replace(run, experiment=replace(run.experiment.with_video(font=choice), title="学習 abc"))
    write_font(tmp_path / "tiny.ttf")
    page = make_page(run)
    faces = re.findall(r"@font-face\{.*?\}", page.html)
    ranges = [re.findall(r"unicode-range:(.*?);", face) for face in faces]
    assert ranges[:2] == [[], []]  # the film's own, before which a browser takes those that follow
    assert [re.findall(r"font-weight:(\d+)", face) for face in faces] == [["400"], ["700"]] * 2
    for face, (said,) in zip(faces[2:], ranges[2:], strict=True):
        letters = {chr(int(code.removeprefix("U+"), 16)) for code in said.split(",")}
        assert letters == set(" 学習abcdefgh")
        data = base64.b64decode(re.findall(r"base64,(.*?)\)", face)[0])
        with TTFont(io.BytesIO(data)) as font:
            assert set(map(chr, font.getBestCmap())) == letters
    assert page.notes == ()


@pytest.mark.parametrize("licence", [0x2, 0x4, 0x100, 0x200])
def test_letters_that_may_not_go_stay_here(licence: int, tmp_path: Path) -> None:
    run, choice = recording("heart"), FontChoice(file="tiny.ttf").found_from(tmp_path)
    write_font(tmp_path / "tiny.ttf", licence=licence)
    page = make_page(replace(run, experiment=run.experiment.with_video(font=choice)))
    assert page.notes == ("tiny.ttf does not allow a page to carry its letters: the page takes a reader's own",)
    assert page.html.count("@font-face{") == 2


def test_where_it_would_be_too_large_it_has_fewer_states_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    run = recording("heart")
    whole = len(make_page(run).html.encode())
    monkeypatch.setattr(document, "MOST_BYTES", whole - 4_000)
    page = make_page(run)
    assert len(page.html.encode()) <= whole - 4_000
    (note,) = page.notes
    kept = int(re.findall(r"the page has (\d+) of", note)[0])
    assert 2 < kept < run.n_snapshots
    assert data_of(page.html)["notes"] == [note]
    monkeypatch.setattr(document, "MOST_BYTES", 50_000)
    with pytest.raises(OutputError, match=r"the page would take 0\.\d MB"):
        make_page(run)


def test_some_states_of_a_recording_are_those_states() -> None:
    run = recording("slow")
    rows = np.array([0, 3, run.n_snapshots - 1])
    some = run.only(rows)
    np.testing.assert_array_equal(some.parameters, run.parameters[rows])
    np.testing.assert_array_equal(some.steps, run.steps[rows])
    np.testing.assert_array_equal(some.losses, run.losses)
    assert {trace.step for trace in some.traces} <= set(some.steps.tolist())


def test_the_policy_allows_just_this_style_and_script_and_no_request() -> None:
    html = make_page(recording("heart")).html
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)[0].replace("&#x27;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src" not in policy
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        inside = re.findall(rf"<{kind}(?: type=\"module\")?>(.*?)</{kind}>", html, re.S)[-1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "http://" not in html.replace("http://www.w3.org/", "")
    assert "https://" not in html


def test_no_text_can_end_the_element_that_holds_it() -> None:
    run = recording("heart")
    hostile = "</script><script>alert(1)</script><!--"
    named: Recording = replace(run, experiment=replace(run.experiment, title=hostile, subtitle=hostile))
    html = make_page(named).html
    assert "<script>alert" not in html
    assert data_of(html)["title"] == hostile
    assert html.count("<script") == 2


def test_every_module_is_in_the_one_script() -> None:
    script = join_modules()
    for path in WEB.rglob("*.js"):
        variable = "$" + re.sub(r"\W", "_", str(path.relative_to(WEB).with_suffix("")))
        assert f"const {variable} = (" in script, path.name
    assert not re.search(r"^(import|export) ", script, re.M)


@pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")
def test_every_panel_of_the_film_has_a_twin() -> None:
    module = (WEB / "views" / "more.js").as_uri()
    code = f"import('{module}').then((more) => console.log(JSON.stringify(Object.keys(more.PANELS))))"
    done = subprocess.run([str(NODE), "-e", code], capture_output=True, text=True, timeout=60, check=True)
    assert set(json.loads(done.stdout)) == set(panels)


def test_every_part_of_ours_has_a_twin() -> None:
    for registry, module in (
        (activations, "activations"),
        (losses, "losses"),
        (optimizers, "optimizers"),
        (learning_rate_schedules, "schedules"),
        (batch_orders, "batches"),
    ):
        assert set(registry) <= twins._names(module), module
    assert set(initializers) - {"file", "given"} == twins._names("initializers")  # those are the recorded first state


def test_an_activation_without_a_twin_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = twins._names
    monkeypatch.setattr(twins, "_names", lambda module: names(module) - {"sigmoid", "adam"})
    with pytest.raises(OutputError, match="no twin of the activation sigmoid"):
        make_page(recording("heart", "training.optimizer=sgd"))
