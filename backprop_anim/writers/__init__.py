"""Takes the frames of a film as pixels and leaves finished files; it knows nothing of what the frames show."""

from __future__ import annotations

from backprop_anim.registry import import_modules
from backprop_anim.writers.formats import Film, Format, Pixels, Quality, Writer, formats
from backprop_anim.writers.lanes import Writers, open_writers
from backprop_anim.writers.staging import Staging

__all__ = ["Film", "Format", "Pixels", "Quality", "Staging", "Writer", "Writers", "formats", "open_writers"]

import_modules(__name__)
