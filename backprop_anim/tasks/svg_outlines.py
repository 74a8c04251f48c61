"""The outlines in an SVG's tree, as points close along them; which of them is drawn is not decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backprop_anim.tasks.dataset import TaskError
from backprop_anim.tasks.svg_document import MAX_DEPTH, MAX_ELEMENTS, local_name
from backprop_anim.tasks.svg_transforms import UNMOVED, Matrix, svg_number, transform_matrix

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Outline", "SubPath", "outlines"]

SubPath: TypeAlias = NDArray[np.complex128]
"""Points along one stroke of the pen, x + iy with y downwards; a closed one ends where it begins."""

MAX_SEGMENTS = 20_000

PIECES = 32
"""So many straight pieces stand for a Bézier curve: their length is right to one part in ten thousand."""

NOT_DRAWN = frozenset(("defs", "symbol", "clipPath", "mask", "marker", "pattern"))
"""What stands inside is shown only where something else refers to it."""

USUAL_PAINT = (("fill", "black"), ("stroke", "none"))


@dataclass(frozen=True, eq=False)
class Outline:
    """One path or basic shape, where it stands in the picture.

    Attributes
    ----------
    parts : list of ndarray, each of shape (n,)
        Its sub-paths.
    is_seen : bool
        Whether it has a fill or a stroke, as far as attributes say.
    """

    parts: list[SubPath]
    is_seen: bool

    @property
    def length(self) -> float:
        """How long its strokes are together."""
        return sum(float(np.abs(np.diff(part)).sum()) for part in self.parts)


def outlines(root: Element) -> list[Outline]:
    """Return every outline that the picture shows.

    Raises
    ------
    TaskError
        If a path cannot be read, or there is more of it than a drawing needs.
    """
    return list(_Walk(root).through(root, UNMOVED, {}, 0))


class _Walk:
    """Goes through the elements as they are drawn, with what each inherits."""

    def __init__(self, root: Element) -> None:
        self.by_id = {f"#{element.attrib['id']}": element for element in root.iter() if "id" in element.attrib}
        self.n_visited = self.n_segments = 0

    def through(
        self, element: Element, around: Matrix, inherited: Mapping[str, str], depth: int, *, named: bool = False
    ) -> Iterator[Outline]:
        """Give the outlines of an element and of all inside; `named` is one that another shows."""
        self.n_visited += 1
        if self.n_visited > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise TaskError("its <use> elements show each other too often", "file")
        tag, paint = local_name(element), {**inherited, **_paint(element)}
        if (tag in NOT_DRAWN and not named) or paint.get("display") == "none":
            return
        matrix = around @ transform_matrix(element.get("transform", ""))
        if tag == "use":
            yield from self._shown(element, matrix, paint, depth)
        elif data := _path_data(tag, element):
            pen = _Pen(MAX_SEGMENTS - self.n_segments)
            _draw(data, pen, tag)
            self.n_segments += pen.n_segments
            parts = [_moved(part, matrix) for part in pen.strokes()]
            yield Outline(parts, any(paint.get(kind, usual) != "none" for kind, usual in USUAL_PAINT))
        for child in element:
            yield from self.through(child, matrix, paint, depth + 1)

    def _shown(self, element: Element, matrix: Matrix, paint: Mapping[str, str], depth: int) -> Iterator[Outline]:
        target = self.by_id.get(element.get("href", element.get("http://www.w3.org/1999/xlink}href", "")))
        if target is not None:
            place = np.eye(3)
            place[:2, 2] = svg_number(element, "x"), svg_number(element, "y")
            yield from self.through(target, matrix @ place, paint, depth + 1, named=True)


def _paint(element: Element) -> dict[str, str]:
    """Return what an element says of how it is painted."""
    rules = (rule.partition(":") for rule in element.get("style", "").split(";"))
    said = {name.strip(): word for name, _, word in rules}
    found = {kind: said.get(kind, element.get(kind, "")).strip() for kind in ("fill", "stroke", "display")}
    return {kind: word for kind, word in found.items() if word}


def _moved(part: SubPath, matrix: Matrix) -> SubPath:
    x, y, _ = matrix @ np.stack([part.real, part.imag, np.ones(len(part))])
    moved: SubPath = x + 1j * y
    return moved


def _path_data(tag: str, element: Element) -> str:
    """Return the commands of a path, or those that draw a basic shape; empty for all else."""

    def number(name: str) -> float:
        return svg_number(element, name)

    match tag:
        case "path":
            return element.get("d", "")
        case "line":
            return f"M{number('x1')} {number('y1')}L{number('x2')} {number('y2')}"
        case "polyline" | "polygon":
            points = element.get("points", "")
            return f"M{points}{'Z' if tag == 'polygon' else ''}" if points.strip() else ""
        case "circle" | "ellipse":
            rx, ry = (number("r"), number("r")) if tag == "circle" else (number("rx"), number("ry"))
            return _ellipse(number("cx"), number("cy"), rx, ry)
        case "rect":
            rx = number("rx") or number("ry")
            return _rectangle(number("x"), number("y"), number("width"), number("height"), rx, number("ry") or rx)
        case _:
            return ""


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    return f"M{cx + rx} {cy}A{rx} {ry} 0 0 1 {cx - rx} {cy}A{rx} {ry} 0 0 1 {cx + rx} {cy}Z"


def _rectangle(x: float, y: float, width: float, height: float, rx: float, ry: float) -> str:
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if not rx or not ry:
        return f"M{x} {y}h{width}v{height}h{-width}Z"
    arcs = [f"a{rx} {ry} 0 0 1 {dx} {dy}" for dx, dy in ((rx, ry), (-rx, ry), (-rx, -ry), (rx, -ry))]
    sides = [f"h{width - 2 * rx}", f"v{height - 2 * ry}", f"h{2 * rx - width}", f"v{2 * ry - height}"]
    return f"M{x + rx} {y}" + "".join(f"{side}{arc}" for side, arc in zip(sides, arcs, strict=True)) + "Z"


def _draw(data: str, pen: _Pen, tag: str) -> None:
    from fontTools.svgLib import parse_path

    try:
        parse_path(" ".join(data.split()), pen)
    except TaskError:
        raise
    except (ValueError, IndexError, ArithmeticError, TypeError):
        raise TaskError(f"a <{tag}> cannot be read: {data[:60]!r}", "file") from None


@dataclass
class _Pen:
    """What fontTools draws a path with: keeps the corners of every piece, as complex numbers."""

    most_segments: int
    n_segments: int = 0
    pieces: list[list[tuple[complex, ...]]] = field(default_factory=list)

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.pieces.append([(complex(*point),)])

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.curveTo(point)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.n_segments += 1
        if self.n_segments > self.most_segments:
            raise TaskError(f"its paths have more than {MAX_SEGMENTS:,} segments", "file")
        self.pieces[-1].append(tuple(complex(*point) for point in points))

    qCurveTo = curveTo  # noqa: N815

    def closePath(self) -> None:  # noqa: N802
        pass

    def endPath(self) -> None:  # noqa: N802
        pass

    def strokes(self) -> list[SubPath]:
        """Return the points along each sub-path; a lone point is none."""
        return [_points(pieces) for pieces in self.pieces if len(pieces) > 1]


def _points(pieces: list[tuple[complex, ...]]) -> SubPath:
    """Return the points along the pieces, each from the end of the one before."""
    curves = [_bezier(np.array([before[-1], *piece])) for before, piece in pairwise(pieces)]
    return np.concatenate([np.array(pieces[0]), *curves])


_SHARE = np.arange(1, PIECES + 1) / PIECES  # (PIECES,)


def _bezier(corners: SubPath) -> SubPath:
    """Return points of a Bézier curve of any degree without its first, by de Casteljau; of a line its end."""
    if len(corners) == 2:
        return corners[1:]
    between = np.repeat(corners[:, np.newaxis], PIECES, axis=1)  # (degree + 1, PIECES)
    while len(between) > 1:
        between = between[:-1] * (1 - _SHARE) + between[1:] * _SHARE
    points: SubPath = between[0]
    return points
