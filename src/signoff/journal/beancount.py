"""The journal in beancount's text format. Pure.

Source: "Beancount Language Syntax", the directives `open` and transaction with metadata. Its sign
is ours: debit positive. Each chunk of text ends with a line break.
"""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from decimal import Decimal

from signoff.journal.rules import Account, BookedEntry, EntryKind
from signoff.kernel.money import exponent

OPENED = "1970-01-01"
"""The chart is not dated: it is open before anything that can be booked."""

NARRATIONS = {
    EntryKind.FINAL_BILL: "Final bill",
    EntryKind.REFUND_SENT: "Refund sent",
    EntryKind.REFUND_PAID: "Refund arrived",
    EntryKind.REFUND_FAILED: "Refund failed, owed again",
    EntryKind.REFUND_TO_LINE: "Refund to another line",
    EntryKind.BILL_PAID: "Bill paid",
    EntryKind.DISPUTE_OPENED: "Dispute opened, set aside",
    EntryKind.DISPUTE_UPHELD: "Dispute upheld, credited",
    EntryKind.DISPUTE_REJECTED: "Dispute rejected, due again",
    EntryKind.CORRECTION: "Correction",
}


def text(entries: Iterable[BookedEntry], *, zone: tzinfo) -> Iterator[str]:
    """The whole file, piece by piece: the chart of accounts, then each entry.

    `zone` decides on which day an entry was booked.
    """
    yield 'option "title" "Signoff"\n\n'
    yield "".join(f"{OPENED} open {account}\n" for account in Account)
    for entry in entries:
        yield "\n" + transaction(entry, zone=zone)


def transaction(entry: BookedEntry, *, zone: tzinfo) -> str:
    """One entry. Raises ValueError for a kind that we do not know: somebody changed the row."""
    local = entry.at.astimezone(zone)
    metadata = {
        "cause": entry.cause,
        "case": str(entry.case or ""),
        "kind": entry.kind,
        "step": entry.step,
        "at": local.isoformat(timespec="seconds"),
    }
    return "".join(
        (
            f"{local.date()} * {_quoted(NARRATIONS[EntryKind(entry.kind)])}\n",
            *(f"  {name}: {_quoted(value)}\n" for name, value in metadata.items() if value),
            *(f"  {account}  {_amount(minor, code)}\n" for account, minor, code in entry.postings),
        )
    )


def _amount(minor: int, code: str) -> str:
    """1250, EUR → `12.50 EUR`; the places are those of the currency: `1250 JPY`."""
    return f"{Decimal(minor).scaleb(-exponent(code)):f} {code}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
