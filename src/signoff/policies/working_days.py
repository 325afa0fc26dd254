"""Counting working days by the calendar of a country.

Public holidays come from the `holidays` package; for China with the working weekends that are
announced each autumn for the year after. For a year that is not announced yet only the holidays
fixed by law are known, so a date in it can still move; the record keeps the date that was promised.
"""

from datetime import date

import holidays


def add_working_days(start: date, days: int, country: str) -> date:
    """The `days`-th working day after `start`; `start` itself is not counted.

    country: ISO 3166-1, two letters. Raises NotImplementedError if no calendar is known for it.
    """
    if days < 1:
        raise ValueError("at least one working day")
    return holidays.country_holidays(country).get_nth_working_day(start, days)


def is_working_day(day: date, country: str) -> bool:
    """Does the country work on `day`?"""
    return holidays.country_holidays(country).is_working_day(day)
