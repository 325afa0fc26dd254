"""Cells that hold money: amounts as people write them, currencies, rates of tax."""

import re
from decimal import Decimal
from typing import Annotated

from moneyed import Money

from signoff.kernel import money
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.cells import CellError, cell, filled

MOST_MINOR = 10**9
"""More minor units than this in one cell is taken for a slip: ten million euros."""


def _signed_amount(value: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", filled(value)):
        raise InvalidValue(
            "amount",
            _("“%(value)s” is not an amount: write digits and a point, like 128.50."),
            value=value,
        )
    return Decimal(value)


def _amount(value: str) -> Decimal:
    amount = _signed_amount(value)
    if amount.is_signed() and amount:
        raise InvalidValue("negative", _("The amount %(value)s is negative."), value=value)
    return abs(amount)


def _above_zero(value: str) -> Decimal:
    amount = _amount(value)
    if not amount:
        raise InvalidValue("zero", _("The amount is zero: leave such a row out."))
    return amount


def _percent(value: str) -> int:
    """In millionths."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", value) or Decimal(value) > 100:
        raise InvalidValue(
            "percent",
            _("“%(value)s” is not a rate in percent from 0 to 100: write 19 or 8.875."),
            value=value,
        )
    rate = Decimal(value)
    if 0 < rate < 1:
        raise InvalidValue(
            "percent_share",
            _("A rate of %(value)s percent is no tax: write 19, not 0.19, for 19 percent."),
            value=value,
        )
    return int(rate * 10_000)


def cell_minor(amount: Decimal, currency: str, field: str) -> int:
    """As `minor`, for a model's validator: raises CellError."""
    try:
        return minor(amount, currency, field=field)
    except InvalidValue as refusal:
        raise CellError(refusal) from None


def minor(amount: Decimal, currency: str, *, field: str) -> int:
    """`amount` in minor units of `currency`.

    Raises InvalidValue if there is a fraction of a minor unit, or more than anybody has.
    """
    try:
        units = money.to_minor(Money(amount, money.currency(currency)))
    except InvalidValue as refusal:
        raise InvalidValue(refusal.code, refusal.template, field=field, **refusal.params) from None
    if abs(units) > MOST_MINOR:
        raise InvalidValue(
            "absurd",
            _("The amount %(value)s is larger than %(most)s: check the decimal point."),
            field=field,
            value=amount,
            most=money.from_minor(MOST_MINOR, currency).amount,
        )
    return units


CurrencyText = Annotated[str, cell(lambda value: money.currency(filled(value)).code)]
Amount = Annotated[Decimal, cell(_amount)]
SignedAmount = Annotated[Decimal, cell(_signed_amount)]
AmountAboveZero = Annotated[Decimal, cell(_above_zero)]
OptionalPercent = Annotated[int, cell(lambda value: _percent(value) if value else 0)]
"""A rate in millionths; an empty cell is zero."""
