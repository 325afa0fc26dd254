"""Fills the box from the same export that `signoff import` reads, so that both know one carrier.

What the box ever had is not written again: a line that was closed stays closed when the demo is
started again. Columns that the box has no use for are passed over.
"""

import csv
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from moneyed import Money

from signoff.carrier_box.store import BoxStore, Kind, Row
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import Eid, Iccid, Imsi, Msisdn
from signoff.kernel.money import currency, to_minor

_Cells = dict[str, str]
_Write = Callable[[BoxStore, _Cells], None]


class SeedError(Exception):
    """The export cannot be read; names file, line and column."""


def fill(store: BoxStore, directory: Path) -> None:
    """All files or nothing. Raises SeedError."""
    if not (directory / "lines.csv").is_file():
        raise SeedError(f"{directory}: there is no lines.csv")
    with store.transaction():
        for name, write in _FILES.items():
            for line, cells in _rows(directory / name):
                try:
                    write(store, cells)
                except KeyError as missing:
                    raise SeedError(f"{name}, line {line}: no column {missing}") from missing
                except InvalidValue as unfit:
                    raise SeedError(f"{name}, line {line}, {unfit.field}: {unfit}") from unfit


def _rows(path: Path) -> Iterator[tuple[int, _Cells]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for cells in reader:
            present = {name: value for name, value in cells.items() if isinstance(value, str)}
            yield reader.line_num, {name: value.strip() for name, value in present.items()}


def _subscriber(store: BoxStore, cells: _Cells) -> None:
    """A paused line is there without network access, a closed one is not there."""
    imsi = Imsi.parse(cells["imsi"])
    if cells["state"] == "closed":
        # For the SMSC: nobody is at this number, while a number of another network is reached.
        store.put_new(Kind.GONE_NUMBERS, Msisdn.parse(cells["msisdn"]).digits, {"imsi": imsi})
        return
    active = cells["state"] == "active"
    row = {
        "msisdn": Msisdn.parse(cells["msisdn"]).digits,
        "nam_cs": active,
        "nam_ps": active,
        "attached": active,
    }
    if store.put_new(Kind.SUBSCRIBERS, imsi, row):
        store.put(Kind.SUBSCRIBERS, imsi, row | {"id": store.next_number("subscriber")})


def _profile(store: BoxStore, cells: _Cells) -> None:
    state = cells["state"]
    row = {
        "eid": Eid.parse(cells["eid"]) if cells["eid"] else "",
        "matching_id": cells["matching_id"],
        "profile_type": cells.get("profile_type", "boom"),
        "state": "unavailable" if state == "withdrawn" else state,
    }
    store.put_new(Kind.PROFILES, Iccid.parse(cells["iccid"]), row)


def _service(store: BoxStore, cells: _Cells) -> None:
    state = "active" if cells["state"] == "active" else "terminated"
    row = {"line": cells["line"], "name": cells.get("name", ""), "state": state}
    store.put_new(Kind.SERVICES, cells["service"], row)


def _payment(store: BoxStore, cells: _Cells) -> None:
    """What went back before is a refund of ours, so that it counts against the payment."""
    code = currency(cells["currency"]).code
    payment = cells["payment"]
    row = {"amount": _minor(cells["amount"], code, "amount"), "currency": code}
    if not store.put_new(Kind.PAYMENTS, payment, row):
        return
    if before := _minor(cells.get("refunded", "0"), code, "refunded"):
        refund = f"re_before_{payment}"
        store.put_new(Kind.REFUNDS, refund, _earlier_refund(refund, payment, before, code))


def _earlier_refund(refund: str, payment: str, amount: int, code: str) -> Row:
    return {
        "id": refund,
        "object": "refund",
        "amount": amount,
        "currency": code.lower(),
        "charge": payment if payment.startswith("ch_") else None,
        "payment_intent": payment if payment.startswith("pi_") else None,
        "metadata": {},
        "status": "succeeded",
    }


def _minor(text: str, code: str, field: str) -> int:
    """Raises InvalidValue if `text` is no amount of whole minor units."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise InvalidValue(
            "amount", "“%(value)s” is not an amount", field=field, value=text
        ) from None
    return to_minor(Money(amount, currency(code)))


_FILES: dict[str, _Write] = {
    "lines.csv": _subscriber,
    "profiles.csv": _profile,
    "services.csv": _service,
    "payments.csv": _payment,
}
