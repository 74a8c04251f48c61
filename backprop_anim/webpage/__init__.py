"""A recording as one page of HTML that plays it, tells its steps and trains on; it knows nothing of film frames."""

from __future__ import annotations

from backprop_anim.webpage.document import Page, make_page
from backprop_anim.webpage.page_fonts import font_faces

__all__ = ["Page", "font_faces", "make_page"]
