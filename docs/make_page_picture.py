"""Make docs/page.png, the fruit's page in the backward phase of a step, by ``python docs/make_page_picture.py``.

It needs Playwright and a Chromium, on the path or in BACKPROP_ANIM_CHROMIUM.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from backprop_anim import load_experiment, page, train

DOCS = Path(__file__).parent
PROGRAMS = (os.environ.get("BACKPROP_ANIM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
FRAGMENT = "#step=300&phase=backward"
WIDTH_PX, HEIGHT_PX = 1280, 800


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        recording = train(load_experiment(DOCS.parent / "configs" / "fruit.yaml"))
        taken = picture_of(page(recording, folder).path)
    Image.open(io.BytesIO(taken)).convert("RGB").save(DOCS / "page.png", optimize=True)


def picture_of(path: Path) -> bytes:
    """Return a page as a PNG picture, once it is drawn."""
    program = next(found for name in PROGRAMS if name and (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
        window.goto(path.as_uri() + FRAGMENT)
        window.evaluate("document.querySelector('backprop-anim').ready.then(() => document.fonts.ready).then(() => 0)")
        window.wait_for_timeout(200)
        taken = window.screenshot()
        browser.close()
    return taken


if __name__ == "__main__":
    main()
