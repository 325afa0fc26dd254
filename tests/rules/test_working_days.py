"""Working days: make-up weekends, the holidays of each country, and years that nobody knows yet."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from unittest.mock import patch

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.policies import calendars
from signoff.policies.calendars import CalendarNotPublished, is_working_day, missing_year
from signoff.policies.load import policies
from signoff.policies.working_days import (
    Deadline,
    add_working_days,
    counts,
    deadline,
    unpublished_years,
    working_days_left,
)

KNOWN = st.dates(date(2008, 1, 1), date(2025, 12, 31))
COUNTRIES = st.sampled_from(policies().countries)


def known_until(year: int) -> AbstractContextManager[object]:
    """China has announced no year after `year`."""
    announced = frozenset(range(2004, year + 1))
    return patch.object(calendars, "announced_years", lambda: announced)


def test_golden_week_and_its_make_up_saturday_are_counted() -> None:
    # 2026: 1 to 7 October are free, Saturday the 10th is worked.
    assert add_working_days(date(2026, 9, 30), 3, "CN") == date(2026, 10, 10)
    assert add_working_days(date(2026, 9, 30), 3, "US") == date(2026, 10, 5)


def test_spring_festival_and_the_weekends_worked_for_it_are_counted() -> None:
    # 2026: 15 to 23 February are free; Saturdays 14 and 28 February are worked.
    assert is_working_day(date(2026, 2, 14), "CN")
    assert not is_working_day(date(2026, 2, 20), "CN")
    assert deadline(date(2026, 2, 13), 6, "CN") == Deadline(date(2026, 2, 28))
    assert working_days_left(date(2026, 2, 13), date(2026, 2, 28), "CN") == 6


@pytest.mark.parametrize(
    ("country", "free"),
    [
        ("US", date(2026, 11, 26)),  # Thanksgiving
        ("US", date(2026, 7, 3)),  # Independence Day on a Saturday, observed the day before
        ("JP", date(2026, 9, 22)),  # a day between two holidays
        ("JP", date(2026, 5, 6)),  # in place of Constitution Day, a Sunday
        ("GB", date(2026, 12, 28)),  # in place of Boxing Day, a Saturday
        ("DE", date(2026, 4, 6)),  # Easter Monday
    ],
)
def test_each_country_has_its_own_free_days(country: str, free: date) -> None:
    assert not is_working_day(free, country)
    assert free.weekday() < 5


def test_both_packages_tell_the_same_of_every_year_that_both_know() -> None:
    by_holidays = holidays.country_holidays("CN")
    day, last = date(2010, 1, 1), date(2026, 12, 31)
    differ = []
    while day <= last:
        if chinese_calendar.is_workday(day) != by_holidays.is_working_day(day):
            differ.append(day)
        day += timedelta(days=1)
    assert differ == []


def test_a_year_that_is_not_announced_is_said_and_not_guessed() -> None:
    with known_until(2027), pytest.raises(CalendarNotPublished, match="calendar of 2028") as caught:
        is_working_day(date(2028, 3, 1), "CN")
    assert (caught.value.year, caught.value.country) == (2028, "CN")
    assert caught.value.template % caught.value.params == (
        "The calendar of 2028 is not published yet."
    )


def test_only_china_announces_the_others_can_be_worked_out() -> None:
    assert missing_year(date(2031, 5, 1), "CN") == 2031
    for country in ("DE", "GB", "US", "JP"):
        assert missing_year(date(2031, 5, 1), country) is None
        assert missing_year(date(2101, 5, 1), country) == 2101


def test_a_deadline_names_the_year_that_it_was_counted_over_without_a_calendar() -> None:
    with known_until(2026):
        assert deadline(date(2026, 11, 30), 10, "CN") == Deadline(date(2026, 12, 14))
        late = deadline(date(2026, 12, 18), 15, "CN")
    # Four working days up to Thursday the 24th; from the 25th on each day counts.
    assert late == Deadline(date(2027, 1, 4), (2027,))


def test_the_last_week_before_an_unknown_year_may_be_worked_for_its_holiday() -> None:
    # Saturday 29 December 2018 was worked, by the announcement for 2019.
    assert is_working_day(date(2018, 12, 29), "CN")
    with known_until(2018):
        assert missing_year(date(2018, 12, 24), "CN") is None
        assert missing_year(date(2018, 12, 29), "CN") == 2019
        assert counts(date(2018, 12, 29), "CN")


@given(start=KNOWN, days=st.integers(1, 60), hidden=st.integers(0, 1))
def test_without_a_calendar_a_date_is_never_later_than_with_it(
    start: date, days: int, hidden: int
) -> None:
    with_it = deadline(start, days, "CN")
    with known_until(start.year - hidden):
        without = deadline(start, days, "CN")
    assert without.day <= with_it.day
    if not without.unpublished:
        assert without == with_it


@given(start=st.dates(date(2020, 1, 1), date(2035, 12, 31)), days=st.integers(1, 30),
       country=COUNTRIES)  # fmt: skip
def test_a_deadline_counts_as_a_working_day_and_has_that_many_up_to_it(
    start: date, days: int, country: str
) -> None:
    end = deadline(start, days, country)
    assert counts(end.day, country)
    between = [start + timedelta(days=n) for n in range(1, (end.day - start).days + 1)]
    assert sum(counts(day, country) for day in between) == days
    assert end.unpublished == unpublished_years(start, end.day, country)
    if not end.unpublished:
        assert is_working_day(end.day, country)


@given(start=KNOWN, days=st.integers(1, 30), country=COUNTRIES)
def test_more_days_are_later(start: date, days: int, country: str) -> None:
    assert add_working_days(start, days, country) < add_working_days(start, days + 1, country)


def test_no_days_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 1, 1), 0, "CN")


def test_a_country_without_a_calendar_is_an_error() -> None:
    with pytest.raises(NotImplementedError):
        add_working_days(date(2026, 1, 1), 1, "QQ")
