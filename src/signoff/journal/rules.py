"""What may stand in the journal. Pure.

Debit is positive, credit negative: an asset grows by debit, a debt and an income by credit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from signoff.kernel.errors import InvalidValue, SignoffError
from signoff.kernel.money import currency


class Account(StrEnum):
    """The chart of accounts. Closed: the database refuses any other name."""

    PAYMENT_SERVICE = "Assets:PaymentService"
    PAYMENT_SERVICE_IN_TRANSIT = "Assets:PaymentService:InTransit"
    BANK = "Assets:Bank"
    BANK_IN_TRANSIT = "Assets:Bank:InTransit"
    BILLS = "Assets:Receivable:Bills"
    DISPUTED = "Assets:Receivable:Disputed"
    BALANCES_PAID = "Liabilities:Balances:Paid"
    BALANCES_PROMOTIONAL = "Liabilities:Balances:Promotional"
    BALANCES_DEPOSIT = "Liabilities:Balances:Deposit"
    CREDITS = "Liabilities:Credits"
    CLOSING = "Liabilities:Closing"
    """What is owed under one case: filled by its final bill, emptied by its refunds."""
    TAX = "Liabilities:Tax"
    PLANS = "Income:Plans"
    USAGE = "Income:Usage"
    FEES = "Income:Fees"
    FORFEITED = "Income:Forfeited"
    CREDIT_NOTES = "Expenses:CreditNotes"


class EntryKind(StrEnum):
    """Why something was booked."""

    FINAL_BILL = "final_bill"
    REFUND_SENT = "refund_sent"
    REFUND_PAID = "refund_paid"
    REFUND_FAILED = "refund_failed"
    REFUND_TO_LINE = "refund_to_line"
    BILL_PAID = "bill_paid"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_UPHELD = "dispute_upheld"
    DISPUTE_REJECTED = "dispute_rejected"
    CORRECTION = "correction"


OPEN_ITEMS = frozenset(
    {Account.CLOSING, Account.PAYMENT_SERVICE_IN_TRANSIT, Account.BANK_IN_TRANSIT}
)
"""Accounts that a finished case leaves at zero: each posting on them must name its case."""

MOST_MINOR = 10**15
"""Above any amount of one customer, and far below where sums leave 64 bits."""

CAUSE = re.compile(r"[a-z][a-z0-9_-]*(:[\w.-]+)+", re.ASCII)
MAX_POSTINGS = 2**15 - 1
MAX_CAUSE = 120
MAX_STEP = 40


class BadEntry(SignoffError):
    """What was to be booked is not an entry of double-entry book-keeping; nothing was written."""


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One line of an entry: `minor` units of `currency` (ISO 4217), debit positive."""

    account: Account
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """An entry as it stands in the database, whoever wrote it: nothing in it is checked yet.

    `size` is how many postings it was written with; postings are (account, minor, currency).
    """

    cause: str
    kind: str
    case: UUID | None
    step: str
    at: datetime
    size: int
    postings: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case of which the journal and the chapter that owes the money say different sums."""

    case: UUID
    currency: str
    booked: int
    expected: int


def check_postings(postings: Sequence[PostingLine], *, case: UUID | None) -> None:
    """Raises BadEntry unless these lines can stand together in one entry."""
    if not 2 <= len(postings) <= MAX_POSTINGS:
        raise BadEntry(f"an entry has 2 to {MAX_POSTINGS} postings, not {len(postings)}")
    for line in postings:
        _check_line(line, case)
    for code, total in sorted(totals(postings).items()):
        if total:
            raise BadEntry(f"the postings in {code} do not add up to zero: {total} remain")


def _check_line(line: PostingLine, case: UUID | None) -> None:
    if type(line.minor) is not int:  # a Decimal or a bool would be written, and mean something else
        raise BadEntry(f"{line.account}: {line.minor!r} is not a whole number of minor units")
    if line.minor == 0:
        raise BadEntry(f"{line.account}: a posting of nothing")
    if abs(line.minor) > MOST_MINOR:
        raise BadEntry(f"{line.account}: {line.minor} is absurd")
    try:
        known = currency(line.currency).code
    except InvalidValue as error:
        raise BadEntry(f"{line.account}: {error}") from None
    if known != line.currency:
        raise BadEntry(f"{line.account}: {line.currency} is not written as in ISO 4217, {known}")
    if case is None and line.account in OPEN_ITEMS:
        raise BadEntry(f"{line.account}: an entry on this account needs its case")


def totals(postings: Iterable[PostingLine]) -> dict[str, int]:
    """Sum of the minor units of each currency."""
    sums: defaultdict[str, int] = defaultdict(int)
    for line in postings:
        sums[line.currency] += line.minor
    return dict(sums)


def check_names(*, cause: str, step: str) -> None:
    """Raises BadEntry for a cause that is not like `refund:17:sent:1`, or a name too long.

    Only ASCII letters, digits, `.`, `_` and `-` stand between the colons: the journal outlives the
    person's data, so a cause is made of ids, not of words that somebody typed.
    """
    if len(cause) > MAX_CAUSE or not CAUSE.fullmatch(cause):
        raise BadEntry(f"“{cause[:MAX_CAUSE]}” is no cause like refund:17:sent:1")
    if len(step) > MAX_STEP:
        raise BadEntry(f"“{step[:MAX_STEP]}…” is too long for a step")


def fault(entry: BookedEntry) -> str:
    """What is wrong with an entry that stands in the database, in words; "" if nothing is."""
    if len(entry.postings) != entry.size:
        return f"it was written with {entry.size} postings and has {len(entry.postings)}"
    try:
        EntryKind(entry.kind)
        lines = [
            PostingLine(Account(account), minor, code) for account, minor, code in entry.postings
        ]
        check_names(cause=entry.cause, step=entry.step)
        check_postings(lines, case=entry.case)
    except (ValueError, BadEntry) as error:
        return str(error)
    return ""


def differences(
    booked: Mapping[tuple[UUID, str], int], expected: Mapping[tuple[UUID, str], int]
) -> list[Difference]:
    """Where the open items of the journal and what is under way are not the same; by case."""
    keys = sorted({*booked, *expected}, key=lambda key: (str(key[0]), key[1]))
    pairs = ((key, booked.get(key, 0), expected.get(key, 0)) for key in keys)
    return [Difference(*key, mine, theirs) for key, mine, theirs in pairs if mine != theirs]
