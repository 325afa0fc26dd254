"""Nothing in an export is later than the export. Pure: `now` is an argument."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from signoff.intake.export import ABOUT, Export
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import Placed, Row, Table

_CLOCKS_DIFFER = timedelta(days=1)
_USED = frozenset({"usage", "roaming", "premium"})
"""Items of these kinds were used before they were billed; a plan may be billed in advance."""


def later_than_export(export: Export, now: datetime) -> Iterator[Problem]:
    """A slip in a year, or a clock that is wrong."""
    if export.as_of is None:
        return
    if export.as_of > now + _CLOCKS_DIFFER:
        yield Problem(
            Place(ABOUT, column="as_of"),
            "future",
            _("The export is of %(moment)s, which is still to come: check the date and the clock."),
            {"moment": export.as_of.isoformat()},
        )
        return  # nothing is later than the wrong year
    last_day = (export.as_of + _CLOCKS_DIFFER).date()
    yield from _days_after(export.lines, "activated_on", last_day)
    yield from _days_after(export.devices, "last_seen_on", last_day)
    yield from _days_after(export.bills, "issued_on", last_day)
    yield from _days_after(export.stays, "first_day", last_day)
    yield from _moments_after(export.payments, "paid_at", export.as_of)
    yield from _moments_after(export.usage, "used_at", export.as_of)
    for placed in export.bill_items.rows:
        if placed.row.kind in _USED and (placed.row.last_day or date.min) > last_day:
            yield _after(placed, "last_day")


def _days_after(table: Table[Row], column: str, last_day: date) -> Iterator[Problem]:
    for placed in table.rows:
        if getattr(placed.row, column) > last_day:
            yield _after(placed, column)


def _moments_after(table: Table[Row], column: str, as_of: datetime) -> Iterator[Problem]:
    for placed in table.rows:
        if getattr(placed.row, column) > as_of + _CLOCKS_DIFFER:
            yield _after(placed, column)


def _after(placed: Placed[Row], column: str) -> Problem:
    return Problem(
        placed.at(column),
        "after_export",
        _("%(value)s is after the moment of the export: check the year."),
        {"value": getattr(placed.row, column)},
    )
