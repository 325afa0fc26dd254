"""What a person takes along: our rows about them, as plain values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from signoff.accounts import queries as accounts
from signoff.accounts.models import Account, Device, Line
from signoff.settlement.models import Stay
from signoff.settlement.of_account import stays_of
from signoff.takeout.money import money, money_files
from signoff.takeout.rules import Person, json_file, vcard_file


def files_of(account: Account, cases: Mapping[UUID, str]) -> dict[str, bytes]:
    """Every file but the manifest and the read-me, by path. A fixed number of queries.

    cases: numbers of the account's cases by their id.
    """
    lines = accounts.lines_of(account)
    code = account.currency
    return {
        "personal/account.json": json_file(_account(account)),
        "personal/contact.vcf": vcard_file(_person(account, lines)),
        "lines/lines.json": json_file([_line(line, code) for line in lines]),
        "lines/devices.json": json_file([_device(d) for d in accounts.devices_of(account)]),
        "lines/stays.json": json_file([_stay(stay) for stay in stays_of(account)]),
        **money_files(account, cases),
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "number": account.number,
        "name": account.name,
        "country": account.country,
        "language": account.language,
        "time_zone": account.time_zone,
        "currency": account.currency,
        "tax_rate_percent": str(Decimal(account.tax_ppm) / 10_000),
        "prices_include_tax": account.prices_include_tax,
        "email": account.email,
        "contact_phone": account.contact_phone,
        "as_of": account.as_of.isoformat(),
    }


def _person(account: Account, lines: Sequence[Line]) -> Person:
    telephones = [line.msisdn for line in lines]
    if account.contact_phone:
        telephones.append(account.contact_phone)
    return Person(account.name, account.email, tuple(dict.fromkeys(telephones)))


def _line(line: Line, code: str) -> dict[str, Any]:
    profile = getattr(line, "profile", None)
    return {
        "reference": line.reference,
        "number": line.msisdn,
        "imsi": line.imsi,
        "plan": line.plan,
        "monthly_price": money(line.monthly_minor, code),
        "billing": line.billing,
        "activated_on": line.activated_on.isoformat(),
        "state": line.state,
        "esim": profile
        and {
            "iccid": profile.iccid,
            "eid": profile.eid or None,
            "state": profile.state,
            "as_of": profile.as_of.isoformat(),
        },
        "services": [
            {"reference": service.reference, "name": service.name, "state": service.state}
            for service in line.services.all()
        ],
        "as_of": line.as_of.isoformat(),
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "imei": device.imei,
        "line": device.line.reference if device.line else None,
        "last_seen_on": device.last_seen_on.isoformat(),
    }


def _stay(stay: Stay) -> dict[str, Any]:
    return {
        "line": stay.line.reference,
        "country": stay.country,
        "first_day": stay.first_day.isoformat(),
        "last_day": stay.last_day.isoformat(),
    }
