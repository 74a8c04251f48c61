"""What a panel draws anew only when the network has changed; it draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_anim.engine import Array
    from backprop_anim.story import Moment
    from backprop_anim.training import Recording

__all__ = ["on_new_state"]


def on_new_state(recording: Recording, use: Callable[[Array], None]) -> Callable[[Moment], None]:
    """Return what gives `use` the parameters of a moment, (P,), where they are others than those of the one before."""
    from backprop_anim.story import picture_key, shown_state

    shown: tuple[int, float] | None = None

    def show(moment: Moment) -> None:
        nonlocal shown
        state = picture_key(moment)
        if state != shown:
            shown = state
            use(shown_state(recording, moment))

    return show
