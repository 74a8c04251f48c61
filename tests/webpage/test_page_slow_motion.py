"""A page that plays tells the steps which the film has in slow motion, and then goes on."""

from __future__ import annotations

import pytest
from browser_page import TEXTS, Open, recorded

from backprop_anim.webpage import make_page

pytestmark = pytest.mark.browser

WATCH = """(limit) => new Promise((resolve) => {
  const element = document.querySelector("backprop-anim");
  const seen = [];
  element.addEventListener("change", ({ detail }) => {
    const place = `${detail.step} ${detail.phase}`;
    if (seen.at(-1) !== place) seen.push(place);
    if (detail.step >= limit) resolve(seen);
  });
  element.play();
})"""


@pytest.mark.parametrize("step", [0, 9])
def test_it_tells_the_step_phase_by_phase(open_html: Open, step: int) -> None:
    film = open_html(make_page(recorded(TEXTS["full"] + f"video: {{slow_motion: [{{step: {step}}}]}}\n")).html)
    film.call("get", "seed")
    film.page.clock.install()
    film.page.evaluate("(limit) => { window.seen = (" + WATCH + ")(limit); }", 24)
    for _ in range(160):
        film.page.clock.run_for(100)
    seen = film.page.evaluate("window.seen")
    assert [place for place in seen if not place.endswith("none")] == [
        f"{step} {phase}" for phase in ("forward", "loss", "backward", "update")
    ]
    assert seen[-1] == "24 none"
