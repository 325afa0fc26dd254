"""How large a refund must be before two people let it go: by currency, never across them."""

import pytest

from signoff.policies.load import policies
from signoff.settlement.terms import needs_four_eyes


@pytest.mark.parametrize(
    ("country", "minor", "currency", "two"),
    [
        ("CN", 200_000, "CNY", False),
        ("CN", 200_001, "CNY", True),
        ("JP", 40_000, "JPY", False),  # a yen has no cents
        ("JP", 40_001, "JPY", True),
        ("DE", 25_000, "EUR", False),
        ("DE", 1, "CNY", True),  # 250 euros say nothing about yuan
        ("CN", 1, "EUR", True),
        ("CN", 0, "EUR", False),  # nothing goes back
    ],
)
def test_a_currency_without_an_amount_of_its_own_always_takes_two(
    country: str, minor: int, currency: str, *, two: bool
) -> None:
    assert needs_four_eyes(policies().for_country(country), minor, currency) is two
