"""Entries for tests of the journal, and writing past its operations."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from signoff.journal.models import Entry, Posting
from signoff.journal.operations import post
from signoff.journal.rules import Account, EntryKind, PostingLine

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CASE = UUID("5a0c3a57-4f3e-4a4e-9d1b-0d0f7a3f7c11")
CAUSE = "case:1:final_bill"


def moved(minor: int = 1000, *, frm: Account = Account.CLOSING) -> list[PostingLine]:
    """So much is owed under a case that was a balance before."""
    return [
        PostingLine(Account.BALANCES_PAID, minor, "CNY"),
        PostingLine(frm, -minor, "CNY"),
    ]


def book(
    cause: str = CAUSE,
    lines: list[PostingLine] | None = None,
    *,
    kind: EntryKind = EntryKind.FINAL_BILL,
    case: UUID | None = CASE,
    step: str = "",
    now: datetime = NOON,
) -> Entry:
    with transaction.atomic():
        return post(
            cause=cause, kind=kind, postings=lines or moved(), now=now, case=case, step=step
        )


def raw_posting(entry: UUID, position: int, minor: int, currency: str = "CNY") -> None:
    Posting.objects.create(
        entry_id=entry,
        position=position,
        account="Assets:Bank",
        amount_minor=minor,
        currency=currency,
    )


def raw_entry(entry: UUID, size: int, **changes: str) -> None:
    row = {"cause": "raw:1", "kind": "correction", **changes}
    Entry.objects.create(id=entry, case=CASE, at=NOON, size=size, **row)
