"""Counting working days by the calendar of a country.

A year whose calendar is not published yet is not guessed: every day of it counts as a working day.
A date that was promised so can only be too early, never later than the law allows, and whoever
shows it can say which year it was (`Deadline.unpublished`, `unpublished_years`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from signoff.policies.calendars import is_working_day, missing_year

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """unpublished: the years in which every day was counted; mostly none."""

    day: date
    unpublished: tuple[int, ...] = ()


def deadline(start: date, days: int, country: str) -> Deadline:
    """The `days`-th working day after `start`; `start` itself is not counted.

    country: ISO 3166-1, two letters. Raises NotImplementedError if no calendar is known for it.
    """
    if days < 1:
        raise ValueError("at least one working day")
    day = start
    while days:
        day += DAY
        days -= counts(day, country)
    return Deadline(day, unpublished_years(start, day, country))


def add_working_days(start: date, days: int, country: str) -> date:
    """The day of `deadline`, for whoever needs no more."""
    return deadline(start, days, country).day


def working_days_left(today: date, last: date, country: str) -> int:
    """Working days after `today` up to and with `last`; 0 on the last day.

    Below zero when `last` is over: how many working days have begun since, at least one.
    """
    if last == today:
        return 0
    if last > today:
        return _counted(today, last, country)
    return -max(_counted(last, today, country), 1)


def counts(day: date, country: str) -> bool:
    """Does `day` count as a working day? Each does that no published calendar tells of."""
    return missing_year(day, country) is not None or is_working_day(day, country)


def unpublished_years(start: date, end: date, country: str) -> tuple[int, ...]:
    """The years whose calendar one would need between two days, `start` not counted."""
    years = (missing_year(day, country) for day in _days(start, end))
    return tuple(sorted({year for year in years if year is not None}))


def _counted(start: date, end: date, country: str) -> int:
    """Working days after `start` up to and with `end`."""
    return sum(counts(day, country) for day in _days(start, end))


def _days(start: date, end: date) -> Iterator[date]:
    return (start + DAY * n for n in range(1, (end - start).days + 1))
