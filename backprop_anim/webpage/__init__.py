"""A recording as one page of HTML that plays it, tells its steps and trains on; it knows nothing of film frames."""

from __future__ import annotations

from backprop_anim.webpage.document import Page, make_page

__all__ = ["Page", "make_page"]
