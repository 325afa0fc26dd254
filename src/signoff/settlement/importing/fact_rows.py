"""Rows of the files that an export may leave out: what else a last bill is made of.

`usage.csv`, `credits.csv`, `termination_fees.csv`, `stays.csv`. The fields are the columns; the
README of `examples/boom` explains each.
"""

from typing import Annotated, Self

from pydantic import model_validator

from signoff.settlement.importing.amount_rows import AmountRow
from signoff.sheets.amounts import Amount, AmountAboveZero, CurrencyText
from signoff.sheets.cells import text, word
from signoff.sheets.fields import (
    CountryText,
    Day,
    KeyText,
    LongKeyText,
    Moment,
    OptionalDay,
    OptionalKey,
    YesNo,
    check_days,
)
from signoff.sheets.table import Row


class UsageRow(AmountRow):
    """Use that no bill holds yet."""

    usage: LongKeyText
    line: KeyText
    description: Annotated[str, text(120)]
    amount: Amount
    currency: CurrencyText
    used_at: Moment


class CreditRow(AmountRow):
    """Money off: owed to the customer (`credit_note`), or only off what is charged (`coupon`)."""

    credit: LongKeyText
    account: KeyText
    line: OptionalKey
    kind: Annotated[str, word("credit_note", "coupon")]
    description: Annotated[str, text(120)]
    amount: AmountAboveZero
    currency: CurrencyText
    expires_on: OptionalDay


class FeeRow(AmountRow):
    """One row of a line's declining table: what ending on one of these days costs."""

    line: KeyText
    first_day: Day
    last_day: Day
    amount: Amount
    currency: CurrencyText
    taxed: YesNo

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_days(self.first_day, self.last_day)
        return self


class StayRow(Row):
    """The network saw a line in a country, on these days, both included."""

    line: KeyText
    country: CountryText
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        check_days(self.first_day, self.last_day)
        return self
