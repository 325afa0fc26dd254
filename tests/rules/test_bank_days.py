"""On which day a bank carries out what it gets today."""

from datetime import date

import pytest

from signoff.policies.bank_days import next_bank_day


@pytest.mark.parametrize(
    ("after", "currency", "day"),
    [
        (date(2026, 11, 24), "EUR", date(2026, 11, 25)),
        (date(2026, 11, 27), "EUR", date(2026, 11, 30)),  # over a weekend
        (date(2026, 4, 2), "EUR", date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 12, 24), "EUR", date(2026, 12, 28)),
        (date(2026, 4, 30), "EUR", date(2026, 5, 4)),  # 1 May is a Friday
        (date(2026, 10, 2), "EUR", date(2026, 10, 5)),  # no holiday of TARGET
        (date(2026, 9, 30), "CNY", date(2026, 10, 8)),  # after the golden week
        (date(2026, 2, 13), "CNY", date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 12, 24), "JPY", date(2026, 12, 25)),
        (date(2026, 11, 27), "USD", date(2026, 11, 30)),
    ],
)
def test_the_next_day_of_the_banks(after: date, currency: str, day: date) -> None:
    assert next_bank_day(after, currency) == day
