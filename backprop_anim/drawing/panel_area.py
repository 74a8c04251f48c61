"""The place on which one panel stands: its rectangle, theme, run and figure, and what it may put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from backprop_anim.drawing.changing_text import Align, ChangingText
from backprop_anim.drawing.fonts import FontSet
from backprop_anim.drawing.formulas import FormulaText, as_mathtext, as_plain, has_formula, measure_words, mixed_font
from backprop_anim.drawing.layout import Rect
from backprop_anim.drawing.reveal import Reveal
from backprop_anim.drawing.text_fitting import truncate_text
from backprop_anim.experiment import Theme
from backprop_anim.story import Moment
from backprop_anim.training import Recording

__all__ = ["LABEL_SIZE", "PanelArea", "SharedAxes"]

LABEL_SIZE = 16.0


@dataclass(frozen=True)
class SharedAxes:
    """What a panel knows of the others that stand beside it with the same axes, of which it is one tile.

    Attributes
    ----------
    recordings : tuple of Recording
        Those of all tiles in the same order for each: the axes hold what any of them needs.
    color : str
        Tells the run of this tile from the others.
    left, below : bool
        Whether this tile writes the numbers of y and of x for those beside and above it.
    key : Rect, optional
        Where the key and the name of y stand, for the one tile that writes them.
    """

    recordings: tuple[Recording, ...]
    color: str
    left: bool = True
    below: bool = True
    key: Rect | None = None


@dataclass
class PanelArea:
    """What a panel is given to build itself on.

    Sizes and places are in points of a frame whose shorter side has 720, so that a panel looks the same in every video
    size; a small frame has fewer. The figure's dpi does the scaling.

    Attributes
    ----------
    figure : Figure
    rect : Rect
        The panel's own part of the frame.
    theme : Theme
    fonts : FontSet
    recording : Recording
    moments : tuple of Moment
        Every moment of the film, so that its numbers can be found in one go.
    animated : list of Artist
        What is drawn anew in every frame, in this order.
    reveals : list of Reveal
        Layers that are drawn once and uncovered bit by bit.
    shared : SharedAxes, optional
        Where the panel is one of several tiles.
    ruler : RendererAgg, optional
        What measures words, where that is not what draws them: as wide as in a frame of other pixels.
    """

    figure: Figure
    rect: Rect
    theme: Theme
    fonts: FontSet
    recording: Recording
    moments: tuple[Moment, ...]
    animated: list[Artist] = field(default_factory=list)
    reveals: list[Reveal] = field(default_factory=list)
    shared: SharedAxes | None = None
    ruler: RendererAgg | None = None

    @property
    def recordings_on_axes(self) -> tuple[Recording, ...]:
        """The recordings that the panel's axes must have room for."""
        return self.shared.recordings if self.shared else (self.recording,)

    @property
    def scale(self) -> float:
        """Pixels in a point."""
        return self.figure.dpi / 72

    def animate(self, *artists: Artist) -> None:
        """Take `artists` out of the static picture and draw them anew in every frame."""
        for artist in artists:
            artist.set_animated(True)
            self.animated.append(artist)

    def reveal(self, *artists: Artist) -> Callable[[float], None]:
        """Draw `artists` once; return the function that uncovers them from the left up to a pixel column."""
        layer = Reveal(artists)
        for artist in artists:
            artist.set_animated(True)
        self.reveals.append(layer)
        self.animated.append(layer)
        return layer.uncover_to

    def axes(self, rect: Rect | None = None) -> Axes:
        """Return bare axes that fill `rect` (the whole panel by default) and draw nothing of their own."""
        rect = rect or self.rect
        width, height = self.figure.get_size_inches() * 72
        axes = self.figure.add_axes(
            (rect.left / width, rect.bottom / height, rect.width / width, rect.height / height), frameon=False
        )
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_autoscale_on(False)
        return axes

    def canvas_axes(self, rect: Rect | None = None) -> Axes:
        """Return axes whose data are points from the lower left corner of the frame, for diagrams."""
        rect = rect or self.rect
        axes = self.axes(rect)
        axes.set_xlim(rect.left, rect.right)
        axes.set_ylim(rect.bottom, rect.top)
        return axes

    def text(
        self,
        x: float,
        y: float,
        content: str,
        size: float = LABEL_SIZE,
        color: str | None = None,
        weight: str = "regular",
        italic: bool = False,
        **options: Any,
    ) -> Text:
        """Write text that never changes, at a point of the frame."""
        width, height = self.figure.get_size_inches() * 72
        options |= {"fontproperties": self.fonts.properties(size, weight, italic), "color": color or self.theme.muted}
        if not has_formula(content):
            return self.figure.text(x / width, y / height, as_plain(content), parse_math=False, **options)
        options["fontproperties"] = mixed_font(content, options["fontproperties"])
        text = FormulaText(x / width, y / height, as_mathtext(content), **options)
        self.figure.add_artist(text)
        return text

    def changing_text(
        self,
        x: float,
        y: float,
        size: float = LABEL_SIZE,
        color: str | None = None,
        weight: str = "regular",
        align: Align = "left",
    ) -> ChangingText:
        """Return text for every frame anew, with its baseline at a point of the frame."""
        properties = self.fonts.properties(size, weight)
        text = ChangingText(
            x * self.scale, y * self.scale, properties, color or self.theme.muted, self.figure.dpi, align
        )
        self.figure.add_artist(text)
        self.animate(text)
        return text

    def truncate_text(self, content: str, width: float, size: float = LABEL_SIZE, weight: str = "regular") -> str:
        """Return `content`, or as much of its start as takes at most `width` points, and an ellipsis."""
        return truncate_text(content, lambda part: self.text_width(part, size, weight) <= width)

    def text_width(self, content: str, size: float, weight: str = "regular") -> float:
        """Return how wide a text would be, in points."""
        ruler: RendererAgg = self.ruler or self.figure.canvas.get_renderer()  # type: ignore[attr-defined]
        return measure_words(ruler, content, self.fonts.properties(size, weight))[0] * 72 / float(ruler.dpi)
