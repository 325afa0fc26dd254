"""A pause ends when the day begins where the customer lives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.alternatives.rules import LONGEST, resume_moment
from signoff.kernel.errors import InvalidValue

ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "America/Santiago",
    "UTC",
]
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@given(DAYS, st.integers(1, LONGEST.days), st.sampled_from(ZONES))
def test_it_is_the_first_moment_of_that_day(today: date, days: int, zone: str) -> None:
    until = today + timedelta(days=days)
    moment = resume_moment(until=until, today=today, time_zone=zone).astimezone(UTC)
    local = ZoneInfo(zone)
    assert moment.astimezone(local).date() == until
    before = moment - timedelta(microseconds=1)
    assert before.astimezone(local).date() == until - timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "zone", "moment"),
    [
        (date(2026, 3, 30), "Europe/Berlin", datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 3, 29), "Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 10, 26), "Europe/Berlin", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 12, 1), "Asia/Shanghai", datetime(2026, 11, 30, 16, tzinfo=UTC)),
        (date(2026, 12, 1), "America/New_York", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        # midnight does not exist on this day: the clock goes from 23:59 to 01:00
        (date(2026, 4, 24), "Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_summer_time_moves_the_moment(until: date, zone: str, moment: datetime) -> None:
    today = until - timedelta(days=10)
    assert resume_moment(until=until, today=today, time_zone=zone) == moment


@pytest.mark.parametrize("days", [-1, 0, LONGEST.days + 1, 4000])
def test_today_the_past_and_the_far_future_are_refused(days: int) -> None:
    today = date(2026, 11, 22)
    with pytest.raises(InvalidValue) as refused:
        resume_moment(until=today + timedelta(days=days), today=today, time_zone="Asia/Shanghai")
    assert refused.value.field == "until"


@pytest.mark.parametrize("days", [1, LONGEST.days])
def test_tomorrow_and_six_months_are_allowed(days: int) -> None:
    today = date(2026, 11, 22)
    resume_moment(until=today + timedelta(days=days), today=today, time_zone="Asia/Shanghai")
