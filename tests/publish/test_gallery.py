"""The gallery: a valid page, hostile words that stay words, links that lead to files, and nothing that moves."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from color_measures import contrast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_folders import Element, parsed, run_folder

import backprop_anim.publish.gallery
from backprop_anim.common.errors import NotFoundError, OutputError
from backprop_anim.publish.gallery import Gallery, write_gallery
from backprop_anim.runs.finished_run import read_finished

SCRIPT = Path(backprop_anim.publish.gallery.__file__).with_name("gallery.js").read_text(encoding="utf-8")
STYLE = Path(backprop_anim.publish.gallery.__file__).with_name("gallery.css").read_text(encoding="utf-8")
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
LINKS = {"src", "href", "poster", "data-still", "data-moving"}


def page_of(gallery: Gallery) -> Element:
    return parsed(gallery.path.read_text(encoding="utf-8"))


def written(output: Path, *folders: Path) -> Element:
    return page_of(write_gallery(output, folders))


def urls(element: Element) -> list[str]:
    own = [str(value) for key, value in element.attributes.items() if key in LINKS]
    return own + [url for each in element.inside for url in urls(each)]


def target(page: Path, url: str) -> Path:
    """The file that a browser opens for a URL on `page`."""
    parts = urlsplit(url)
    assert not parts.scheme
    assert not parts.netloc
    assert not parts.query
    assert not parts.fragment
    return page.parent / os.fsdecode(unquote_to_bytes(parts.path))


# the page


def test_a_page_shows_each_run_with_its_words_and_files(tmp_path: Path) -> None:
    heart = run_folder(tmp_path / "heart", films=(".mp4", ".webm", ".gif", ".png"), title="Heart", subtitle="It beats")
    other = run_folder(tmp_path / "other", title="Other", final_loss=1234.5)
    found = write_gallery(tmp_path, [heart, other])
    assert (found.path, found.notes) == (tmp_path / "index.html", ())
    assert [run.title for run in found.runs] == ["Heart", "Other"]
    first, second = page_of(found).all("article")
    assert first.one("h2").text == "Heart"
    assert [each.text for each in first.all("p")] == ["It beats", "\N{SPACE}loss after 3,000 steps"]
    assert [each.one("b").text for each in (first, second)] == ["0.0123", "1,234"]
    video = first.one("video")
    assert (video.attributes["width"], video.attributes["height"]) == ("160", "90")
    assert [each.attributes for each in video.inside] == [
        {"src": "heart/tiny.webm", "type": "video/webm"},
        {"src": "heart/tiny.mp4", "type": "video/mp4"},
    ]
    assert video.attributes["aria-label"] == "Heart. It beats. Final loss 0.0123 after 3,000 steps."
    links = {each.text: each.attributes["href"] for each in first.all("a")}
    assert links == {
        "MP4": "heart/tiny.mp4",
        "WebM": "heart/tiny.webm",
        "GIF": "heart/tiny.gif",
        "picture": "heart/tiny.png",
        "recording": "heart/recording.npz",
        "experiment": "heart/experiment.yaml",
    }


@pytest.mark.parametrize(
    "films", [(".gif", ".png"), (".webp", ".png"), (".webm",), (".mp4",), (".png",), (".gif",), ()]
)
def test_a_run_without_some_of_its_films_is_shown(tmp_path: Path, films: tuple[str, ...]) -> None:
    page = written(tmp_path, run_folder(tmp_path / "run", films=films))
    article, moving = page.one("article"), set(films) - {".png"}
    has_picture = bool(moving & {".mp4", ".webm"}) or ".png" in films
    assert len(article.all("video") + article.all("img")) == has_picture
    assert len(article.all("button")) == bool(moving and has_picture)
    for image in article.all("img"):
        assert image.attributes["src"] == "run/tiny.png"
        assert image.attributes.get("data-moving") == (f"run/tiny{moving.pop()}" if moving else None)
    assert {each.text for each in article.all("a")} >= {"recording", "experiment"}


def test_only_files_that_the_run_names_and_that_are_there_are_shown(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run", films=(".mp4", ".gif", ".png"))
    (run / "tiny.gif").unlink()
    (run / "tiny.webm").write_bytes(b"left by an earlier run")
    links = {each.text for each in written(tmp_path, run).all("a")}
    assert links == {"MP4", "picture", "recording", "experiment"}


def test_the_page_is_found_from_other_folders(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "runs" / "deep" / "run")
    found = urls(written(tmp_path / "site" / "here", run).one("body"))
    assert "../../runs/deep/run/tiny.mp4" in found


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_runs_give_the_same_page(tmp_path: Path, count: int) -> None:
    folders = [run_folder(tmp_path / str(number)) for number in range(count)]
    first = write_gallery(tmp_path, folders).path.read_bytes()
    assert write_gallery(tmp_path, [*folders, folders[0]]).path.read_bytes() == first


@pytest.mark.parametrize(
    ("loss", "text"), [(0, "0.00"), (0.077, "0.0770"), (4.3e-5, "4.30e-05"), (123.4, "123"), (12345.6, "12,346")]
)
def test_a_loss_has_three_digits(tmp_path: Path, loss: float, text: str) -> None:
    assert read_finished(run_folder(tmp_path, final_loss=loss)).loss_text == text


# hostile words


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
    assert all("unsafe" not in value and "http" not in value for values in allowed.values() for value in values)
    assert page.one("head").inside[0].attributes == {"charset": "utf-8"}  # before any word
    assert page.one("head").inside[1].attributes["http-equiv"] == "Content-Security-Policy"  # before all it governs


def test_no_element_has_a_script_or_a_style_of_its_own(tmp_path: Path) -> None:
    page = written(tmp_path, run_folder(tmp_path / "run"), run_folder(tmp_path / "b", films=(".gif", ".png")))
    names = {name for each in page.everything() for name in each.attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    assert "autoplay" not in names


# for everybody


def test_every_picture_and_film_has_words(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / kind, films=(f".{kind}", ".png")) for kind in ("mp4", "gif", "png")]
    page = written(tmp_path, *folders)
    assert all("Final loss" in str(each.attributes["alt"]) for each in page.all("img"))
    assert all("Final loss" in str(each.attributes["aria-label"]) for each in page.all("video"))
    assert all(each.attributes["aria-label"] for each in page.all("button"))
    assert page.one("html").attributes == {"lang": "en"}
    assert [each.tag for each in page.everything() if re.fullmatch("h[1-6]", each.tag)] == ["h1", "h2", "h2", "h2"]


def test_nothing_moves_before_it_is_asked_to(tmp_path: Path) -> None:
    folders = [run_folder(tmp_path / kind, films=(f".{kind}", ".png")) for kind in ("mp4", "gif", "webp")]
    page = written(tmp_path, *folders)
    assert not [url for each in page.all("img") for url in (str(each.attributes["src"]),) if not url.endswith(".png")]
    assert not re.search(r"animation|transition|@keyframes|scroll-behavior", STYLE)


def test_the_style_is_for_light_and_dark_and_can_be_read() -> None:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")
    quiet = [re.findall(r"--quiet: (#\w{6})", part)[0] for part in (light, dark)]
    from backprop_anim.experiment.themes import themes

    for name, color in zip(("light", "dark"), quiet, strict=True):
        theme = themes[name]()
        for word in (color, theme.ink, theme.accent):
            assert contrast(word, theme.background) >= 4.5, (name, word)
    assert ":focus-visible" in STYLE


def test_the_script_is_short_and_asks_about_motion() -> None:
    assert len(SCRIPT.splitlines()) < 40
    assert "prefers-reduced-motion: reduce" in SCRIPT
    assert "</" not in SCRIPT
    assert "<" not in STYLE
    assert not re.search(r"innerHTML|eval|document\.write|setTimeout|setInterval|fetch|import", SCRIPT)


# what the script does, by a stand-in for the page

STAGE = """
const said = [];
const film = (kind) => {
  const picture = kind === "gif" ? { dataset: { moving: "m.gif", still: "s.png" }, src: "s.png" } : {
    dataset: {}, playing: false,
    play() { this.playing = true; return Promise.resolve(); }, pause() { this.playing = false; },
  };
  const heard = {};
  return {
    firstElementChild: picture, attributes: { "aria-pressed": "false" }, visible: false,
    getAttribute(name) { return this.attributes[name]; },
    setAttribute(name, value) { this.attributes[name] = value; },
    addEventListener(name, act) { heard[name] = act; },
    matches() { return this.visible; },
    tell(name, event) { heard[name](event); },
    get moves() { return kind === "gif" ? picture.src === "m.gif" : picture.playing; },
  };
};
const films = [film("mp4"), film("gif")];
const media = { matches: CALM };
globalThis.matchMedia = () => media;
globalThis.document = { querySelectorAll: () => films };
(0, eval)(SCRIPT);
for (const [who, what, how] of DEEDS) {
  films[who].visible = how === "keyboard";
  films[who].tell(what, { pointerType: how });
  said.push(films.map((each) => each.moves));
  for (const { moves, attributes } of films) if (String(moves) !== attributes["aria-pressed"]) throw Error("a lie");
}
console.log(JSON.stringify(said));
"""
NODE = shutil.which("node")


def acted(deeds: list[tuple[int, str, str]], calm: bool = False) -> Any:
    """Which of two films move after each deed."""
    code = STAGE.replace("SCRIPT", json.dumps(SCRIPT)).replace("CALM", json.dumps(calm))
    code = code.replace("DEEDS", json.dumps(deeds))
    done = subprocess.run([str(NODE), "-e", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


NOTHING, FIRST, SECOND = [False, False], [True, False], [False, True]
HOVER, LEAVE, PRESS = (0, "pointerenter", "mouse"), (0, "pointerleave", "mouse"), (0, "click", "mouse")
FOCUS, BLUR, KEY = (0, "focus", "keyboard"), (0, "blur", "keyboard"), (0, "click", "keyboard")


@pytest.mark.skipif(NODE is None, reason="runs JavaScript")
@pytest.mark.parametrize(
    ("deeds", "moving"),
    [
        ([HOVER, LEAVE], [FIRST, NOTHING]),
        ([HOVER, PRESS, PRESS, LEAVE], [FIRST, NOTHING, FIRST, NOTHING]),
        ([FOCUS, KEY, KEY, BLUR], [FIRST, NOTHING, FIRST, NOTHING]),
        # a tap: the finger arrives, the button gets the focus unseen, then it is pressed
        ([(1, "pointerenter", "touch"), (1, "focus", "touch"), (1, "click", "touch")], [NOTHING, NOTHING, SECOND]),
        ([FOCUS, (1, "pointerenter", "mouse"), BLUR], [FIRST, SECOND, SECOND]),
    ],
)
def test_a_film_plays_when_it_should(deeds: list[tuple[int, str, str]], moving: list[list[bool]]) -> None:
    assert acted(deeds) == moving


@pytest.mark.skipif(NODE is None, reason="runs JavaScript")
def test_with_less_motion_only_a_press_starts_a_film() -> None:
    assert acted([HOVER, LEAVE, FOCUS, KEY, BLUR, FOCUS, KEY], calm=True) == [*[NOTHING] * 3, *[FIRST] * 3, NOTHING]


# what goes wrong


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


# in what runs differ


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
