"""The working days of a country, as far as they are published.

China announces each autumn which days of the next year are free and which weekends are worked
instead; `chinesecalendar` carries these announcements, and `holidays` too, each from its own
release on. The holidays of other countries follow from their law for any year, by `holidays`.
"""

from datetime import date
from functools import cache, lru_cache

import chinese_calendar
import holidays

from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

ANNOUNCED = "CN"
"""The country whose working days are announced and cannot be worked out."""


class CalendarNotPublished(Refusal):
    """Nobody can say yet which days of this year are worked."""

    def __init__(self, year: int, country: str) -> None:
        self.year = year
        self.country = country
        super().__init__(
            "calendar_not_published",
            _("The calendar of %(year)s is not published yet."),
            year=str(year),
        )


def missing_year(day: date, country: str) -> int | None:
    """The year whose calendar one would need for `day` and nobody has; None if all is known.

    Raises NotImplementedError if no calendar of the country is known.
    """
    if country != ANNOUNCED:
        calendar = _calendar(country)
        return None if calendar.start_year <= day.year <= calendar.end_year else day.year
    # The holiday of New Year can begin, or be worked for, before it: 29 December 2018 was.
    last = day.year + 1 if (day.month, day.day) >= (12, 25) else day.year
    years = (year for year in range(day.year, last + 1) if year not in announced_years())
    return next(years, None)


def is_working_day(day: date, country: str) -> bool:
    """Does the country work on `day`? Raises CalendarNotPublished if nobody can know yet."""
    year = missing_year(day, country)
    if year is not None:
        raise CalendarNotPublished(year, country)
    return _is_worked(day, country)


@cache
def announced_years() -> frozenset[int]:
    """The years whose working days China has announced, as far as the packages know."""
    return _years_of_chinesecalendar() | _years_of_holidays()


@lru_cache(maxsize=4096)
def _is_worked(day: date, country: str) -> bool:
    if country == ANNOUNCED and day.year in _years_of_chinesecalendar():
        return bool(chinese_calendar.is_workday(day))
    return _calendar(country).is_working_day(day)


@cache
def _years_of_chinesecalendar() -> frozenset[int]:
    return frozenset(day.year for day in chinese_calendar.constants.holidays)


@cache
def _years_of_holidays() -> frozenset[int]:
    """Those with announced days; for the others it only has the holidays fixed by law."""
    calendar = _calendar(ANNOUNCED)
    announced = (calendar.special_public_holidays, calendar.special_public_holidays_observed)
    return frozenset(year for years in announced for year in years)


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    """Made once: it works out each year when it is first asked for it."""
    return holidays.country_holidays(country)
