"""Lines of text as an OCR finds them, and how they lie to one another. Pure."""

import cmath
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[Point, Point, Point, Point]
"""Corners in pixels, around the box; y grows downwards."""


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of text. `confidence` is the OCR's own, 0 to 1."""

    text: str
    box: Box
    confidence: float

    @property
    def centre(self) -> Point:
        return fmean(x for x, _ in self.box), fmean(y for _, y in self.box)

    @property
    def height(self) -> float:
        """The shorter side: text is longer than high."""
        return min(math.dist(*side) for side in _sides(self.box))


@dataclass(frozen=True, slots=True)
class Row:
    """Lines on one height, from left to right."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """Of its least sure line."""
        return min(line.confidence for line in self.lines)


def rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    """From top to bottom; for lines that lie upright."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.centre[1]):
        last = found[-1] if found else None
        if last is not None and _beside(last[-1], line):
            last.append(line)
        else:
            found.append([line])
    return tuple(Row(tuple(sorted(row, key=lambda each: each.centre[0]))) for row in found)


def _beside(one: Line, other: Line) -> bool:
    return abs(one.centre[1] - other.centre[1]) < 0.55 * min(one.height, other.height)


def upright(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The same lines turned so that the text lies level, once either way up.

    A box does not tell top from bottom, so the parser tries both and takes what makes sense.
    """
    slope = _slope(lines)
    return _turned(lines, -slope), _turned(lines, math.pi - slope)


def _slope(lines: Sequence[Line]) -> float:
    """Angle of the text in radians. A line points both ways, so angles are averaged doubled;
    a long line says more than a single character, whose box is square."""
    pull = 0j
    for line in lines:
        first, second = _sides(line.box)[:2]
        side = max(first, second, key=lambda each: math.dist(*each))
        (x1, y1), (x2, y2) = side
        weight = abs(math.dist(*first) - math.dist(*second))
        pull += cmath.rect(weight, 2 * math.atan2(y2 - y1, x2 - x1))
    return cmath.phase(pull) / 2 if pull else 0.0


def _sides(box: Box) -> list[tuple[Point, Point]]:
    return list(zip(box, (*box[1:], box[0]), strict=True))


def _turned(lines: Sequence[Line], angle: float) -> tuple[Line, ...]:
    turn = cmath.rect(1, angle)

    def moved(point: Point) -> Point:
        there = complex(*point) * turn
        return there.real, there.imag

    return tuple(
        replace(line, box=tuple(moved(corner) for corner in line.box))  # type: ignore[arg-type]
        for line in lines
    )
