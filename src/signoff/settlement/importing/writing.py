"""Writes what an export says of balances, payments and bills."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.importing.merging import (
    Counts,
    Kind,
    Merged,
    Tick,
    Wanted,
    batches,
    fetch_where,
    merge,
)
from signoff.accounts.models import Account, Line
from signoff.settlement.importing.rows import BalanceRow, BillItemRow, BillRow, PaymentRow
from signoff.settlement.models import BalanceBucket, Bill, BillItem, Payment
from signoff.sheets.problems import Problem
from signoff.sheets.table import Table

_BUCKETS = Kind(
    BalanceBucket,
    "reference",
    ("amount_minor", "expires_on", "line_id"),
    fixed={"account_id": "account", "kind": "kind"},
)
_PAYMENTS = Kind(
    Payment,
    "reference",
    ("refunded_minor", "method", "paid_at"),
    fixed={"bucket_id": "bucket", "amount_minor": "amount"},
)
_BILLS = Kind(
    Bill,
    "number",
    ("line_id", "issued_on", "due_on", "total_minor", "state"),
    fixed={"account_id": "account"},
)
_ITEMS = Kind(BillItem, "position", ("description", "amount_minor"))


@dataclass(frozen=True, slots=True)
class MoneyTables:
    """The files that this chapter reads."""

    balances: Table[BalanceRow]
    payments: Table[PaymentRow]
    bills: Table[BillRow]
    bill_items: Table[BillItemRow]


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts by kind; what cannot be."""

    counts: Mapping[str, Counts]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Owners:
    accounts: Mapping[str, Account]
    lines: Mapping[str, Line]

    def have(self, row: BalanceRow | BillRow) -> bool:
        return row.account in self.accounts and (row.line is None or row.line in self.lines)

    def line_id(self, row: BalanceRow | BillRow) -> int | None:
        return None if row.line is None else self.lines[row.line].pk


def write(
    tables: MoneyTables,
    *,
    accounts: Mapping[str, Account],
    lines: Mapping[str, Line],
    as_of: datetime,
    tick: Tick,
) -> Imported:
    """In the caller's transaction, which is to be given up if there are problems.

    accounts, lines: the rows that the export's references mean.
    """
    owners = _Owners(accounts, lines)
    buckets = _write_buckets(tables.balances, owners, as_of, tick)
    payments = _write_payments(tables.payments, buckets.rows, tick)
    bills = _write_bills(tables.bills, owners, as_of, tick)
    items = _write_items(tables, bills, tick)
    return Imported(
        counts={
            "balances": buckets.counts,
            "payments": payments.counts,
            "bills": bills.counts,
            "bill_items": items.counts,
        },
        problems=(*buckets.problems, *payments.problems, *bills.problems, *items.problems),
    )


def _write_buckets(
    table: Table[BalanceRow], owners: _Owners, as_of: datetime, tick: Tick
) -> Merged[BalanceBucket]:
    return merge(
        _BUCKETS,
        [
            Wanted(
                placed.place,
                placed.row.bucket,
                BalanceBucket(
                    reference=placed.row.bucket,
                    account_id=owners.accounts[placed.row.account].pk,
                    line_id=owners.line_id(placed.row),
                    kind=placed.row.kind,
                    amount_minor=placed.row.amount_minor,
                    expires_on=placed.row.expires_on,
                    as_of=as_of,
                ),
            )
            for placed in table.rows
            if owners.have(placed.row)
        ],
        tick=tick,
    )


def _write_payments(
    table: Table[PaymentRow], buckets: Mapping[str, BalanceBucket], tick: Tick
) -> Merged[Payment]:
    """What was refunded only grows: we may have refunded since the export was made."""

    def held(payment: Payment, new: Payment) -> Collection[str]:
        return ("refunded_minor",) if payment.refunded_minor > new.refunded_minor else ()

    return merge(
        _PAYMENTS,
        [
            Wanted(
                placed.place,
                placed.row.payment,
                Payment(
                    reference=placed.row.payment,
                    bucket_id=buckets[placed.row.bucket].pk,
                    amount_minor=placed.row.amount_minor,
                    refunded_minor=placed.row.refunded_minor,
                    method=placed.row.method,
                    paid_at=placed.row.paid_at,
                ),
            )
            for placed in table.rows
            if placed.row.bucket in buckets
        ],
        hold=held,
        tick=tick,
    )


def _write_bills(
    table: Table[BillRow], owners: _Owners, as_of: datetime, tick: Tick
) -> Merged[Bill]:
    return merge(
        _BILLS,
        [
            Wanted(
                placed.place,
                placed.row.bill,
                Bill(
                    number=placed.row.bill,
                    account_id=owners.accounts[placed.row.account].pk,
                    line_id=owners.line_id(placed.row),
                    issued_on=placed.row.issued_on,
                    due_on=placed.row.due_on,
                    total_minor=placed.row.total_minor,
                    state=placed.row.state,
                    as_of=as_of,
                ),
            )
            for placed in table.rows
            if owners.have(placed.row)
        ],
        tick=tick,
    )


def _write_items(tables: MoneyTables, bills: Merged[Bill], tick: Tick) -> Merged[BillItem]:
    """The items of every bill that was not kept; those that the export has no more are removed."""
    table = tables.bill_items
    currency = {row.bill: row.currency for row in tables.bills}
    current = {key: bill for key, bill in bills.rows.items() if key not in bills.kept}
    number_of = {bill.pk: number for number, bill in current.items()}
    existing = {
        f"{number_of[item.bill_id]}#{item.position}": item
        for item in fetch_where(BillItem, "bill_id", list(number_of))
    }
    rows = [placed for placed in table.rows if placed.row.bill in current]
    wanted = [
        Wanted(
            placed.place,
            f"{placed.row.bill}#{placed.row.position}",
            BillItem(
                bill_id=current[placed.row.bill].pk,
                position=placed.row.position,
                description=placed.row.description,
                amount_minor=placed.row.amount_minor(currency[placed.row.bill]),
            ),
        )
        for placed in rows
    ]
    merged = merge(_ITEMS, wanted, existing=existing, tick=tick)
    gone = [item.pk for key, item in existing.items() if key not in merged.rows]
    if not merged.problems:
        for batch in batches(gone):
            BillItem.objects.filter(pk__in=batch).delete()
    kept = len(table.rows) - len(rows)
    tick(kept)
    counts = merged.counts
    merged.counts = Counts(counts.created, counts.changed, counts.unchanged, counts.kept + kept)
    return merged
