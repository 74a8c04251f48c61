"""The gallery: a page of all runs with links that lead to files, for everybody, on which nothing moves by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from color_measures import contrast
from gallery_pages import STYLE, page_of, urls, written
from run_folders import run_folder

from backprop_anim.publish.gallery import write_gallery
from backprop_anim.runs.finished_run import read_finished


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


def test_a_card_leads_to_the_page_of_its_run(tmp_path: Path) -> None:
    with_page = run_folder(tmp_path / "played", films=(".html", ".mp4", ".png"))
    since = run_folder(tmp_path / "since")
    (since / "tiny.html").write_text("made by play, which leaves the summary as it is")
    first, second, third = written(tmp_path, with_page, since, run_folder(tmp_path / "filmed")).all("article")
    for article, folder in ((first, "played"), (second, "since")):
        assert article.one("h2").one("a").attributes["href"] == f"{folder}/tiny.html"
        assert article.one("h2").one("a").text == "Tiny"
        assert {each.text: each.attributes["href"] for each in article.all("a")}["page"] == f"{folder}/tiny.html"
        assert article.one("video").one("source").attributes["src"] == f"{folder}/tiny.mp4"
    assert third.one("h2").all("a") == []
    assert "page" not in {each.text for each in third.all("a")}


@pytest.mark.parametrize(
    ("films", "has_film", "has_page"),
    [
        ((".mp4",), True, False),
        ((".html", ".gif", ".png"), True, True),
        ((".html", ".png"), False, True),
        ((), False, False),
    ],
)
def test_the_page_says_what_can_be_done_on_it(
    tmp_path: Path, films: tuple[str, ...], has_film: bool, has_page: bool
) -> None:
    hint = written(tmp_path, run_folder(tmp_path / "run", films=films)).all("header")[0].one("p").text
    assert hint.startswith("1 network learning.")
    assert ("Point at a film" in hint) == has_film
    assert ("leads to a page" in hint) == has_page


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
