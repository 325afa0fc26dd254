"""Billing periods by the calendar of an account."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Length in days, at least 1."""
        return (self.last - self.first).days + 1


def _cycle_date(year: int, month: int, cycle_day: int) -> date:
    """The cycle day of a month; in a shorter month its last day."""
    return date(year, month, min(cycle_day, calendar.monthrange(year, month)[1]))


def _month_after(day: date) -> tuple[int, int]:
    return (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)


def billing_period(day: date, cycle_day: int) -> Period:
    """The monthly period that contains `day`, when periods begin on `cycle_day` (1 to 31)."""
    start = _cycle_date(day.year, day.month, cycle_day)
    if day < start:
        before = date(day.year, day.month, 1) - timedelta(days=1)
        start = _cycle_date(before.year, before.month, cycle_day)
    next_start = _cycle_date(*_month_after(start), cycle_day)
    return Period(start, next_start - timedelta(days=1))
