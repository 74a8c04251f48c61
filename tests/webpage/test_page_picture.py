"""The shown state can be saved as a picture: what is on the page, without its controls."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
from browser_page import Film, Open

from backprop_anim.engine import Array

pytestmark = pytest.mark.browser


def saved(film: Film) -> tuple[str, Array]:
    with film.page.expect_download() as waiting:
        film.find(".links button").get_by_text("Save picture", exact=True).click()
    return waiting.value.suggested_filename, iio.imread(BytesIO(Path(waiting.value.path()).read_bytes()))[..., :3]


def test_it_is_the_view_at_twice_the_pixels_and_follows_the_state(open_page: Open) -> None:
    film = open_page("full", accept_downloads=True)
    film.call("seek", 24)
    name, last = saved(film)
    assert name == "full-24.png"
    frame, time = film.find(".page").bounding_box(), film.find(".time").bounding_box()
    height, width, _ = last.shape
    assert width == 2 * round(frame["width"])
    assert abs(height - 2 * (time["y"] + time["height"] - frame["y"] + 20)) < 4
    box = film.find(".view.plane").bounding_box()
    left, top = (int(2 * (box[side] - frame[side])) for side in "xy")
    plane = last[top : top + int(2 * box["height"]), left : left + int(2 * box["width"])]
    assert len(np.unique(plane.reshape(-1, 3), axis=0)) > 500  # the field of both classes, not an empty place
    film.call("seek", 0)
    name, first = saved(film)
    assert name == "full-0.png"
    assert np.abs(first.astype(int) - last).max() > 60
    assert film.errors == []


def test_it_has_no_controls(open_page: Open) -> None:
    film = open_page("full", accept_downloads=True)
    shown = film.page.evaluate(
        """() => new Promise((resolve) => {
          const before = HTMLImageElement.prototype.decode;
          HTMLImageElement.prototype.decode = function () {
            resolve(decodeURIComponent(this.src));
            return before.call(this);
          };
          const buttons = [...document.querySelector("backprop-anim").shadowRoot.querySelectorAll(".links button")];
          buttons.find((button) => button.textContent === "Save picture").click();
        })"""
    )
    assert "Two kinds" in shown
    assert "Train from here" not in shown
    assert "<button" not in shown
