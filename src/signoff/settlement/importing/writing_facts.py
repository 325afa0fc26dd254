"""Writes what an export may say besides: use not billed yet, credits, fees for ending early, stays.

These rows have no moment of their own: they are as new as their line or account. What a closing
has used stays as it was, and stays used.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Model

from signoff.accounts.importing.merging import (
    Kind,
    Merged,
    Tick,
    Wanted,
    fetch_where,
    merge,
    remove,
)
from signoff.settlement.importing.fact_rows import CreditRow, FeeRow, StayRow, UsageRow
from signoff.settlement.importing.owners import Owners
from signoff.settlement.models import Credit, EarlyTerminationFee, Stay, Usage
from signoff.sheets.table import Placed, RowT, Table

ModelT = TypeVar("ModelT", bound=Model)

_USAGE = Kind(
    Usage, "reference", ("description", "amount_minor", "used_at"), fixed={"line_id": "line"}
)
_CREDITS = Kind(
    Credit,
    "reference",
    ("line_id", "description", "amount_minor", "expires_on"),
    fixed={"account_id": "account", "kind": "kind"},
)
_FEES = Kind(EarlyTerminationFee, "first_day", ("last_day", "amount_minor", "is_taxed"))
_STAYS = Kind(Stay, "first_day", ("last_day",))


@dataclass(frozen=True, slots=True)
class FactTables:
    """The files that an export may leave out."""

    usage: Table[UsageRow]
    credits: Table[CreditRow]
    fees: Table[FeeRow]
    stays: Table[StayRow]


def write_facts(tables: FactTables, owners: Owners, tick: Tick) -> dict[str, Merged[Any]]:
    """What became of the rows of each file that is there, by its name."""
    written: dict[str, tuple[Table[Any], Callable[[], Merged[Any]]]] = {
        "usage": (tables.usage, lambda: _write_usage(tables.usage, owners, tick)),
        "credits": (tables.credits, lambda: _write_credits(tables.credits, owners, tick)),
        "termination_fees": (tables.fees, lambda: _write_fees(tables.fees, owners, tick)),
        "stays": (tables.stays, lambda: _write_stays(tables.stays, owners, tick)),
    }
    return {name: write() for name, (table, write) in written.items() if table.is_there}


def _write_usage(table: Table[UsageRow], owners: Owners, tick: Tick) -> Merged[Usage]:
    """What the export has no more is on a bill now, and is removed here."""
    lines = owners.current_lines
    by_pk = {line.pk: key for key, line in lines.items()}
    rows = [placed for placed in table.rows if placed.row.line in lines]
    merged = merge(
        _USAGE,
        [
            Wanted(
                placed.place,
                placed.row.usage,
                Usage(
                    reference=placed.row.usage,
                    line_id=lines[placed.row.line].pk,
                    description=placed.row.description,
                    amount_minor=placed.row.amount_minor,
                    used_at=placed.row.used_at,
                ),
            )
            for placed in rows
        ],
        hold=lambda usage, _new: _USAGE.facts if usage.billed_by_case else (),
        tick=tick,
    )
    known = fetch_where(Usage, "line_id", list(by_pk))
    told = {placed.row.usage for placed in rows}
    gone = [one for one in known if one.reference not in told and not one.billed_by_case]
    return _completed(merged, Usage, gone, table, rows, tick)


def _write_credits(table: Table[CreditRow], owners: Owners, tick: Tick) -> Merged[Credit]:
    """What the export has no more was used up at the carrier, and is removed here."""
    accounts = owners.current_accounts
    rows = [
        placed
        for placed in table.rows
        if placed.row.account in accounts and owners.have(placed.row)
    ]
    merged = merge(
        _CREDITS,
        [
            Wanted(
                placed.place,
                placed.row.credit,
                Credit(
                    reference=placed.row.credit,
                    account_id=accounts[placed.row.account].pk,
                    line_id=owners.line_id(placed.row),
                    kind=placed.row.kind,
                    description=placed.row.description,
                    amount_minor=placed.row.amount_minor,
                    expires_on=placed.row.expires_on,
                ),
            )
            for placed in rows
        ],
        hold=lambda credit, _new: _CREDITS.facts if credit.used_by_case else (),
        tick=tick,
    )
    known = fetch_where(Credit, "account_id", [one.pk for one in accounts.values()])
    told = {placed.row.credit for placed in rows}
    gone = [one for one in known if one.reference not in told and not one.used_by_case]
    return _completed(merged, Credit, gone, table, rows, tick)


def _write_fees(table: Table[FeeRow], owners: Owners, tick: Tick) -> Merged[EarlyTerminationFee]:
    """The whole table of each line: a row that the export has no more is removed."""
    lines = owners.current_lines
    name_of = {line.pk: key for key, line in lines.items()}
    existing = {
        f"{name_of[fee.line_id]}#{fee.first_day}": fee
        for fee in fetch_where(EarlyTerminationFee, "line_id", list(name_of))
    }
    rows = [placed for placed in table.rows if placed.row.line in lines]
    merged = merge(
        _FEES,
        [
            Wanted(
                placed.place,
                f"{placed.row.line}#{placed.row.first_day}",
                EarlyTerminationFee(
                    line_id=lines[placed.row.line].pk,
                    first_day=placed.row.first_day,
                    last_day=placed.row.last_day,
                    amount_minor=placed.row.amount_minor,
                    is_taxed=placed.row.taxed,
                ),
            )
            for placed in rows
        ],
        existing=existing,
        tick=tick,
    )
    gone = [fee for key, fee in existing.items() if key not in merged.rows]
    return _completed(merged, EarlyTerminationFee, gone, table, rows, tick)


def _write_stays(table: Table[StayRow], owners: Owners, tick: Tick) -> Merged[Stay]:
    """Stays that the export has no more are not undone: they were long ago."""
    lines = owners.current_lines
    name_of = {line.pk: key for key, line in lines.items()}
    rows = [placed for placed in table.rows if placed.row.line in lines]
    merged = merge(
        _STAYS,
        [
            Wanted(
                placed.place,
                f"{placed.row.line}#{placed.row.country}#{placed.row.first_day}",
                Stay(
                    line_id=lines[placed.row.line].pk,
                    country=placed.row.country,
                    first_day=placed.row.first_day,
                    last_day=placed.row.last_day,
                ),
            )
            for placed in rows
        ],
        existing={
            f"{name_of[stay.line_id]}#{stay.country}#{stay.first_day}": stay
            for stay in fetch_where(Stay, "line_id", list(name_of))
        },
        tick=tick,
    )
    return _completed(merged, Stay, (), table, rows, tick)


def _completed(
    merged: Merged[ModelT],
    model: type[ModelT],
    gone: Iterable[ModelT],
    table: Table[RowT],
    rows: list[Placed[RowT]],
    tick: Tick,
) -> Merged[ModelT]:
    """Removes what is gone, and counts it and the rows that were passed over."""
    kept = len(table.rows) - len(rows)
    tick(kept)
    removed = 0 if merged.problems else remove(model, gone)
    merged.counts = replace(merged.counts, kept=merged.counts.kept + kept, removed=removed)
    return merged
