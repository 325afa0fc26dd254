"""Whose money it is: the rows that an export's references mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from signoff.accounts.models import Account, Line


class Owned(Protocol):
    """A row of an account, and perhaps of one line of it."""

    @property
    def account(self) -> str:
        """Its reference."""

    @property
    def line(self) -> str | None:
        """Its reference; None for the account as a whole."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Accounts and lines by their reference; `as_of` is the moment of the export."""

    accounts: Mapping[str, Account]
    lines: Mapping[str, Line]
    as_of: datetime

    def have(self, row: Owned) -> bool:
        """Whether they were written."""
        return row.account in self.accounts and (row.line is None or row.line in self.lines)

    def line_id(self, row: Owned) -> int | None:
        """Primary key of the row's line."""
        return None if row.line is None else self.lines[row.line].pk

    @property
    def current_lines(self) -> dict[str, Line]:
        """Those of which nothing newer is known. What has no moment of its own has its line's."""
        return {key: line for key, line in self.lines.items() if line.as_of <= self.as_of}

    @property
    def current_accounts(self) -> dict[str, Account]:
        """The same, of accounts."""
        return {key: one for key, one in self.accounts.items() if one.as_of <= self.as_of}
