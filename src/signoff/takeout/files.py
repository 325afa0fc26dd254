"""What a person takes along: our rows about them, as plain values."""

from collections.abc import Iterable, Sequence
from typing import Any

from signoff.accounts import queries as accounts
from signoff.accounts.models import Account, Device, Line
from signoff.kernel.money import from_minor
from signoff.settlement import queries as settlement
from signoff.settlement.models import BalanceBucket, Bill, Payment
from signoff.takeout.rules import Person, csv_file, json_file, vcard_file


def files_of(account: Account) -> dict[str, bytes]:
    """Every file but the manifest and the read-me, by path. A fixed number of queries."""
    lines = accounts.lines_of(account)
    bills = list(settlement.bills_of(account))
    code = account.currency
    return {
        "personal/account.json": json_file(_account(account)),
        "personal/contact.vcf": vcard_file(_person(account, lines)),
        "lines/lines.json": json_file([_line(line, code) for line in lines]),
        "lines/devices.json": json_file([_device(d) for d in accounts.devices_of(account)]),
        "money/balances.json": json_file(
            [_bucket(bucket, code) for bucket in settlement.buckets_of(account)]
        ),
        "money/payments.json": json_file(
            [_payment(payment, code) for payment in settlement.payments_of(account)]
        ),
        "bills/bills.json": json_file([_bill(bill, code) for bill in bills]),
        "bills/items.csv": csv_file(
            ("bill", "issued_on", "due_on", "state", "position", "item", "amount", "currency"),
            _items(bills, code),
        ),
    }


def _money(minor: int, code: str) -> dict[str, str]:
    return {"amount": str(from_minor(minor, code).amount), "currency": code}


def _account(account: Account) -> dict[str, Any]:
    return {
        "number": account.number,
        "name": account.name,
        "country": account.country,
        "language": account.language,
        "time_zone": account.time_zone,
        "currency": account.currency,
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
        "monthly_price": _money(line.monthly_minor, code),
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


def _bucket(bucket: BalanceBucket, code: str) -> dict[str, Any]:
    return {
        "reference": bucket.reference,
        "kind": bucket.kind,
        "line": bucket.line.reference if bucket.line else None,
        "balance": _money(bucket.amount_minor, code),
        "expires_on": bucket.expires_on.isoformat() if bucket.expires_on else None,
        "as_of": bucket.as_of.isoformat(),
    }


def _payment(payment: Payment, code: str) -> dict[str, Any]:
    return {
        "reference": payment.reference,
        "balance": payment.bucket.reference if payment.bucket else "",
        "paid": _money(payment.amount_minor, code),
        "refunded": _money(payment.refunded_minor, code),
        "method": payment.method,
        "paid_at": payment.paid_at.isoformat(),
    }


def _bill(bill: Bill, code: str) -> dict[str, Any]:
    return {
        "number": bill.number,
        "issued_on": bill.issued_on.isoformat(),
        "due_on": bill.due_on.isoformat(),
        "state": bill.state,
        "total": _money(bill.total_minor, code),
        "items": [
            {"description": item.description, "amount": _money(item.amount_minor, code)}
            for item in bill.items.all()
        ],
    }


def _items(bills: Iterable[Bill], code: str) -> Iterable[tuple[object, ...]]:
    for bill in bills:
        for item in bill.items.all():
            amount = from_minor(item.amount_minor, code).amount
            yield (
                bill.number,
                bill.issued_on,
                bill.due_on,
                bill.state,
                item.position,
                item.description,
                amount,
                code,
            )
