"""Money in minor units of its currency, and back. Never a float.

Exponents are those of ISO 4217, as `moneyed` carries them.
"""

from decimal import ROUND_HALF_UP, Decimal

from moneyed import CURRENCIES, Currency, Money

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _


def currency(code: str) -> Currency:
    """Raises InvalidValue if ISO 4217 knows no currency `code`."""
    try:
        return CURRENCIES[code.upper()]
    except KeyError:
        raise InvalidValue(
            "currency",
            _("“%(value)s” is not a currency of ISO 4217, like CNY or EUR."),
            field="currency",
            value=code,
        ) from None


def exponent(code: str) -> int:
    """Decimal places of the currency's minor unit: 0 for JPY, 2 for EUR, 3 for BHD."""
    return Decimal(currency(code).sub_unit).adjusted()


def rounded(amount: Decimal, code: str) -> Decimal:
    """`amount` rounded half up to the minor unit of `code`."""
    return amount.quantize(Decimal(1).scaleb(-exponent(code)), rounding=ROUND_HALF_UP)


def from_minor(units: int, code: str) -> Money:
    """1250, EUR → 12.50 EUR."""
    return Money(Decimal(units).scaleb(-exponent(code)), currency(code))


def to_minor(money: Money) -> int:
    """12.50 EUR → 1250. Raises InvalidValue if there is a fraction of a minor unit."""
    code = money.currency.code
    units = money.amount.scaleb(exponent(code))
    if units != units.to_integral_value():
        raise InvalidValue(
            "money_fraction",
            _("%(value)s %(currency)s has more decimal places than the currency has."),
            field="amount",
            value=money.amount,
            currency=code,
        )
    return int(units)
