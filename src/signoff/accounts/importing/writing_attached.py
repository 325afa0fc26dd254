"""Writes what hangs on a line, as an export says it: its eSIM profile, phones and services."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from signoff.accounts.importing.merging import Kind, Merged, Tick, Wanted, fetch_where, merge
from signoff.accounts.importing.rows import DeviceRow, ProfileRow, ServiceRow
from signoff.accounts.models import Account, Device, Line, LineState, LinkedService, Profile
from signoff.sheets.table import Table

OURS = frozenset({LineState.CLOSING, LineState.CLOSED})
"""States of a line that no import changes: the closing is Signoff's, and it is final."""

_PROFILES = Kind(
    Profile, "line_id", ("iccid", "eid", "matching_id", "state"), unique={"iccid": "iccid"}
)
_DEVICES = Kind(Device, "imei", ("account_id", "line_id", "name", "last_seen_on"))
_SERVICES = Kind(LinkedService, "reference", ("name", "state"), fixed={"line_id": "line"})


def write_profiles(
    table: Table[ProfileRow], lines: Mapping[str, Line], as_of: datetime, tick: Tick
) -> Merged[Profile]:
    """The profile of each line; one to a line."""
    by_line = {line.pk: line for line in lines.values()}
    known = fetch_where(Profile, "line_id", list(by_line))
    return merge(
        _PROFILES,
        [
            Wanted(
                placed.place,
                placed.row.line,
                Profile(
                    line_id=lines[placed.row.line].pk,
                    iccid=str(placed.row.iccid),
                    eid=str(placed.row.eid or ""),
                    matching_id=placed.row.matching_id,
                    state=placed.row.state,
                    as_of=as_of,
                ),
            )
            for placed in table.rows
            if placed.row.line in lines
        ],
        existing={by_line[profile.line_id].reference: profile for profile in known},
        hold=_state_of_what_is_ours(lines),
        tick=tick,
    )


def write_devices(
    table: Table[DeviceRow],
    accounts: Mapping[str, Account],
    lines: Mapping[str, Line],
    as_of: datetime,
    tick: Tick,
) -> Merged[Device]:
    """The phones: one may be without a line, and may move to another."""
    return merge(
        _DEVICES,
        [
            Wanted(
                placed.place,
                placed.row.imei,
                Device(
                    imei=str(placed.row.imei),
                    account_id=accounts[placed.row.account].pk,
                    line_id=lines[placed.row.line].pk if placed.row.line else None,
                    name=placed.row.name,
                    last_seen_on=placed.row.last_seen_on,
                    as_of=as_of,
                ),
            )
            for placed in table.rows
            if placed.row.account in accounts
            and (placed.row.line is None or placed.row.line in lines)
        ],
        tick=tick,
    )


def write_services(
    table: Table[ServiceRow], lines: Mapping[str, Line], as_of: datetime, tick: Tick
) -> Merged[LinkedService]:
    """The services; one that would move to another line is refused."""
    return merge(
        _SERVICES,
        [
            Wanted(
                placed.place,
                placed.row.service,
                LinkedService(
                    line_id=lines[placed.row.line].pk,
                    reference=placed.row.service,
                    name=placed.row.name,
                    state=placed.row.state,
                    as_of=as_of,
                ),
            )
            for placed in table.rows
            if placed.row.line in lines
        ],
        hold=_state_of_what_is_ours(lines),
        tick=tick,
    )


def _state_of_what_is_ours(
    lines: Mapping[str, Line],
) -> Callable[[Profile | LinkedService, object], Collection[str]]:
    """For `merge`: the closing has changed the state of these, and the carrier may not know.

    A service may be known on a line that is not among `lines`; moving it is refused elsewhere.
    """
    ours = {line.pk for line in lines.values() if line.state in OURS}
    return lambda row, _new: ("state",) if row.line_id in ours else ()
