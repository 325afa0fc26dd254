"""Amounts in Stripe's units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import CURRENCIES, Money

from signoff.adapters.stripe.amounts import units
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent
from signoff.settlement.rules import card_step, carried_by_card


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("12.50", "EUR", 1250),
        ("0.01", "CNY", 1),
        ("700", "JPY", 700),
        ("5.120", "KWD", 5120),
        ("1.230", "BHD", 1230),
        ("500", "MGA", 500),
        ("500", "UGX", 50000),
        ("500", "ISK", 50000),
    ],
)
def test_amounts_as_stripe_documents_them(amount: str, currency: str, expected: int) -> None:
    assert units(Money(amount, currency)) == expected


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("5.124", "KWD"),
        ("0.001", "BHD"),
        ("0.5", "JPY"),
        ("1.005", "EUR"),
        ("0", "EUR"),
        ("-1", "EUR"),
        ("0.5", "UGX"),
        ("0.5", "MGA"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
    ],
)
def test_an_amount_that_stripe_cannot_pay_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(Permanent):
        units(Money(amount, currency))


@given(st.integers(1, 10**9), st.sampled_from(["EUR", "CNY", "GBP", "USD"]))
def test_every_whole_cent_is_itself(cents: int, currency: str) -> None:
    assert units(Money(Decimal(cents).scaleb(-2), CURRENCIES[currency])) == cents


@given(st.integers(1, 10**9), st.sampled_from(["EUR", "JPY", "KWD", "BHD", "OMR", "TND"]))
def test_what_a_card_is_asked_for_it_can_pay_and_it_is_hardly_more(minor: int, code: str) -> None:
    asked = carried_by_card(minor, code)
    assert units(from_minor(asked, code)) > 0
    assert 0 <= asked - minor < card_step(code)
