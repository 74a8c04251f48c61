"""What a panel is, and the table of all panels; nothing here draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from backprop_anim.common import Registry

if TYPE_CHECKING:  # what draws imports matplotlib; naming the panels must not
    from collections.abc import Callable

    from backprop_anim.drawing import PanelArea
    from backprop_anim.experiment import Experiment
    from backprop_anim.story import Moment

__all__ = ["Panel", "panels"]


class Panel(Protocol):
    """One view of the run: a frozen dataclass whose fields are its options.

    A panel creates its artists once, in `create_artists`, and then only sets their data: what never changes is
    drawn a single time, and what changes is handed to `PanelArea.animate`.

    Attributes
    ----------
    stretch : float
        The panel's share of the height of a column.
    shows_numbers : bool
        Whether it shows numbers of one state, sample or step that are to be read: then every state stays for a while.
    """

    stretch: ClassVar[float]
    shows_numbers: ClassVar[bool] = False

    def unsupported_reason(self, experiment: Experiment) -> str | None:
        """Return why the panel cannot show this experiment, or None where it can."""
        ...

    def create_artists(self, stage: PanelArea) -> Callable[[Moment], None]:
        """Create the artists on `stage` and return the function that brings them to a moment."""
        ...


panels: Registry[Panel] = Registry("panel")
"""Every panel, by the word that stands in ``video.panels``."""
