"""What shows finished runs elsewhere: the gallery and the snippets for a post; it makes no run."""

from __future__ import annotations

from backprop_anim.publish.embed import snippets
from backprop_anim.publish.gallery import check_gallery_path, write_gallery

__all__ = ["check_gallery_path", "snippets", "write_gallery"]
