"""Text that changes from frame to frame looks like other text, and does not shake."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from numpy.typing import NDArray

from backprop_anim.drawing.changing_text import ChangingText
from backprop_anim.drawing.fonts import FontSet

WIDTH, HEIGHT, DPI = 400, 80, 100.0


def text_at(x: float = 50, align: str = "left", size: float = 20, weight: str = "regular") -> ChangingText:
    properties = FontSet().properties(size, weight)
    return ChangingText(x, 30, properties, "#d81b60", DPI, align)  # type: ignore[arg-type]


def drawn(text: ChangingText, content: str, opacity: float = 1.0) -> NDArray[np.uint8]:
    renderer = RendererAgg(WIDTH, HEIGHT, DPI)
    text.set_content(content, opacity)
    text.draw(renderer)
    return np.asarray(renderer.buffer_rgba()).copy()


def columns(pixels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The columns that have ink."""
    return np.flatnonzero((pixels[..., 3] > 60).any(axis=0))


def usual(content: str, x: float, size: float = 20) -> NDArray[np.uint8]:
    """The same text as matplotlib draws it."""
    renderer = RendererAgg(WIDTH, HEIGHT, DPI)
    gc = renderer.new_gc()
    gc.set_foreground("#d81b60")
    renderer.draw_text(gc, x, HEIGHT - 30, content, FontSet().properties(size), 0.0)
    return np.asarray(renderer.buffer_rgba()).copy()


@pytest.mark.parametrize("content", ["learning", "step  ·  loss", "→ Å ∞"])
def test_it_is_drawn_like_any_text(content: str) -> None:
    ours, theirs = drawn(text_at(), content), usual(content, 50)
    assert np.abs(ours[..., 3].astype(int) - theirs[..., 3]).max() <= 2
    inked = ours[..., 3] > 250
    assert (ours[inked, :3] == (0xD8, 0x1B, 0x60)).all()


def test_all_digits_take_the_same_room() -> None:
    text = text_at()
    ends = {columns(drawn(text, f"{digit * 3}|")).max() for digit in "0123456789"}
    assert len(ends) == 1


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_what_does_not_change_does_not_move(align: str, weight: str) -> None:
    """Between two numbers of as many digits, only the pixels of the changed digit differ."""
    text = text_at(200, align, weight=weight)
    one, other = drawn(text, "1,204 steps"), drawn(text, "1,207 steps")
    changed = np.flatnonzero((one != other).any(axis=(0, 2)))
    assert 0 < changed.max() - changed.min() < 20


def test_alignment_puts_the_end_at_its_place() -> None:
    assert columns(drawn(text_at(200, "right"), "1,234")).max() == pytest.approx(200, abs=3)
    assert columns(drawn(text_at(200, "left"), "1,234")).min() == pytest.approx(200, abs=3)
    centred = columns(drawn(text_at(200, "center"), "1,234"))
    assert (centred.min() + centred.max()) / 2 == pytest.approx(200, abs=3)


@pytest.mark.parametrize("content", ["1,234", "step · loss 0.0021", "gypsum"])
def test_its_box_holds_its_ink(content: str) -> None:
    text = text_at(200, "center")
    pixels = drawn(text, content)
    box, inked = text.get_window_extent(), columns(pixels)
    rows = HEIGHT - 1 - np.flatnonzero((pixels[..., 3] > 60).any(axis=1))
    assert box.x0 - 2 <= inked.min() <= inked.max() <= box.x1 + 2
    assert box.y0 - 2 <= rows.min() <= rows.max() <= box.y1 + 2
    assert box.width < inked.max() - inked.min() + 10


def test_half_shown_text_is_half_as_opaque() -> None:
    text = text_at()
    whole, half = drawn(text, "fading"), drawn(text, "fading", 0.5)
    assert half[..., 3].max() == pytest.approx(whole[..., 3].max() / 2, abs=1)
    assert not drawn(text, "fading", 0.0)[..., 3].any()
    assert not drawn(text, "")[..., 3].any()


def test_words_are_cut_off_at_the_frame_and_nowhere_else() -> None:
    assert drawn(text_at(WIDTH - 10), "beyond the edge")[..., 3].any()
    assert drawn(text_at(-30), "beyond the edge")[..., 3].any()
