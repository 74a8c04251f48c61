"""Words from files stay words in a gallery, its links stay in their runs, and its page may do nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from gallery_pages import SCRIPT, page_of, target, urls, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_folders import Element, run_folder

from backprop_anim.publish.gallery import write_gallery
from backprop_anim.runs.finished_run import read_finished

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "' onmouseover='alert(1)",
    "</title></style><!-- <![CDATA[ -->",
    "$script ${style} {0} %s \\1 {{ x }}",
    "&lt;b&gt; &amp;amp; &#60;",
    "javascript:alert(1)",
    "שלום عالم 学習 🐍 \u202e",
]


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_stay_words(tmp_path: Path, word: str) -> None:
    # a harmless page of the same make, and one where everything that comes from files is hostile
    plain = (
        run_folder(tmp_path / "plain", task={"kind": "a", "file": "b"}),
        run_folder(tmp_path / "two", title="Two", task="c"),
    )
    name = word.replace("/", "∕")
    hostile = (
        run_folder(tmp_path / name, name=name, title=word, subtitle=word, task={"kind": word, "file": word}),
        run_folder(tmp_path / "other", task=word),
    )
    expected, found = written(tmp_path, *plain), written(tmp_path, *hostile)
    assert found.shape() == expected.shape()
    article = found.all("article")[0]
    assert article.one("h2").text == word
    assert article.all("p")[0].text == word
    assert f"Play: {word}" == article.one("button").attributes["aria-label"]
    for url in urls(found.one("body")):
        assert target(tmp_path / "index.html", url).is_file(), url
    assert [each.text for each in found.all("script")] == [SCRIPT]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1), subtitle=st.text(min_size=1), name=st.text(min_size=1, max_size=40))
def test_any_words_stay_words(tmp_path: Path, title: str, subtitle: str, name: str) -> None:
    allowed = re.sub(r"[\x00-\x1f\x7f-\x9f/\\\ud800-\udfff]", "_", name).encode()[:200].decode(errors="ignore")
    run = run_folder(tmp_path / "run", name=f"_{allowed}", title=title, subtitle=subtitle)
    page = written(tmp_path, run)
    assert page.shape() == written(tmp_path, run_folder(tmp_path / "plain")).shape()
    forbidden = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
    assert page.one("h2").text == re.sub(forbidden, "\ufffd", title)
    assert page.one("article").all("p")[0].text == re.sub(forbidden, "\ufffd", subtitle)
    files = [target(tmp_path / "index.html", url) for url in urls(page.one("body"))]
    assert len(files) == 6
    assert all(file.is_file() for file in files)


@pytest.mark.parametrize("folder", ["a b", "50%", "50%25", "what?", "#1", "a:b", "'\"", "ü", "&amp;", "a\nb", "..."])
def test_any_folder_is_found(tmp_path: Path, folder: str) -> None:
    run = run_folder(tmp_path / folder / "run")
    found = write_gallery(tmp_path, [run])
    for url in urls(page_of(found).one("body")):
        assert target(found.path, url).is_file(), url


def test_a_summary_cannot_lead_out_of_its_run(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"")
    run = run_folder(tmp_path / "run", name="../secret", films=())
    text = json.loads((run / "summary.json").read_text())
    (run / "summary.json").write_text(
        json.dumps(text | {"files": ["../secret.png", str(tmp_path / "secret.png"), ".."]})
    )
    assert read_finished(run).files == ()
    assert "secret.png" not in write_gallery(tmp_path, [run]).path.read_text(encoding="utf-8")


# what the page may do


def policy(page: Element) -> dict[str, list[str]]:
    (meta,) = (each for each in page.all("meta") if each.attributes.get("http-equiv") == "Content-Security-Policy")
    directives = (each.split() for each in str(meta.attributes["content"]).split(";"))
    return {name: values for name, *values in directives}


def test_the_policy_allows_the_own_style_and_script_and_nothing_else(tmp_path: Path) -> None:
    page = written(tmp_path, run_folder(tmp_path / "run"))
    allowed = policy(page)
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        text = page.one(tag).text
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[directive] == [f"'sha256-{digest}'"]
    assert allowed["font-src"] == ["data:"]
    assert all("unsafe" not in value and "http" not in value for values in allowed.values() for value in values)
    assert page.one("head").inside[0].attributes == {"charset": "utf-8"}  # before any word
    assert page.one("head").inside[1].attributes["http-equiv"] == "Content-Security-Policy"  # before all it governs


def test_no_element_has_a_script_or_a_style_of_its_own(tmp_path: Path) -> None:
    page = written(tmp_path, run_folder(tmp_path / "run"), run_folder(tmp_path / "b", films=(".gif", ".png")))
    names = {name for each in page.everything() for name in each.attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    assert "autoplay" not in names
