"""When the staff is told what waits, and of what."""

from datetime import UTC, date, datetime

import pytest

from signoff.briefing.rules import CASES, MONEY, day_to_tell, is_worked, topics_for


@pytest.mark.parametrize(
    ("moment", "hour", "day"),
    [
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), 8, None),  # 7:59 in Shanghai
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), 8, date(2026, 11, 23)),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), 8, date(2026, 11, 23)),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), None, None),
        (datetime(2026, 11, 22, 3, 0, tzinfo=UTC), 8, None),  # a Sunday
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), 0, date(2026, 11, 23)),
    ],
)
def test_the_letter_is_due_from_the_hour_on_by_the_carriers_clock(
    moment: datetime, hour: int | None, day: date | None
) -> None:
    assert day_to_tell(moment, hour=hour, time_zone="Asia/Shanghai") == day


@pytest.mark.parametrize(
    ("day", "zone", "worked"),
    [
        (date(2026, 10, 1), "Asia/Shanghai", False),
        (date(2026, 10, 1), "PRC", False),  # another name of the same zone
        (date(2026, 10, 10), "Asia/Shanghai", True),  # a Saturday that is worked instead
        (date(2026, 10, 3), "Europe/Berlin", False),
        (date(2026, 10, 1), "UTC", True),
        (date(2026, 10, 10), "UTC", False),
    ],
)
def test_working_days_are_those_of_the_country_of_the_time_zone(
    day: date, zone: str, worked: bool
) -> None:
    assert is_worked(day, zone) is worked


def test_each_task_is_told_of_what_it_can_do_something_about() -> None:
    assert topics_for(frozenset({"reviewer"})) == topics_for(frozenset({"admin"})) == CASES
    assert topics_for(frozenset({"finance", "auditor"})) == MONEY
    assert topics_for(frozenset({"admin", "finance", "reviewer"})) == (*CASES, *MONEY)
    assert topics_for(frozenset({"auditor", "hotline"})) == ()
