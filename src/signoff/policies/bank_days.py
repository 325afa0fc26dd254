"""The days on which banks carry out transfers."""

from datetime import date, timedelta
from functools import cache

import holidays

from signoff.policies.working_days import add_working_days

_TARGET = "XECB"
"""The European Central Bank's calendar, by ISO 10383: TARGET is open on its days (Guideline (EU)
2022/912, annex I), and SEPA transfers are settled there."""


def next_bank_day(after: date, currency: str) -> date:
    """The first day after `after` on which banks settle transfers in `currency`.

    Euros by TARGET's calendar, yuan by the working days of China, all else from Monday to Friday.
    """
    if currency == "CNY":
        return add_working_days(after, 1, "CN")
    day = after + timedelta(days=1)
    while day.weekday() >= 5 or (currency == "EUR" and day in _target_holidays()):
        day += timedelta(days=1)
    return day


@cache
def _target_holidays() -> holidays.HolidayBase:
    return holidays.financial_holidays(_TARGET)
