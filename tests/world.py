"""A small world for tests: a customer in our books, and the same customer at the carrier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from pydantic import SecretStr
from stdnum import luhn as stdnum_luhn

from signoff.accounts.models import Account, Line, LinkedService, Profile, Role, StaffRole, User
from signoff.adapters.smpp.texts import SmppTexts
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Reason, Scope
from signoff.config import Config, config
from signoff.review import operations as review
from signoff.settlement.models import BalanceBucket, Bill, BillItem, Payment, Usage
from signoff.wiring import Ports, wire
from tests.peers.box import RunningBox

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOON.date()
LATER = NOON + timedelta(days=3)
"""Every cooling-off is over by then."""
_numbers = count(1)


def luhn(body: str) -> str:
    """`body` with its Luhn digit."""
    return body + str(stdnum_luhn.calc_check_digit(body))


@dataclass
class Customer:
    """Who closes something, in our books."""

    user: User
    account: Account
    lines: list[Line]


def customer(
    *, lines: int = 1, services: int = 1, paid: Sequence[int] = (5000, 2500), country: str = "CN"
) -> Customer:
    """An account with lines, each with an eSIM not yet on a phone, and a balance paid in parts.

    paid: minor units of each payment; the balance is their sum.
    """
    n = next(_numbers)
    user = User.objects.create_user(f"customer{n}", f"customer{n}@example.org")
    account = Account.objects.create(
        number=f"A{n:06d}",
        user=user,
        name="Li Wei",
        country=country,
        language="en",
        time_zone="Asia/Shanghai",
        currency="CNY",
        email=user.email,
        contact_phone=f"+861390000{n:04d}",
        as_of=NOON,
    )
    rows = [_line(account, n, m, services) for m in range(lines)]
    if paid:
        bucket = BalanceBucket.objects.create(
            reference=f"B{n}",
            account=account,
            line=rows[0],
            kind="paid",
            amount_minor=sum(paid),
            as_of=NOON,
        )
        for m, amount in enumerate(paid):
            Payment.objects.create(
                reference=f"ch_{n}_{m}",
                bucket=bucket,
                amount_minor=amount,
                method="Visa 4242",
                paid_at=NOON - timedelta(days=30 * (m + 1)),
            )
    return Customer(user, account, rows)


def _line(account: Account, n: int, m: int, services: int) -> Line:
    line = Line.objects.create(
        reference=f"L{n}-{m}",
        account=account,
        msisdn=f"+86138{n:04d}{m:04d}",
        imsi=f"46000{n:06d}{m:04d}",
        plan="Boom 30",
        billing="prepaid",
        monthly_minor=3000,
        cycle_day=1,
        activated_on=date(2024, 5, 31),
        as_of=NOON,
    )
    Profile.objects.create(
        line=line,
        iccid=luhn(f"8986{n:07d}{m:07d}"),
        matching_id="AB-12",
        state="released",
        as_of=NOON,
    )
    for s in range(services):
        LinkedService.objects.create(
            line=line, reference=f"S{n}-{m}-{s}", name="Voice mail", as_of=NOON
        )
    return line


def deposit(who: Customer, minor: int = 8800) -> Customer:
    """The customer, with money on the first line that no payment of ours made."""
    BalanceBucket.objects.create(
        reference=f"D-{who.account.number}",
        account=who.account,
        line=who.lines[0],
        kind="deposit",
        amount_minor=minor,
        as_of=NOON,
    )
    return who


def bill_for(
    who: Customer,
    *items: tuple[str, int],
    number: str = "F1",
    issued: date = TODAY,
    due: date = TODAY,
    state: str = "unpaid",
) -> Bill:
    """A bill of the first line. items: what they are called, and minor units."""
    made = Bill.objects.create(
        number=number,
        account=who.account,
        line=who.lines[0],
        issued_on=issued,
        due_on=due,
        total_minor=sum(minor for _name, minor in items),
        state=state,
        as_of=NOON,
    )
    for position, (name, minor) in enumerate(items, start=1):
        BillItem.objects.create(bill=made, position=position, description=name, amount_minor=minor)
    return made


def late_use(who: Customer, minor: int) -> None:
    """Use of the last day that the billing system tells us of afterwards."""
    Usage.objects.create(
        reference=f"U-{who.account.number}",
        line=who.lines[0],
        description="Roaming",
        amount_minor=minor,
        used_at=NOON,
    )


def at_the_carrier(who: Customer, box: RunningBox) -> None:
    """The same customer in the systems of the box."""
    for line in who.lines:
        box.subscriber(line.imsi, line.msisdn[1:])
        box.profile(line.profile.iccid)
        for service in line.services.all():
            row = {"line": line.reference, "name": service.name, "state": "active"}
            box.put("services", service.reference, row)
    for payment in Payment.objects.filter(bucket__account=who.account):
        box.put("payments", payment.reference, {"amount": payment.amount_minor, "currency": "CNY"})


def submitted(who: Customer, *, scope: Scope = Scope.LINE, now: datetime = NOON) -> Case:
    """The customer has confirmed a closing of all the lines given."""
    case = closing.start_draft(
        account=who.account, lines=who.lines, scope=scope, language="en", now=now
    )
    closing.save_reason(case=case, reason=Reason.PRICE, text="")
    shown = cases.preview(who.account, who.lines, scope=scope, now=now, case=case)
    return closing.submit(
        case=case, settlement_digest=shown.settlement.digest, session_key="", now=now
    )


def reviewer() -> User:
    """One of the carrier's staff, who decides on closings."""
    return staff(Role.REVIEWER)


def staff(*roles: Role) -> User:
    """One of the carrier's staff, with these roles."""
    name = f"{roles[0] if roles else 'nobody'}{next(_numbers)}"
    user = User.objects.create_user(name, is_staff=True)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    return user


def approved(who: Customer, *, scope: Scope = Scope.LINE, now: datetime = NOON) -> Case:
    """A reviewer has said yes, or two where the rule pack wants it; the cooling-off has begun."""
    case = submitted(who, scope=scope, now=now)
    while case.state == CaseState.SUBMITTED.value:
        by = reviewer()
        case = review.take(case=case, reviewer=by, now=now)
        case = review.approve(case=case, reviewer=by, now=now)
    return case


def box_config(box: RunningBox) -> Config:
    """Settings that lead to the box."""
    a = box.addresses
    return config().model_copy(
        update={
            "hlr_ctrl": _joined(a.hlr_ctrl),
            "hlr_vty": _joined(a.hlr_vty),
            "smsc": _joined(a.smpp),
            "mail": _joined(a.smtp),
            "smdp_url": a.http_url,
            "services_url": a.http_url,
            "stripe_url": a.http_url,
            "remote_timeout": 5.0,
            "delivery_timeout": 5.0,
            "stripe_key": SecretStr("sk_test_box"),
        }
    )


def _joined(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"


def box_ports(box: RunningBox) -> Ports:
    """The outside world, which is the box; its SMSC needs less than a real one to settle."""
    settings = box_config(box)
    host, port = box.addresses.smpp
    texts = SmppTexts(
        host, port, settings.smsc_system_id, "", "Boom", 5.0, 5.0, settle=0.3, query_every=1.0
    )
    return replace(wire(settings), texts=texts)
