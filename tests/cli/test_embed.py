"""What is pasted into a post: it shows the run, leads to its files, and hostile words stay words."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from command_line import call
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from run_folders import Element, parsed, run_folder

from backprop_anim.common.markup import markdown_text, url_prefix
from backprop_anim.publish.embed import snippets
from backprop_anim.runs.finished_run import FinishedRun

MARKDOWN = MarkdownIt("commonmark", {"xhtmlOut": False}).enable(["table", "strikethrough"])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip)


def run(folder: Path = Path("run"), name: str = "tiny", films: str = "mp4 gif png", **words: str) -> FinishedRun:
    """A run as it would be read."""
    told = {"title": "Tiny", "subtitle": ""} | words
    files = tuple(f"{name}.{kind}" for kind in films.split())
    return FinishedRun(
        folder, name, steps=3000, final_loss=0.012345, width_px=160, height_px=90, files=files, settings={}, **told
    )


def only(html: str) -> Element:
    (found,) = parsed(html).inside
    return found


def test_a_run_that_was_made_is_embedded(place: Path) -> None:
    said = call("embed", "tiny")
    assert said.status == 0
    html, markdown = said.out.strip().split("\n\n")
    video = only(html)
    attributes = dict(video.attributes)
    assert attributes.pop("aria-label", "").startswith("Tiny. Final loss 0.")
    assert attributes.pop("style") == "max-width: 100%; height: auto"
    assert attributes == {
        **{"poster": "tiny.png", "width": "320", "height": "200", "preload": "metadata"},
        **dict.fromkeys(("controls", "muted", "loop", "playsinline")),
    }
    assert [each.attributes for each in video.all("source")] == [{"src": "tiny.mp4", "type": "video/mp4"}]
    assert (video.one("a").text, video.one("a").attributes["href"]) == ("Tiny", "tiny.mp4")
    assert markdown == f"[![{video.attributes['aria-label']}](tiny.png)](tiny.mp4)"
    assert said.err == "to be put beside the post: outputs/tiny/tiny.mp4, outputs/tiny/tiny.png\n"


@pytest.mark.parametrize("word", ["outputs/tiny", "outputs/tiny/", "outputs/tiny/recording.npz", "tiny"])
def test_a_run_is_found_as_for_render(place: Path, word: str) -> None:
    said = call("embed", word, "-q", "--format", "markdown", "--base", "films")
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("](films/tiny.png)](films/tiny.mp4)\n")


def test_formats_and_json(place: Path) -> None:
    html, markdown, both = (call("embed", "tiny", "-q", "--format", each).out for each in ("html", "markdown", "all"))
    assert both == f"{html}\n{markdown}"
    assert html.startswith("<video")
    found = call("embed", "tiny", "--json")
    assert found.err == ""
    assert found.json["html"] + "\n" == html
    assert found.json["markdown"] + "\n" == markdown
    assert found.json["files"] == ["tiny.mp4", "tiny.png"]
    assert set(call("embed", "tiny", "--json", "--format", "html").json) == {"html", "alt", "files"}


def test_a_moving_picture_is_taken_where_there_is_one(place: Path) -> None:
    assert call("render", "tiny", "--formats", "gif,webm,webp", "-q").status == 0
    found = call("embed", "tiny", "--json").json
    assert [each.attributes["src"] for each in only(found["html"]).all("source")] == ["tiny.webm"]
    assert found["markdown"] == f"![{found['alt']}](tiny.gif)"


def test_a_run_without_video_gives_the_picture(place: Path) -> None:
    run_folder(place / "outputs" / "gif", films=(".gif", ".png"))
    run_folder(place / "outputs" / "webp", films=(".webp", ".png"))
    run_folder(place / "outputs" / "png", films=(".png",))
    for name, size in (("gif", "1"), ("webp", "1"), ("png", "1")):
        found = call("embed", name, "--json").json
        image = only(found["html"])
        assert (image.tag, image.attributes["src"]) == ("img", f"tiny.{name}")
        assert (image.attributes["width"], image.attributes["alt"]) == (size, found["alt"])  # as the file says
        assert found["markdown"] == f"![{found['alt']}](tiny.{name})"


def test_a_video_alone_is_led_to_by_words(place: Path) -> None:
    run_folder(place / "outputs" / "alone", films=(".mp4",), title="A [b]")
    found = call("embed", "alone", "--json").json
    assert found["markdown"] == r"[A \[b\]](tiny.mp4)"
    assert "poster" not in only(found["html"]).attributes


def test_a_run_with_a_page_gives_the_page(place: Path) -> None:
    assert call("play", "outputs/tiny", "--no-open", "-q").status == 0
    said = call("embed", "tiny", "--base", "films")
    html, markdown = said.out.strip().split("\n\n")
    frame = only(html)
    title = str(frame.attributes.pop("title"))
    assert title.startswith("Tiny. Final loss 0.")
    assert (frame.tag, frame.attributes) == (
        "iframe",
        {
            **{"src": "films/tiny.html#embed", "width": "100%", "height": "800", "style": "border: 0"},
            **{"loading": "lazy", "sandbox": "allow-scripts allow-downloads", "allow": "clipboard-write"},
        },
    )
    assert markdown == f"[![{title}](films/tiny.png)](films/tiny.html)"
    assert said.err == "to be put under films: outputs/tiny/tiny.html, outputs/tiny/tiny.png\n"


def test_a_page_that_is_older_than_its_run_is_not_shown(place: Path) -> None:
    run = place / "outputs" / "tiny"
    (run / "tiny.html").write_text("of another run")
    os.utime(run / "tiny.html", (1, 1))
    assert only(call("embed", "tiny", "--json").json["html"]).tag == "video"
    os.utime(run / "tiny.html")
    assert only(call("embed", "tiny", "--json").json["html"]).tag == "iframe"


@pytest.mark.parametrize(
    ("films", "markdown"),
    [
        ("html mp4 gif png", "[![{}](tiny.png)](tiny.html)"),
        ("html gif", "[![{}](tiny.gif)](tiny.html)"),
        ("html mp4", "[Tiny](tiny.html)"),
    ],
)
def test_a_page_is_led_to_by_what_there_is(films: str, markdown: str) -> None:
    found = snippets(run(films=films))
    assert found.markdown == markdown.format(markdown_text(found.alt))
    assert found.files[0] == "tiny.html"


@given(title=WORDS, name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_words_of_a_page_stay_words(title: str, name: str) -> None:
    name = name.replace("/", "_")
    found = snippets(run(name=name, title=title, films="html"))
    frame = only(found.html)
    assert frame.shape() == only(snippets(run(films="html")).html).shape()
    assert frame.attributes["title"] == found.alt
    parts = urlsplit(str(frame.attributes["src"]))
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("", "", f"{name}.html")
    (link,) = parsed(MARKDOWN.render(found.markdown).rstrip()).all("a")
    assert link.text == " ".join(title.split())


def test_what_cannot_be_embedded_is_said(place: Path) -> None:
    for name in ("tiny.mp4", "tiny.png"):
        (place / "outputs" / "tiny" / name).unlink()
    said = call("embed", "tiny")
    assert (said.status, said.out) == (4, "")
    assert "nothing of outputs/tiny can be embedded" in said.err
    assert "backprop-anim render outputs/tiny" in said.err
    (place / "outputs" / "tiny" / "summary.json").unlink()
    assert "no finished run in outputs/tiny" in call("embed", "tiny").err
    assert call("embed", "nowhere").status == 4
    assert call("embed", "tiny", "--format", "pdf").status == 2
    (place / "outputs" / "tiny" / "summary.json").write_text("{}")
    assert call("embed", "tiny").status == 1


# words


@given(title=WORDS, subtitle=WORDS, name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_words_stay_words(title: str, subtitle: str, name: str) -> None:
    name = name.replace("/", "_")
    found = snippets(run(name=name, title=title, subtitle=subtitle))
    video = only(found.html)
    assert video.shape() == only(snippets(run(subtitle="x")).html).shape()
    assert video.attributes["aria-label"] == found.alt
    assert video.one("a").text == " ".join(title.split())
    assert " ".join(title.split()) in found.alt
    for url, kind in ((video.attributes["poster"], "png"), (video.one("source").attributes["src"], "mp4")):
        parts = urlsplit(str(url))
        assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("", "", f"{name}.{kind}")
    assert "\n\n" not in found.html  # which would end a block of HTML in Markdown


@given(title=WORDS)
def test_markdown_shows_the_words_and_no_more(title: str) -> None:
    for films, tags in (("gif", ["p", "img"]), ("mp4 png", ["p", "a", "img"]), ("mp4", ["p", "a"])):
        found = snippets(run(title=title, films=films))
        read = parsed(MARKDOWN.render(found.markdown).rstrip())
        assert [each.tag for each in read.everything()][1:] == tags
        for image in read.all("img"):
            assert image.attributes == {"src": f"tiny.{films[-3:]}", "alt": found.alt}
        for link in read.all("a"):
            assert link.attributes == {"href": "tiny.mp4"}
            assert link.text == ("" if "png" in films else " ".join(title.split()))


@given(title=WORDS)
def test_markdown_stays_in_its_cell_of_a_table(title: str) -> None:
    found = snippets(run(title=title, films="gif"))
    read = parsed(MARKDOWN.render(f"| a | b |\n|---|---|\n| {found.markdown} | x |").rstrip())
    first, second = read.all("td")
    assert (first.one("img").attributes["alt"], second.text) == (found.alt, "x")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a](x) ![b", r"a\](x) \!\[b"),
        ("`code` | table", r"\`code\` \| table"),
        ("<img onerror=x> &amp;", r"\<img onerror=x\> \&amp;"),
        ("back\\slash *a* _b_ ~c~", r"back\\slash \*a\* \_b\_ \~c\~"),
        ("two\nlines\r\n\n# here", r"two lines \# here"),
        ("{{ x }} {% y %}", r"\{\{ x \}\} \{% y %\}"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


# where the files are


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        ("", ""),
        ("films", "films/"),
        ("/", "/"),
        ("../a b/ü", "../a%20b/%C3%BC/"),
        ("https://example.org/films/", "https://example.org/films/"),
        ("https://example.org/a%20b", "https://example.org/a%20b/"),
        ("100% sure", "100%25%20sure/"),
        ("a(b)'\"<c>`\\", "a%28b%29%27%22%3Cc%3E%60%5C/"),
    ],
)
def test_a_base_stands_before_the_names(base: str, prefix: str) -> None:
    assert url_prefix(base) == prefix
    found = snippets(run(), base)
    assert only(found.html).attributes["poster"] == f"{prefix}tiny.png"
    assert f"]({prefix}tiny.gif)" in found.markdown
    assert urljoin("https://example.org/post/", prefix + "tiny.gif").endswith("tiny.gif")


def test_json_is_json_whatever_the_words(place: Path) -> None:
    run_folder(place / "outputs" / "odd", title='"\\ </script> \u2028 ü')
    found = json.loads(call("embed", "odd", "--json").out)
    assert found["alt"].startswith('"\\ </script> ')
