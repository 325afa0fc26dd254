"""Writes what an export says of accounts, lines, profiles, devices and services."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from signoff.accounts.importing.merging import (
    Counts,
    Kind,
    Merged,
    Tick,
    Wanted,
    fetch,
    fetch_where,
    merge,
)
from signoff.accounts.importing.rows import (
    CustomerRow,
    DeviceRow,
    LineRow,
    ProfileRow,
    ServiceRow,
)
from signoff.accounts.importing.sign_ins import merge_sign_ins
from signoff.accounts.models import (
    Account,
    Device,
    Line,
    LineState,
    LinkedService,
    Profile,
    User,
)
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import RowT, Table

_OURS = frozenset({LineState.CLOSING, LineState.CLOSED})
"""States of a line that no import changes: the closing is Signoff's, and it is final."""

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
_PROFILES = Kind(
    Profile, "line_id", ("iccid", "eid", "matching_id", "state"), unique={"iccid": "iccid"}
)
_DEVICES = Kind(Device, "imei", ("account_id", "line_id", "name", "last_seen_on"))
_SERVICES = Kind(LinkedService, "reference", ("name", "state"), fixed={"line_id": "line"})


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
    profiles = _write_profiles(tables.profiles, lines.rows, as_of, tick)
    devices = _write_devices(tables.devices, accounts.rows, lines.rows, as_of, tick)
    services = _write_services(tables.services, lines.rows, as_of, tick)
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
    return line.state in _OURS or line.pk in paused


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


def _write_profiles(
    table: Table[ProfileRow], lines: Mapping[str, Line], as_of: datetime, tick: Tick
) -> Merged[Profile]:
    by_line = {line.pk: line for line in lines.values()}
    known = fetch_where(Profile, "line_id", list(by_line))
    return merge(
        _PROFILES,
        [
            Wanted(
                place,
                row.line,
                Profile(
                    line_id=lines[row.line].pk,
                    iccid=str(row.iccid),
                    eid=str(row.eid or ""),
                    matching_id=row.matching_id,
                    state=row.state,
                    as_of=as_of,
                ),
            )
            for place, row in _placed(table)
            if row.line in lines
        ],
        existing={by_line[profile.line_id].reference: profile for profile in known},
        hold=lambda profile, _new: ("state",) if by_line[profile.line_id].state in _OURS else (),
        tick=tick,
    )


def _write_devices(
    table: Table[DeviceRow],
    accounts: Mapping[str, Account],
    lines: Mapping[str, Line],
    as_of: datetime,
    tick: Tick,
) -> Merged[Device]:
    return merge(
        _DEVICES,
        [
            Wanted(
                place,
                row.imei,
                Device(
                    imei=str(row.imei),
                    account_id=accounts[row.account].pk,
                    line_id=lines[row.line].pk if row.line else None,
                    name=row.name,
                    last_seen_on=row.last_seen_on,
                    as_of=as_of,
                ),
            )
            for place, row in _placed(table)
            if row.account in accounts and (row.line is None or row.line in lines)
        ],
        tick=tick,
    )


def _write_services(
    table: Table[ServiceRow], lines: Mapping[str, Line], as_of: datetime, tick: Tick
) -> Merged[LinkedService]:
    by_id = {line.pk: line for line in lines.values()}
    return merge(
        _SERVICES,
        [
            Wanted(
                place,
                row.service,
                LinkedService(
                    line_id=lines[row.line].pk,
                    reference=row.service,
                    name=row.name,
                    state=row.state,
                    as_of=as_of,
                ),
            )
            for place, row in _placed(table)
            if row.line in lines
        ],
        # A service that would move to another line is refused by `fixed`; here it may be unknown.
        hold=lambda service, _new: (
            ("state",) if service.line_id in by_id and by_id[service.line_id].state in _OURS else ()
        ),
        tick=tick,
    )
