"""One browser for all tests of pages, started by the first of them, and for each test windows of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser_page import Film, Open, html_of, program, run_of

MISSING = "there is no {}: pip install 'backprop-anim[browser]', and Chromium on the path or in BACKPROP_ANIM_CHROMIUM"


@dataclass
class Started:
    """A running browser; Playwright's event loop is the thread's own only while a test of a page runs."""

    browser: Any
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def awake(self) -> Iterator[None]:
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self.loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(before)


@pytest.fixture(scope="session")
def started() -> Iterator[Started]:
    playwright = pytest.importorskip("playwright.sync_api", reason=MISSING.format("Playwright"))
    path = program()
    if path is None:
        pytest.skip(MISSING.format("Chromium"))
    driver = playwright.sync_playwright().start()
    found = Started(driver.chromium.launch(executable_path=path, args=["--no-sandbox"]), asyncio.get_running_loop())
    asyncio._set_running_loop(None)
    yield found
    with found.awake():
        found.browser.close()
        driver.stop()


@pytest.fixture
def browser(started: Started) -> Iterator[Any]:
    with started.awake():
        yield started.browser
        for context in started.browser.contexts:
            context.close()


@pytest.fixture
def open_html(browser: Any, tmp_path: Path) -> Open:
    """Open the text of a page from a file, in a window of its own; `settings` are those of a browser context."""

    def opened(html: str, fragment: str = "", **settings: Any) -> Film:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        settings = {"viewport": {"width": 1280, "height": 720}} | settings
        page = browser.new_context(**settings).new_page()
        page.set_default_timeout(10_000)
        film = Film(page)
        page.on("pageerror", lambda error: film.errors.append(str(error)))
        page.on("console", lambda said: film.errors.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("request", lambda request: film.requests.append(request.url))
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        page.goto(path.as_uri() + fragment)
        return film

    return opened


@pytest.fixture
def open_page(open_html: Open) -> Open:
    """Open the page of one of the runs in `browser_page`."""

    def opened(name: str, fragment: str = "", **settings: Any) -> Film:
        film = open_html(html_of(name), fragment, **settings)
        film.recording = run_of(name)
        film.call("get", "seed")  # waits until it is ready
        return film

    return opened
