"""What shows runs elsewhere, in a browser: axe is content with the gallery, and a page works in the frame of a post."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser_page import Open, faults, html_of, needs_axe
from run_folders import run_folder

from backprop_anim.publish import snippets, write_gallery
from backprop_anim.runs import read_finished

pytestmark = pytest.mark.browser


def gallery(folder: Path, count: int) -> str:
    """The text of a gallery of runs of every make; the pictures are a pixel."""
    makes = [(".html", ".gif", ".png"), (".gif", ".png"), (".html", ".png"), (".png",), ()]
    runs = [
        run_folder(folder / str(k), films=films, title=f"Жизнь {k}", seed=k, training={"noise": k})
        for k, films in enumerate(makes[:count])
    ]
    return write_gallery(folder, runs).path.read_text(encoding="utf-8")


@needs_axe
@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_fault_in_a_gallery(open_html: Open, tmp_path: Path, width: int, scheme: str, count: int) -> None:
    film = open_html(gallery(tmp_path, count), viewport={"width": width, "height": 720}, color_scheme=scheme)
    assert film.page.locator("article").count() == count
    assert faults(film) == []
    assert film.errors == []
    assert film.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_gallery_has_the_typeface_of_the_film(open_html: Open, tmp_path: Path) -> None:
    film = open_html(gallery(tmp_path, 2))
    loaded = film.page.evaluate("document.fonts.ready.then((fonts) => [...fonts].map((each) => each.status))")
    assert loaded == ["loaded", "loaded"]
    assert film.page.evaluate("getComputedStyle(document.querySelector('h2')).fontFamily").startswith("Film")
    assert not [url for url in film.requests if not url.startswith(("file:", "data:"))]


def test_a_title_leads_to_the_page_of_its_run(open_html: Open, tmp_path: Path) -> None:
    film = open_html(gallery(tmp_path, 2))
    (link,) = film.page.locator("h2 a").all()
    link.click()
    film.page.wait_for_url((tmp_path / "0" / "tiny.html").as_uri())


def test_a_page_works_in_the_frame_of_a_post(open_html: Open, tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run", films=(".html", ".png"))
    (run / "tiny.html").write_text(html_of("full"), encoding="utf-8")
    film = open_html(f"<!DOCTYPE html><title>A post</title>{snippets(read_finished(run), 'run').html}")
    (frame,) = film.page.frames[1:]
    film.until(lambda: frame.evaluate("document.querySelector('backprop-anim')?.ready.then(() => true)"))
    frame.evaluate("document.querySelector('backprop-anim').train(3)")
    found: dict[str, Any] = frame.evaluate(
        "({origin, step: document.querySelector('backprop-anim').step, "
        "embed: document.querySelector('backprop-anim').hasAttribute('embed')})"
    )
    assert found == {"origin": "null", "step": 3, "embed": True}
    assert frame.locator("footer").is_hidden()
    frame.locator("h1").hover()
    assert frame.locator("footer").is_visible()
    assert film.errors == []
