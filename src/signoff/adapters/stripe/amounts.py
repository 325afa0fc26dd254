"""Amounts as Stripe wants them, which is not always in ISO 4217's minor unit. Pure.

Source: docs.stripe.com/currencies, "Zero-decimal currencies", "Three-decimal currencies" and
"Special cases".
"""

from decimal import Decimal

from moneyed import Money

from signoff.kernel.money import currency, exponent
from signoff.ports.errors import Permanent

_OTHER_EXPONENT = {
    "MGA": 0,  # ISO has two places (a fifth, in truth); Stripe takes whole ariary
    "ISK": 2,  # ISO has none; Stripe kept two, for old clients
    "UGX": 2,  # the same
}
_GRANULARITY = {"ISK": 100, "UGX": 100}
_THREE_DECIMALS = 10
"""Cards settle these to two places, so the third digit must be 0."""


def units(money: Money) -> int:
    """`money` as Stripe's integer. Raises Permanent if Stripe cannot pay this very amount."""
    code = money.currency.code
    places = _places(code)
    scaled = money.amount.scaleb(places)
    step = _GRANULARITY.get(code, _THREE_DECIMALS if places == 3 else 1)
    if not scaled.is_finite() or scaled <= 0:
        raise Permanent("payments", "an amount must be more than nothing, and a number")
    if scaled % step:
        smallest = Decimal(step).scaleb(-places)
        raise Permanent(
            "payments", f"Stripe pays {code} in steps of {smallest}; {money.amount} is none"
        )
    return int(scaled)


def money(units: int, code: str) -> Money:
    """Stripe's integer as money; `code` as Stripe writes it, in lower case.

    Raises InvalidValue for a currency that ISO 4217 does not know.
    """
    known = currency(code)
    return Money(Decimal(units).scaleb(-_places(known.code)), known)


def _places(code: str) -> int:
    return _OTHER_EXPONENT.get(code, exponent(code))
