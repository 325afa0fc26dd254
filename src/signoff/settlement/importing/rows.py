"""Rows of `balances.csv`, `payments.csv`, `bills.csv`, `bill_items.csv`.

The fields are the columns; the README of `examples/boom` explains each.
"""

from typing import Annotated, Self

from pydantic import model_validator

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.importing.amount_rows import AmountRow
from signoff.sheets.amounts import Amount, CurrencyText, SignedAmount, cell_minor, minor
from signoff.sheets.cells import CellError, text, whole, word, word_or
from signoff.sheets.fields import (
    Day,
    KeyText,
    LongKeyText,
    Moment,
    OptionalCountry,
    OptionalDay,
    OptionalKey,
    check_days,
)
from signoff.sheets.table import Row

_ITEM_KINDS = ("plan", "usage", "roaming", "premium", "fee", "discount", "other")


class BalanceRow(AmountRow):
    """Money that the carrier holds; in whatever currency."""

    bucket: KeyText
    account: KeyText
    line: OptionalKey
    kind: Annotated[str, word("paid", "promotional", "deposit")]
    amount: Amount
    currency: CurrencyText
    expires_on: OptionalDay


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
        return cell_minor(self.amount, self.currency, "amount")

    @property
    def refunded_minor(self) -> int:
        """What already went back, in minor units."""
        return cell_minor(self.refunded, self.currency, "refunded")

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
        return cell_minor(self.total, self.currency, "total")

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
    """One item of a bill, in the bill's currency. Discounts are negative.

    country and the days, both included, say where and when it was used.
    """

    bill: KeyText
    position: Annotated[int, whole(1, 999)]
    description: Annotated[str, text(120)]
    amount: SignedAmount
    kind: Annotated[str, word_or("other", *_ITEM_KINDS)] = "other"
    country: OptionalCountry = ""
    first_day: OptionalDay = None
    last_day: OptionalDay = None

    def amount_minor(self, currency: str) -> int:
        """In minor units of the bill's currency. Raises InvalidValue."""
        return minor(self.amount, currency, field="amount")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if (self.first_day is None) != (self.last_day is None):
            raise CellError(
                InvalidValue(
                    "half_period",
                    _("One of the days is missing: for a single day write it twice."),
                    field="first_day" if self.first_day is None else "last_day",
                )
            )
        check_days(self.first_day, self.last_day)
        return self
