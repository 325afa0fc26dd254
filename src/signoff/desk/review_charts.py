"""Bars of the numbers of the reviews: each a row of a table, and a length beside the others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000
"""The longest bar of a chart, in units of its drawing."""


@dataclass(frozen=True, slots=True)
class Row:
    """label and cells: words for the table. size: of the bar, in any unit that the rows share.

    shown: the cell that stands beside the bar.
    """

    label: str
    size: float
    cells: tuple[str, ...]
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row with the width of its bar, in units of the drawing, and what stands beside it."""

    label: str
    width: int
    value: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and the table under them. columns: heads of the cells, without that of the labels."""

    code: str
    title: str
    first: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]


def chart(
    code: str, title: str, heads: Sequence[str], rows: Sequence[Row], *, most: float = 0
) -> Chart:
    """heads: of the labels, then of the cells. most: what a full bar is; 0: the longest row."""
    full = most or max((row.size for row in rows), default=0)
    bars = tuple(
        Bar(row.label, _width(row.size, full), row.cells[row.shown], row.cells) for row in rows
    )
    return Chart(code, title, heads[0], tuple(heads[1:]), bars)


def _width(size: float, full: float) -> int:
    """What is there is seen, however short it is."""
    return max(round(WIDTH * size / full), 1) if size > 0 and full else 0
