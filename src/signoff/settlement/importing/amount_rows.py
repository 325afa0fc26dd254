"""What rows with an amount have in common."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from signoff.sheets.amounts import cell_minor
from signoff.sheets.table import Row


class AmountRow(Row):
    """A row with the columns `amount` and `currency`, each where its own file has it."""

    if TYPE_CHECKING:  # columns are listed in the order of the fields: the rows themselves say it
        amount: Decimal
        currency: str

    @property
    def amount_minor(self) -> int:
        """In minor units."""
        return cell_minor(self.amount, self.currency, "amount")

    @model_validator(mode="after")
    def _amount_fits_currency(self) -> Self:
        _ = self.amount_minor
        return self
