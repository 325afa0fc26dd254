"""Money keeps its minor units; billing periods tile the calendar."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.kernel.errors import InvalidValue
from signoff.kernel.formats import money_text
from signoff.kernel.money import currency, exponent, from_minor, rounded, to_minor
from signoff.kernel.periods import billing_period

CODES = st.sampled_from(["JPY", "KRW", "EUR", "CNY", "USD", "GBP", "BHD", "KWD"])
DAYS = st.dates(date(2000, 1, 1), date(2120, 12, 31))


@pytest.mark.parametrize(
    ("code", "places"),
    [("JPY", 0), ("KRW", 0), ("CLP", 0), ("EUR", 2), ("CNY", 2), ("BHD", 3), ("KWD", 3)],
)
def test_the_exponent_is_that_of_iso_4217(code: str, places: int) -> None:
    assert exponent(code) == places


@pytest.mark.parametrize(
    ("minor", "code", "in_english", "in_chinese"),
    [
        (1250, "RSD", "RSD12.50", "RSD12.50"),
        (12345, "IQD", "IQD12.345", "IQD12.345"),
        (1250, "HUF", "HUF12.50", "HUF12.50"),
        (1250, "JPY", "JP¥1,250", "JP¥1,250"),
        (-123456, "CNY", "-CN¥1,234.56", "-¥1,234.56"),
    ],
)
def test_an_amount_is_shown_with_every_unit_of_it(
    minor: int, code: str, in_english: str, in_chinese: str
) -> None:
    """Unicode's data rounds some currencies to whole ones: what is shown is what is paid."""
    amount = from_minor(minor, code)
    assert (money_text(amount, "en"), money_text(amount, "zh-hans")) == (in_english, in_chinese)


@given(st.integers(-(10**15), 10**15), CODES)
def test_minor_units_come_back_as_they_were(units: int, code: str) -> None:
    assert to_minor(from_minor(units, code)) == units


@given(st.decimals(-(10**9), 10**9, places=5), CODES)
def test_rounding_is_half_up_and_never_further_than_half_a_unit(amount: Decimal, code: str) -> None:
    unit = Decimal(1).scaleb(-exponent(code))
    result = rounded(amount, code)
    assert result % unit == 0
    assert abs(result - amount) <= unit / 2
    assert rounded(result, code) == result
    if abs(result - amount) == unit / 2:
        assert abs(result) > abs(amount)


@pytest.mark.parametrize(
    ("amount", "code", "result"),
    [
        ("0.005", "EUR", "0.01"),
        ("0.0049", "EUR", "0.00"),
        ("2.5", "JPY", "3"),
        ("3.5", "JPY", "4"),
        ("1.0005", "BHD", "1.001"),
        ("-0.005", "EUR", "-0.01"),
    ],
)
def test_a_half_goes_up(amount: str, code: str, result: str) -> None:
    assert rounded(Decimal(amount), code) == Decimal(result)


def test_a_fraction_of_a_minor_unit_is_refused() -> None:
    with pytest.raises(InvalidValue, match="decimal places"):
        to_minor(Money(Decimal("12.505"), currency("EUR")))
    with pytest.raises(InvalidValue, match="decimal places"):
        to_minor(Money(Decimal("12.5"), currency("JPY")))


@pytest.mark.parametrize("code", ["", "XX", "EURO", "¥"])
def test_an_unknown_currency_is_refused_by_name(code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        currency(code)
    assert refused.value.field == "currency"


@given(DAYS, st.integers(1, 31))
def test_the_period_of_a_day_contains_it(day: date, cycle_day: int) -> None:
    period = billing_period(day, cycle_day)
    assert period.first <= day <= period.last
    assert 28 <= period.days <= 31


@given(DAYS, st.integers(1, 31))
def test_every_day_of_a_period_has_the_same_period(day: date, cycle_day: int) -> None:
    period = billing_period(day, cycle_day)
    inside = [period.first + timedelta(days=n) for n in range(period.days)]
    assert {billing_period(each, cycle_day) for each in inside} == {period}


@pytest.mark.parametrize("cycle_day", range(1, 32))
def test_periods_follow_each_other_without_gap_or_overlap(cycle_day: int) -> None:
    day, end = date(2023, 1, 1), date(2032, 12, 31)  # three leap years in it
    previous = billing_period(day, cycle_day)
    while previous.last < end:
        following = billing_period(previous.last + timedelta(days=1), cycle_day)
        assert following.first == previous.last + timedelta(days=1)
        shortest = calendar.monthrange(following.first.year, following.first.month)[1]
        assert following.first.day == min(cycle_day, shortest)
        previous = following


@pytest.mark.parametrize(
    ("day", "cycle_day", "first", "last"),
    [
        (date(2024, 2, 29), 31, date(2024, 2, 29), date(2024, 3, 30)),
        (date(2023, 2, 28), 29, date(2023, 2, 28), date(2023, 3, 28)),
        (date(2024, 2, 28), 29, date(2024, 1, 29), date(2024, 2, 28)),
        (date(2024, 12, 31), 31, date(2024, 12, 31), date(2025, 1, 30)),
        (date(2025, 1, 1), 31, date(2024, 12, 31), date(2025, 1, 30)),
        (date(2026, 11, 22), 1, date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_short_months_end_the_period_early(
    day: date, cycle_day: int, first: date, last: date
) -> None:
    period = billing_period(day, cycle_day)
    assert (period.first, period.last) == (first, last)
