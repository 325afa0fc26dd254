"""Counting working days by the calendar of a country.

Public holidays come from the `holidays` package; for China with the working weekends that are
announced each autumn for the year after. For a year that is not announced yet only the holidays
fixed by law are known, so a date in it can still move; the record keeps the date that was promised.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase:
    """Made once: it works out each year when it is first asked for it."""
    return holidays.country_holidays(country)


def add_working_days(start: date, days: int, country: str) -> date:
    """The `days`-th working day after `start`; `start` itself is not counted.

    country: ISO 3166-1, two letters. Raises NotImplementedError if no calendar is known for it.
    """
    if days < 1:
        raise ValueError("at least one working day")
    return holidays.country_holidays(country).get_nth_working_day(start, days)


def working_days_left(today: date, last: date, country: str) -> int:
    """Working days after `today` up to and with `last`; 0 on the last day.

    Below zero when `last` is over: how many working days have begun since, at least one.
    """
    if last == today:
        return 0
    calendar = _calendar(country)
    if last > today:
        return calendar.get_working_days_count(today + timedelta(days=1), last)
    return -max(calendar.get_working_days_count(last + timedelta(days=1), today), 1)


def is_working_day(day: date, country: str) -> bool:
    """Does the country work on `day`?"""
    return holidays.country_holidays(country).is_working_day(day)
