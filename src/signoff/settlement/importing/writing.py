"""Writes what an export says of balances, payments and bills."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signoff.accounts.importing.merging import (
    Counts,
    Kind,
    Merged,
    Tick,
    Wanted,
    batches,
    fetch,
    merge,
)
from signoff.accounts.models import Account, Line
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.importing.items import write_items
from signoff.settlement.importing.owners import Owners
from signoff.settlement.importing.rows import BalanceRow, BillItemRow, BillRow, PaymentRow
from signoff.settlement.importing.writing_facts import FactTables, write_facts
from signoff.settlement.models import BalanceBucket, Bill, BillPayment, BillState, Dispute, Payment
from signoff.sheets.problems import Problem
from signoff.sheets.table import Table

_BUCKETS = Kind(
    BalanceBucket,
    "reference",
    ("amount_minor", "expires_on", "line_id"),
    fixed={"account_id": "account", "kind": "kind", "currency": "currency"},
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


@dataclass(frozen=True, slots=True)
class MoneyTables:
    """The files that this chapter reads."""

    balances: Table[BalanceRow]
    payments: Table[PaymentRow]
    bills: Table[BillRow]
    bill_items: Table[BillItemRow]
    facts: FactTables


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts by kind; what cannot be."""

    counts: Mapping[str, Counts]
    problems: tuple[Problem, ...]


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
    owners = Owners(accounts, lines, as_of)
    buckets = _write_buckets(tables.balances, owners, tick)
    payments = _write_payments(tables.payments, buckets.rows, tick)
    bills, disputed = _write_bills(tables.bills, owners, tick)
    items = write_items(tables.bill_items, tables.bills, bills, disputed, tick)
    merged: dict[str, Merged[Any]] = {
        "balances": buckets,
        "payments": payments,
        "bills": bills,
        "bill_items": items,
        **write_facts(tables.facts, owners, tick),
    }
    return Imported(
        counts={name: one.counts for name, one in merged.items()},
        problems=tuple(problem for one in merged.values() for problem in one.problems),
    )


def _write_buckets(table: Table[BalanceRow], owners: Owners, tick: Tick) -> Merged[BalanceBucket]:
    """What a closing has taken stays taken: the carrier may not know of it yet."""

    def held(bucket: BalanceBucket, new: BalanceBucket) -> Collection[str]:
        is_back = bucket.spent_by_case and new.amount_minor > bucket.amount_minor
        return ("amount_minor",) if is_back else ()

    return merge(
        _BUCKETS,
        [
            Wanted(placed.place, placed.row.bucket, _bucket(placed.row, owners))
            for placed in table.rows
            if owners.have(placed.row)
        ],
        hold=held,
        tick=tick,
    )


def _bucket(row: BalanceRow, owners: Owners) -> BalanceBucket:
    account = owners.accounts[row.account]
    return BalanceBucket(
        reference=row.bucket,
        account_id=account.pk,
        line_id=owners.line_id(row),
        kind=row.kind,
        amount_minor=row.amount_minor,
        currency="" if row.currency == account.currency else row.currency,
        expires_on=row.expires_on,
        as_of=owners.as_of,
    )


def _write_payments(
    table: Table[PaymentRow], buckets: Mapping[str, BalanceBucket], tick: Tick
) -> Merged[Payment]:
    """What was refunded only grows: we may have refunded since the export was made."""

    def held(payment: Payment, new: Payment) -> Collection[str]:
        return ("refunded_minor",) if payment.refunded_minor > new.refunded_minor else ()

    known = fetch(_PAYMENTS, [row.payment for row in table])
    ours = _made_here(known)
    merged = merge(
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
            if placed.row.bucket in buckets and placed.row.payment not in ours
        ],
        existing=known,
        hold=held,
        tick=tick,
    )
    merged.problems.extend(
        Problem(
            placed.at("payment"),
            "paid_here",
            _("“%(value)s” was paid on Signoff's page and is booked here: leave the row out."),
            {"value": placed.row.payment},
        )
        for placed in table.rows
        if placed.row.payment in ours
    )
    return merged


def _made_here(payments: Collection[str]) -> frozenset[str]:
    """Those that a customer made on our page: their bill or balance is known."""
    found: set[str] = set()
    for batch in batches(list(payments)):
        of_page = BillPayment.objects.filter(paid_by__in=batch)
        found.update(of_page.values_list("paid_by", flat=True))
    return frozenset(found)


def _write_bills(
    table: Table[BillRow], owners: Owners, tick: Tick
) -> tuple[Merged[Bill], frozenset[int]]:
    """The bills, and which of them have a disputed item: their items and totals stay.

    A bill that was paid here is paid, also before the carrier knows of it.
    """
    known = fetch(_BILLS, [row.bill for row in table])
    disputed = _disputed(known)

    def held(bill: Bill, new: Bill) -> Collection[str]:
        total = bill.total_minor if bill.pk in disputed else new.total_minor
        ours = bill.paid_minor + bill.credited_minor
        is_paid_here = bill.state == BillState.PAID and ours and ours >= total
        return (
            *(("total_minor",) if bill.pk in disputed else ()),
            *(("state",) if is_paid_here else ()),
        )

    merged = merge(
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
                    as_of=owners.as_of,
                ),
            )
            for placed in table.rows
            if owners.have(placed.row)
        ],
        existing=known,
        hold=held,
        tick=tick,
    )
    return merged, disputed


def _disputed(bills: Mapping[str, Bill]) -> frozenset[int]:
    found: set[int] = set()
    for batch in batches([bill.pk for bill in bills.values()]):
        of_bills = Dispute.objects.filter(item__bill__in=batch)
        found.update(of_bills.values_list("item__bill_id", flat=True))
    return frozenset(found)
