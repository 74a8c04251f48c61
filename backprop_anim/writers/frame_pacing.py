"""Which frames of a film a slower or smaller format shows, and for how long; it holds no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from backprop_anim.writers.formats import FilmSpec

__all__ = ["FramePacing", "fitted_size", "pace_frames"]


@dataclass(frozen=True)
class FramePacing:
    """A film seen at another rate, with its length kept.

    Attributes
    ----------
    rate : Fraction
        Frames a second.
    picks : tuple of int
        The frames of the film that are shown, in order. The last is the film's last, whatever the rate.
    last_s : Fraction
        How long the last frame is shown: what is left of the film's length, from 1/rate to 2/rate.
    """

    rate: Fraction
    picks: tuple[int, ...]
    last_s: Fraction

    @property
    def length_s(self) -> Fraction:
        """How long the film is."""
        return (len(self.picks) - 1) / self.rate + self.last_s


def pace_frames(film: FilmSpec, rate: Fraction) -> FramePacing:
    """Return what is shown of `film` at `rate` frames a second, which is at most the film's own rate."""
    length_s = Fraction(film.n_frames, film.fps)
    n_shown = max(1, int(length_s * rate))
    before_last = (int(k * film.fps / rate) for k in range(n_shown - 1))
    return FramePacing(rate, (*before_last, film.n_frames - 1), length_s - (n_shown - 1) / rate)


def fitted_size(width_px: int, height_px: int, max_width_px: int) -> tuple[int, int]:
    """Return the size made smaller, with its aspect kept, if it is wider than `max_width_px`."""
    if width_px <= max_width_px:
        return width_px, height_px
    return max_width_px, max(1, round(height_px * max_width_px / width_px))
