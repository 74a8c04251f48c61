"""The script of a gallery's page: short, and it plays a film when somebody looks at it; by a stand-in for the page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
from gallery_pages import SCRIPT, STYLE


def test_the_script_is_short_and_asks_about_motion() -> None:
    assert len(SCRIPT.splitlines()) < 40
    assert "prefers-reduced-motion: reduce" in SCRIPT
    assert "</" not in SCRIPT
    assert "<" not in STYLE
    assert not re.search(r"innerHTML|eval|document\.write|setTimeout|setInterval|fetch|import", SCRIPT)


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
