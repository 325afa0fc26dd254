"""Writes what an export says of accounts, lines, profiles, devices and services."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.importing.merging import Counts, Kind, Merged, Tick, Wanted, fetch, merge
from signoff.accounts.importing.rows import (
    CustomerRow,
    DeviceRow,
    LineRow,
    ProfileRow,
    ServiceRow,
)
from signoff.accounts.importing.sign_ins import merge_sign_ins
from signoff.accounts.importing.writing_attached import (
    OURS,
    write_devices,
    write_profiles,
    write_services,
)
from signoff.accounts.models import Account, Device, Line, LinkedService, Profile, User
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import RowT, Table

_ACCOUNTS = Kind(
    Account,
    "number",
    (
        "name",
        "country",
        "language",
        "time_zone",
        "email",
        "contact_phone",
        "tax_ppm",
        "prices_include_tax",
        "user_id",
    ),
    fixed={"currency": "currency"},
)
_LINES = Kind(
    Line,
    "reference",
    (
        "msisdn",
        "imsi",
        "plan",
        "billing",
        "monthly_minor",
        "cycle_day",
        "activated_on",
        "state",
    ),
    unique={"msisdn": "msisdn", "imsi": "imsi"},
    fixed={"account_id": "account"},
)


@dataclass(frozen=True, slots=True)
class AccountTables:
    """The files that this chapter reads."""

    customers: Table[CustomerRow]
    lines: Table[LineRow]
    profiles: Table[ProfileRow]
    devices: Table[DeviceRow]
    services: Table[ServiceRow]


@dataclass(frozen=True, slots=True)
class Imported:
    """The rows now, for the chapters that refer to them; counts by kind; what cannot be."""

    accounts: Mapping[str, Account]
    lines: Mapping[str, Line]
    counts: Mapping[str, Counts]
    problems: tuple[Problem, ...]


def write(
    tables: AccountTables, *, as_of: datetime, paused: Collection[int], tick: Tick
) -> Imported:
    """In the caller's transaction, which is to be given up if there are problems.

    paused: primary keys of lines that rest because Signoff let them; their state stays.
    """
    accounts, users = _write_accounts(tables.customers, as_of, tick)
    lines = merge(
        _LINES,
        [
            Wanted(place, row.line, _line(row, accounts.rows[row.account], as_of))
            for place, row in _placed(tables.lines)
            if row.account in accounts.rows
        ],
        hold=lambda line, _new: ("state",) if _is_ours(line, paused) else (),
        tick=tick,
    )
    profiles = write_profiles(tables.profiles, lines.rows, as_of, tick)
    devices = write_devices(tables.devices, accounts.rows, lines.rows, as_of, tick)
    services = write_services(tables.services, lines.rows, as_of, tick)
    kinds: dict[
        str,
        Merged[Account]
        | Merged[User]
        | Merged[Line]
        | Merged[Profile]
        | Merged[Device]
        | Merged[LinkedService],
    ] = {
        "customers": accounts,
        "sign_ins": users,
        "lines": lines,
        "profiles": profiles,
        "devices": devices,
        "services": services,
    }
    return Imported(
        accounts=accounts.rows,
        lines=lines.rows,
        counts={name: merged.counts for name, merged in kinds.items()},
        problems=tuple(problem for merged in kinds.values() for problem in merged.problems),
    )


def _placed(table: Table[RowT]) -> Iterable[tuple[Place, RowT]]:
    return ((placed.place, placed.row) for placed in table.rows)


def _is_ours(line: Line, paused: Collection[int]) -> bool:
    return line.state in OURS or line.pk in paused


def _write_accounts(
    table: Table[CustomerRow], as_of: datetime, tick: Tick
) -> tuple[Merged[Account], Merged[User]]:
    customers = list(_placed(table))
    known = fetch(_ACCOUNTS, [row.account for _place, row in customers])
    users = merge_sign_ins(customers, known)
    taxes = {"tax_rate": "tax_ppm", "prices_include_tax": "prices_include_tax"}
    untold = frozenset(taxes[column] for column in table.untold(*taxes))
    accounts = merge(
        _ACCOUNTS,
        [
            Wanted(place, row.account, _account(row, users.rows.get(row.account), as_of))
            for place, row in customers
            if row.account in users.rows or row.account in known
        ],
        existing=known,
        hold=lambda account, _new: _ACCOUNTS.facts if account.closed_at else untold,
        tick=tick,
    )
    return accounts, users


def _account(row: CustomerRow, user: User | None, as_of: datetime) -> Account:
    return Account(
        number=row.account,
        user_id=user.pk if user else None,
        name=row.name,
        country=row.country,
        language=row.language,
        time_zone=row.time_zone,
        currency=row.currency,
        email=row.email,
        contact_phone=row.contact_phone or "",
        tax_ppm=row.tax_rate,
        prices_include_tax=row.prices_include_tax,
        as_of=as_of,
    )


def _line(row: LineRow, account: Account, as_of: datetime) -> Line:
    return Line(
        reference=row.line,
        account_id=account.pk,
        msisdn=str(row.msisdn),
        imsi=str(row.imsi),
        plan=row.plan,
        billing=row.billing,
        monthly_minor=row.monthly_minor,
        cycle_day=row.cycle_day,
        activated_on=row.activated_on,
        state=row.state,
        as_of=as_of,
    )
