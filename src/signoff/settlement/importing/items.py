"""Writes the items of bills."""

from collections.abc import Collection
from dataclasses import replace

from signoff.accounts.importing.merging import (
    Kind,
    Merged,
    Tick,
    Wanted,
    fetch_where,
    merge,
    remove,
)
from signoff.settlement.importing.rows import BillItemRow, BillRow
from signoff.settlement.models import Bill, BillItem
from signoff.sheets.table import Table

_DETAILS = ("kind", "country", "first_day", "last_day")
_ITEMS = Kind(BillItem, "position", ("description", "amount_minor", *_DETAILS))


def write_items(
    table: Table[BillItemRow],
    bill_table: Table[BillRow],
    bills: Merged[Bill],
    disputed: Collection[int],
    tick: Tick,
) -> Merged[BillItem]:
    """The items of every bill that was not kept; those that the export has no more are removed.

    disputed: primary keys of bills whose items stay as they are, because a customer and an agent
    speak of them.
    """
    currency = {row.bill: row.currency for row in bill_table}
    current = {
        key: bill
        for key, bill in bills.rows.items()
        if key not in bills.kept and bill.pk not in disputed
    }
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
            _item(placed.row, current[placed.row.bill], currency[placed.row.bill]),
        )
        for placed in rows
    ]
    untold = table.untold(*_DETAILS)
    merged = merge(_ITEMS, wanted, existing=existing, hold=lambda _item, _new: untold, tick=tick)
    removed = 0
    if not merged.problems:
        gone = [item for key, item in existing.items() if key not in merged.rows]
        removed = remove(BillItem, gone)
    kept = len(table.rows) - len(rows)
    tick(kept)
    merged.counts = replace(merged.counts, kept=merged.counts.kept + kept, removed=removed)
    return merged


def _item(row: BillItemRow, bill: Bill, currency: str) -> BillItem:
    return BillItem(
        bill_id=bill.pk,
        position=row.position,
        description=row.description,
        amount_minor=row.amount_minor(currency),
        kind=row.kind,
        country=row.country,
        first_day=row.first_day,
        last_day=row.last_day,
    )
