"""Rows of `balances.csv`, `payments.csv`, `bills.csv`, `bill_items.csv`.

The fields are the columns; the README of `examples/boom` explains each.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import model_validator

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.fields import (
    Amount,
    CellError,
    CurrencyText,
    Day,
    KeyText,
    LongKeyText,
    Moment,
    OptionalDay,
    OptionalKey,
    SignedAmount,
    minor,
    text,
    whole,
    word,
)
from signoff.sheets.table import Row


def _minor(amount: Decimal, currency: str, field: str) -> int:
    try:
        return minor(amount, currency, field=field)
    except InvalidValue as refusal:
        raise CellError(refusal) from None


class BalanceRow(Row):
    """Money that the carrier holds."""

    bucket: KeyText
    account: KeyText
    line: OptionalKey
    kind: Annotated[str, word("paid", "promotional", "deposit")]
    amount: Amount
    currency: CurrencyText
    expires_on: OptionalDay

    @property
    def amount_minor(self) -> int:
        """In minor units."""
        return _minor(self.amount, self.currency, "amount")

    @model_validator(mode="after")
    def _fits_currency(self) -> Self:
        _ = self.amount_minor
        return self


class PaymentRow(Row):
    """A payment into a balance."""

    payment: LongKeyText
    bucket: KeyText
    amount: Amount
    refunded: Amount
    currency: CurrencyText
    method: Annotated[str, text(60)]
    paid_at: Moment

    @property
    def amount_minor(self) -> int:
        """In minor units."""
        return _minor(self.amount, self.currency, "amount")

    @property
    def refunded_minor(self) -> int:
        """What already went back, in minor units."""
        return _minor(self.refunded, self.currency, "refunded")

    @model_validator(mode="after")
    def _refunded_within_payment(self) -> Self:
        if self.refunded_minor > self.amount_minor:
            raise CellError(
                InvalidValue(
                    "refunded_too_much",
                    _("More was refunded (%(refunded)s) than was paid (%(amount)s)."),
                    field="refunded",
                    refunded=self.refunded,
                    amount=self.amount,
                )
            )
        return self


class BillRow(Row):
    """A bill; its items are in a file of their own."""

    bill: KeyText
    account: KeyText
    line: OptionalKey
    issued_on: Day
    due_on: Day
    total: SignedAmount
    currency: CurrencyText
    state: Annotated[str, word("unpaid", "paid")]

    @property
    def total_minor(self) -> int:
        """In minor units; a credit note has less than nothing."""
        return _minor(self.total, self.currency, "total")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.total_minor < 0 and self.state == "unpaid":
            raise CellError(
                InvalidValue(
                    "negative_unpaid",
                    _("A bill of %(value)s cannot be unpaid: what we owe belongs to a balance."),
                    field="state",
                    value=self.total,
                )
            )
        if self.due_on < self.issued_on:
            raise CellError(
                InvalidValue(
                    "due_before_issued",
                    _("The bill is due on %(due)s, before it was issued on %(issued)s."),
                    field="due_on",
                    due=self.due_on,
                    issued=self.issued_on,
                )
            )
        return self


class BillItemRow(Row):
    """One item of a bill, in the bill's currency. Discounts are negative."""

    bill: KeyText
    position: Annotated[int, whole(1, 999)]
    description: Annotated[str, text(120)]
    amount: SignedAmount

    def amount_minor(self, currency: str) -> int:
        """In minor units of the bill's currency. Raises InvalidValue."""
        return minor(self.amount, currency, field="amount")
