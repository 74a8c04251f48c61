"""What the tests of several panels look at."""

from __future__ import annotations

from matplotlib.colors import to_rgb
from small_runs import DrawnFilm

from backprop_anim.drawing.text_rows import TextLine, TextRows
from backprop_anim.experiment.themes import themes

THEMES = list(themes)


def stays_inside(film: DrawnFilm, panel: str, slack: float = 2.0) -> bool:
    """Whether every pixel that is drawn, now and in the whole film, is in the panel's rectangle or the header."""
    stage = film.stage(panel)
    height, rect, scale = film.canvas.pixels.shape[0], stage.rect, stage.scale
    ground = [round(255 * part) for part in to_rgb(stage.theme.background)]
    rows = slice(max(0, int(height - (rect.top + slack) * scale)), int(height - (rect.bottom - slack) * scale) + 1)
    columns = slice(int((rect.left - slack) * scale), int((rect.right + slack) * scale) + 1)
    header = int((film.stage("header").rect.height - slack) * scale)
    frames = [frame for frame in film.some_frames() if not (film.moments[frame].card or film.moments[frame].caption)]
    assert frames
    for frame in frames[::2]:
        drawn = (film.draw(frame)[..., :3] != ground).any(axis=-1)
        assert drawn[rows, columns].any()
        drawn[rows, columns] = False
        if drawn[header:].any():
            return False
    return True


def alone(panel: str, size: str = "640x360", theme: str = "light") -> tuple[str, ...]:
    """The settings of a film of one panel, without words at its foot."""
    shape = f"[[{panel}]]"
    return f"video.panels={shape}", f"video.size={size}", f"video.theme={theme}", "video.milestones=false"


def rows_of(film: DrawnFilm, panel: str) -> list[TextRows]:
    """The animated rows of a panel, in the order in which they are drawn."""
    return film.animated(panel, TextRows)


def still_words(film: DrawnFilm) -> list[str]:
    """The words of rows that are part of the static picture."""
    found = film.canvas.figure.findobj(TextRows)
    return [word for rows in found if not rows.get_animated() for word in rows.contents if word]


def places(*names: str) -> list[tuple[str, str]]:
    """Every run in a wide frame, and the first two in a high one."""
    return [(name, "640x360") for name in names] + [(name, "360x640") for name in names[:2]]


def ends_of(rows: TextRows, line: TextLine) -> list[tuple[float, float]]:
    """Both ends of every word of a line, in points."""
    ends = []
    for part in line.parts:
        width = rows.width(part.content, line.weight)
        left = part.x - {"left": 0.0, "center": width / 2, "right": width}[part.align]
        ends.append((left, left + width))
    return ends


def narrow(panel: str) -> tuple[str, ...]:
    """The settings of a film in which the panel has a third of the width."""
    return f"video.panels=[[{panel}, loss, network]]", "video.size=540x540", "video.milestones=false"
