"""Bars for a page: sums as parts of a hundred, so that they stand side by side. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signoff.settlement.models import RefundState
from signoff.settlement.refunds.queries import Total

STATES = tuple(state.value for state in RefundState)
WIDTH = 1000
"""The longest bar of a chart, in units of its drawing."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: where it begins and how wide it is, in units of the drawing."""

    state: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Cell:
    """So many refunds of one state, and their sum in minor units."""

    state: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the table, and its bar."""

    name: str
    cells: tuple[Cell, ...]
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """Of all states."""
        return sum(cell.count for cell in self.cells)

    @property
    def minor(self) -> int:
        """Of all states."""
        return sum(cell.minor for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Chart:
    """The sums of one currency: amounts of two currencies are not on one scale."""

    currency: str
    bars: tuple[Bar, ...]

    @property
    def sums(self) -> tuple[Cell, ...]:
        """The last row of the table: each state over all bars."""
        columns = zip(*(bar.cells for bar in self.bars), strict=True)
        return tuple(_sum(column) for column in columns)

    @property
    def total(self) -> Cell:
        """Everything."""
        return _sum(self.sums)


def charts(totals: Iterable[Total], routes: Sequence[str]) -> list[Chart]:
    """One chart for each currency, by its code; the bars in the order of `routes`."""
    found: defaultdict[str, dict[tuple[str, str], Total]] = defaultdict(dict)
    for total in totals:
        found[total.currency][total.route, total.state] = total
    return [_chart(currency, found[currency], routes) for currency in sorted(found)]


def _chart(currency: str, sums: dict[tuple[str, str], Total], routes: Sequence[str]) -> Chart:
    rows = {
        route: tuple(_cell(sums.get((route, state)), state) for state in STATES)
        for route in routes
        if any((route, state) in sums for state in STATES)
    }
    longest = max(sum(cell.minor for cell in cells) for cells in rows.values())
    return Chart(
        currency, tuple(Bar(name, cells, _parts(cells, longest)) for name, cells in rows.items())
    )


def _cell(total: Total | None, state: str) -> Cell:
    return Cell(state, total.count, total.minor) if total else Cell(state, 0, 0)


def _parts(cells: Sequence[Cell], longest: int) -> tuple[Part, ...]:
    """Each ends where the sum so far does: rounding never makes a bar too long."""
    parts, so_far = [], 0
    for cell in cells:
        begin = so_far * WIDTH // longest
        so_far += cell.minor
        width = so_far * WIDTH // longest - begin
        if cell.minor:
            parts.append(Part(cell.state, begin, max(width, 1)))
    return tuple(parts)


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(
        cells[0].state, sum(cell.count for cell in cells), sum(cell.minor for cell in cells)
    )
