"""A curve from an SVG: what is drawn is what a browser shows, and no file can do harm."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from backprop_anim.config import load_experiment
from backprop_anim.config.examples import examples_folder
from backprop_anim.tasks import Dataset, TaskError, files_of
from backprop_anim.tasks.curves import CurveTask

RNG = np.random.default_rng(0)
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    return tmp_path / "drawing.svg"


def drawn(path: Path, body: str, points: int = 8, *, scale: bool = False) -> Dataset:
    path.write_text(f"{OPEN}{body}</svg>", encoding="utf-8")
    return CurveTask(file=str(path), points=points, scale=scale).build(RNG)


def upright(*places: tuple[float, float]) -> NDArray[np.float64]:
    """Return places of the SVG, y downwards, as the curve has them."""
    return np.array(places) * (1, -1)


SQUARE = upright((0, 0), (2, 0), (4, 0), (4, 2), (4, 4), (2, 4), (0, 4), (0, 2))


@pytest.mark.parametrize(
    "body",
    [
        '<rect width="4" height="4px"/>',
        '<rect width="4" height="4" rx="0" ry="3"/>',
        '<path d="M0,0h4v4h-4z"/>',
        '<path d="m0 0 4 0 0 4-4 0Z"/>',
        '<polygon points="0,0 4,0 4,4 0,4"/>',
        '<polyline points="0,0 4,0 4,4 0,4 0 0"/>',
        '<path d="M0 0C1 0 3 0 4 0L4,4Q2 4 0 4Z"/>',
        '<g transform="translate(4)"><path transform="rotate(90)" d="M0 0h4v4h-4z"/></g>',
    ],
    ids=lambda body: body[1:20],
)
def test_samples_lie_at_equal_distances_along_it(body: str, drawing: Path) -> None:
    found = drawn(drawing, body).targets
    turn = np.argmin(np.abs(found - SQUARE[0]).sum(axis=1))
    if "ry" in body:  # corners of an ellipse
        assert np.ptp(found, axis=0) == pytest.approx([4, 4], abs=0.1)
        return
    np.testing.assert_allclose(np.roll(found, -turn, axis=0), SQUARE, atol=1e-9)


@pytest.mark.parametrize(
    "body",
    [
        '<circle cx="5" cy="3" r="2"/>',
        '<ellipse cx="5" cy="3" rx="2" ry="2"/>',
        '<path d="M7 3A2 2 0 0 1\n3 3A2 2 0 0 1 7 3"/>',
        '<rect x="3" y="1" width="4" height="4" rx="9"/>',
        '<circle r="1" transform="matrix(2 0 0 2 5 3)"/>',
        '<circle r="2" cx="1" transform="scale(1,-1) translate(4 -3)"/>',
    ],
    ids=lambda body: body[1:20],
)
def test_arcs_are_round(body: str, drawing: Path) -> None:
    x, y = (drawn(drawing, body, 90).targets - upright((5, 3))).T
    np.testing.assert_allclose(np.hypot(x, y), 2, atol=1e-3)
    steps = np.abs(np.diff(x + 1j * y))
    assert steps.max() < 1.01 * steps.min()


def test_beziers_are_those_of_the_formula(drawing: Path) -> None:
    t = np.linspace(0, 1, 100_001)[:, np.newaxis]
    corners = upright((0, 0), (1, 5), (6, -3), (7, 2))
    exact = sum(
        count * t**k * (1 - t) ** (3 - k) * corner
        for k, (count, corner) in enumerate(zip((1, 3, 3, 1), corners, strict=True))
    )
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(exact, axis=0).T))])
    wanted = [np.interp(np.arange(7) / 7 * length[-1], length, exact[:, k]) for k in (0, 1)]
    np.testing.assert_allclose(drawn(drawing, '<path d="M0 0C1 5 6-3 7 2"/>', 7).targets.T, wanted, atol=5e-3)


def test_it_is_scaled_as_the_built_in_curves_are(drawing: Path) -> None:
    found = drawn(drawing, '<rect x="300" y="100" width="40" height="20"/>', 12, scale=True).targets
    assert (found.min(axis=0).tolist(), found.max(axis=0).tolist()) == (
        pytest.approx([0.1, 0.3]),
        pytest.approx([0.9, 0.7]),
    )


def test_y_goes_upwards(drawing: Path) -> None:
    assert np.diff(drawn(drawing, '<path d="M0 0V-9"/>', scale=True).targets[:, 1]).min() > 0


@pytest.mark.parametrize(
    "hidden",
    [
        '<defs><path d="M0 0h99"/></defs>',
        '<clipPath><rect width="99" height="99"/></clipPath>',
        '<symbol><path d="M0 0h99"/></symbol>',
        '<g display="none"><path d="M0 0h99"/></g>',
        '<path style="fill: none; stroke: none" d="M0 0h99"/>',
        '<g fill="none"><path d="M0 0h99"/></g>',
        "<text>M0 0h99</text>",
    ],
)
def test_what_is_not_seen_is_not_drawn(hidden: str, drawing: Path) -> None:
    dataset = drawn(drawing, f'{hidden}<path d="M0 0h8"/>')
    assert dataset.targets.max() == 7
    assert dataset.notes == ()


def test_what_only_a_style_sheet_paints_is_drawn_all_the_same(drawing: Path) -> None:
    assert drawn(drawing, '<path class="line" fill="none" d="M0 0h8"/>').targets.max() == 7


def test_a_use_shows_what_it_names(drawing: Path) -> None:
    body = '<defs><g id="a"><path d="M0 0h4"/></g></defs><use xlink:href="#a" x="1" y="2" transform="scale(2)"/>'
    np.testing.assert_allclose(drawn(drawing, body, 4).targets, upright((2, 4), (4, 4), (6, 4), (8, 4)))


def test_the_longest_path_is_taken_and_its_parts_are_joined(drawing: Path) -> None:
    # 4 along, 3 of a part that is turned round, and a closed one of 12 from the corner that is nearest to the pen
    body = '<path d="M0 0h9"/><path d="M0 0h4M23 3H20V0H23ZM8 0h-3"/><text/>'
    dataset = drawn(drawing, body, 19)
    flat = [(x, 0) for x in (0, 1, 2, 3, 6, 7)]
    np.testing.assert_allclose(dataset.targets[[0, 1, 2, 3, 5, 6]], upright(*flat), atol=1e-9)
    square = [(21, 0), (22, 0), (23, 0), (23, 1), (23, 2), (23, 3), (22, 3), (21, 3), (20, 3), (20, 2), (20, 1)]
    np.testing.assert_allclose(dataset.targets[8:], upright(*square), atol=1e-9)
    assert dataset.notes == (
        "drawing.svg: the longest of 2 paths is drawn, its 3 parts are joined by the shortest jumps",
    )


def tenfold(outer: str, inner: str) -> str:
    """Return 29 levels, each of which shows the one below ten times."""
    return "".join(outer.format(k, inner.format(k - 1) * 10) for k in range(1, 30))


BOMB = tenfold('<!ENTITY l{} "{}">', "&l{};")
USES = tenfold('<g id="u{}">{}</g>', '<use href="#u{}"/>')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not an SVG: no element found"),
        ("M0 0h9", "is not an SVG: syntax error"),
        ("<html/>", "is not an SVG: it begins with <html>"),
        (f"{OPEN}<path d='M0 0h1'/>", "is not an SVG"),
        (f"{OPEN}<path d='M0 0h1'/>&nbsp;</svg>", "is not an SVG: undefined entity"),
        (f'<!DOCTYPE svg [<!ENTITY l0 "lol">{BOMB}]>{OPEN}&l29;</svg>', "declares the entity 'l0'"),
        (f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>{OPEN}&a;</svg>', "declares the entity 'a'"),
        (f'<!DOCTYPE svg [<!ENTITY % a "b">]>{OPEN}</svg>', "declares the entity 'a'"),
        (f"{OPEN}{'<g>' * 100}{'</g>' * 100}</svg>", "more than 100 deep"),
        (f"{OPEN}{'<g/>' * 20_000}</svg>", "more than 20,000 elements"),
        (f"{OPEN}<path d='M0 0{'h1' * 20_001}'/></svg>", "more than 20,000 segments"),
        (f"{OPEN}<path d='{'M0 0h1' * 201}'/></svg>", "201 parts; at most 200"),
        (f"{OPEN}{USES}<path id='u0' d='M0 0h1'/></svg>", "show each other too often"),
        (f"{OPEN}<use id='a' href='#a'/></svg>", "show each other too often"),
        (f"{OPEN}<text>no</text></svg>", "no path is shown; allowed are path, line"),
        (f"{OPEN}<path d='M1 1'/></svg>", "have no length"),
        (f"{OPEN}<path d='M1 1h0z'/><circle/></svg>", "have no length"),
        (f"{OPEN}<path d='M0 0h1e999'/></svg>", "too large"),
        (f"{OPEN}<path d='M0 0h1' transform='scale(1e308)scale(1e308)'/></svg>", "too large"),
        (f"{OPEN}<path d='M0 0L1'/></svg>", "a <path> cannot be read: 'M0 0L1'"),
        (f"{OPEN}<path d='M0 0a1 1 0 0'/></svg>", "a <path> cannot be read"),
        (f"{OPEN}<path d='L1 1'/></svg>", "a <path> cannot be read"),
        (f"{OPEN}<circle r='50%'/></svg>", "r='50%' cannot be read"),
        (f"{OPEN}<circle r='nan'/></svg>", "r='nan' cannot be read"),
        (f"{OPEN}<circle r='{'1' * 3_000_000}x'/></svg>", "cannot be read"),
        (f"{OPEN}<circle r='1' transform='spin(3)'/></svg>", "transform spin with 1 numbers is unknown"),
        (f"{OPEN}<circle r='1' transform='rotate(3 4)'/></svg>", "transform rotate with 2 numbers"),
        (f"{OPEN}<circle r='1' transform='rotate(__import__)'/></svg>", "cannot be read; allowed are matrix"),
        (f"{OPEN}<circle r='1' transform='{'(' * 3_000_000}'/></svg>", "cannot be read; allowed are matrix"),
        (" " * 4_000_001, "has 4,000,001 bytes; at most 4,000,000"),
    ],
    ids=range(30),
)
def test_what_is_no_drawing_is_refused_soon_and_in_one_sentence(text: str, words: str, drawing: Path) -> None:
    drawing.write_text(text, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(TaskError) as caught:
        CurveTask(file=str(drawing)).build(RNG)
    assert time.process_time() - began < 5
    assert words in str(caught.value)
    assert str(caught.value).startswith("drawing.svg")
    assert len(str(caught.value)) < 200
    assert caught.value.option == "file"


def test_a_document_type_alone_is_no_harm(drawing: Path) -> None:
    kind = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    drawing.write_text(f"{kind}{OPEN}<path d='M0 0h1'/></svg>", encoding="utf-16")
    assert CurveTask(file=str(drawing)).build(RNG).n_samples == 100


@pytest.mark.parametrize("name", ["nothing.svg", "."])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"does not exist|is not a file"):
        CurveTask(file=str(tmp_path / name)).build(RNG)


@pytest.mark.parametrize("name", ["cat", "clef"])
def test_our_own_drawings_are_one_stroke(name: str) -> None:
    experiment = load_experiment(examples_folder() / f"{name}.yaml")
    assert files_of(experiment.task)["file"].suffix == ".svg"
    assert experiment.dataset.notes == ()
    assert experiment.dataset.shown_range is None
