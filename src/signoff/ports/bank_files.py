"""Money that goes to a bank account: a file out to the bank, and its answers back in.

A file is not an order: a person takes it to the bank, and only the bank's answer moves a transfer
on. So the same batch always makes the same bytes, and a bank that gets it twice can tell.
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from moneyed import Money

from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _

MOST_TRANSFERS = 5_000
"""In one file. The bank's answer to so many still fits `MOST_BYTES`."""
MOST_BYTES = 10_000_000
"""Of an answer; what is larger is refused unread."""

_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9.:-]{0,33}[A-Za-z0-9]")


def checked_reference(reference: str) -> str:
    """`reference` if it survives the way to the bank and back. Raises InvalidValue.

    2 to 35 characters (ISO 20022's Max35Text), of the letters and signs that every bank passes on
    unchanged (EPC217-08); a letter first, or a spreadsheet takes it for a number and rounds it.
    """
    if not _REFERENCE.fullmatch(reference):
        raise InvalidValue(
            "transfer_reference",
            _(
                "“%(value)s” cannot be the reference of a transfer: it has 2 to 35 letters, digits, full stops, colons and hyphens, and a letter first."
            ),
            field="reference",
            value=reference[:60],
        )
    return reference


class TransferState(enum.Enum):
    """How far a bank is with a transfer."""

    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class Remedy(enum.Enum):
    """What can be done about an answer. NOTHING: it needs nothing."""

    NOTHING = "nothing"
    OTHER_ACCOUNT = "other_account"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment to one account.

    end_to_end_id: ours, opaque, comes back in the answer; see `checked_reference`.
    holder, account: as `kernel.bank_accounts` has parsed them. bic: only if the customer gave one.
    bank: the name of the bank and branch (开户行), as the customer wrote it; may be empty.
    purpose: what the holder reads on the statement. Holder and account stay out of logs.
    """

    end_to_end_id: str
    amount: Money
    holder: str = field(repr=False)
    account: str = field(repr=False)
    purpose: str
    bic: str = ""
    bank: str = ""

    def __post_init__(self) -> None:
        checked_reference(self.end_to_end_id)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for a person to take to the bank."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a bank says of one transfer, or of a batch.

    end_to_end_id: empty if the bank speaks of the whole batch: this is then said of every transfer
    of `batch_id` that the same file does not name.
    batch_id: as given to `write`; empty where the format does not carry it.
    reason_code: ISO 20022's, or empty. reason_text: what that means, an English text of the
    catalogue, or empty. bank_text: the bank's own words, at most 500 characters, in its language.
    reported_at: aware, or None if the file does not say.
    """

    end_to_end_id: str
    state: TransferState
    reason_code: str = ""
    reason_text: str = ""
    reported_at: datetime | None = None
    batch_id: str = ""
    bank_text: str = field(default="", repr=False)
    remedy: Remedy = Remedy.NOTHING


class BankFiles(Protocol):
    """A format in both directions. Nothing here touches a network or a clock."""

    @property
    def currency(self) -> str:
        """The only currency of its transfers, like EUR."""

    def check(self, transfer: Transfer) -> None:
        """Raises InvalidValue if this transfer cannot be written, before it spoils a batch."""

    def write(
        self,
        batch_id: str,
        transfers: Sequence[Transfer],
        execution_date: date,
        created_at: datetime,
    ) -> BankFile:
        """One file; the same arguments give the same bytes. `created_at` is aware.

        Raises InvalidValue for an empty batch, two transfers of one reference, another currency,
        a day in the past, and whatever `check` refuses; `field` is then that transfer's reference.
        """

    def read_status(self, content: bytes) -> tuple[StatusReport, ...]:
        """What the bank says, in the order of its file; every reference at most once.

        Raises InvalidValue if the file is not such an answer, cannot be read whole, is hostile, or
        says two things of one transfer. References that we never gave are for the caller to judge.
        """


def contradiction(reference: str) -> InvalidValue:
    """The answer says two things of `reference`, a transfer's or a batch's."""
    return InvalidValue(
        "status_contradiction",
        _("The file says two different things of “%(reference)s”: ask the bank which one is true."),
        field="status_file",
        reference=reference,
    )


def without_contradiction(reports: Sequence[StatusReport]) -> tuple[StatusReport, ...]:
    """Each reference once, the first time. Raises InvalidValue if two states are given for one."""
    first: dict[tuple[str, str], StatusReport] = {}
    for report in reports:
        key = (report.end_to_end_id, "" if report.end_to_end_id else report.batch_id)
        if first.setdefault(key, report).state is not report.state:
            raise contradiction(report.end_to_end_id or report.batch_id)
    return tuple(first.values())
