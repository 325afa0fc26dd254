"""Amounts as the box's pages show them."""

from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import from_minor


def amount_words(units: int, currency: str) -> str:
    """12.50 EUR; a currency that ISO 4217 does not know is shown as it came."""
    try:
        money = from_minor(units, currency)
    except InvalidValue:
        return f"{units} {currency.upper()}"
    return f"{money.amount} {money.currency.code}"
