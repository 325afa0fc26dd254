"""Closings as customers begin them on the pages, and one whose amount has changed since."""

from datetime import timedelta

from django.test import Client

from signoff.closing.models import Case
from signoff.config import config
from signoff.kernel.clock import now
from signoff.kernel.keys import load_or_create
from signoff.sagas.closing import close_case
from signoff.settlement.models import Usage
from tests.instant import InstantCarrier
from tests.world import Customer, approved, customer, deposit

CONTACT = {"name": "Li Wei", "email": "li@example.org", "phone": ""}


def with_deposit(
    *, lines: int = 1, country: str = "DE", currency: str = "CNY", minor: int = 3000
) -> Customer:
    """A customer who closes the first of their lines, on which there is a deposit.

    In a country whose rule pack asks for no photos: they would stand between the questions.
    """
    who = customer(lines=lines, paid=(), country=country)
    who.account.currency = currency
    who.account.save()
    deposit(who, minor)
    who.lines = who.lines[:1]
    return who


def draft(client: Client, who: Customer) -> tuple[Case, str]:
    """Begun, and both questions answered; where that leads."""
    client.post(f"/close/{who.lines[0].reference}/preview/")
    case = Case.objects.get(account=who.account)
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    there = client.post(f"/close/case/{case.number}/contact/", CONTACT)["Location"]
    return case, there


def closed(case: Case) -> Case:
    """A run of the closing, at a carrier that answers at once."""
    load_or_create(config().signing_key_file)
    later = now() + timedelta(days=3)
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: later)
    case.refresh_from_db()
    return case


def changed(who: Customer) -> Case:
    """Somebody whose late use has made the refund smaller."""
    case = approved(who, now=now())
    Usage.objects.create(
        reference=f"U-{case.number}", line=who.lines[0], description="Roaming in Peru",
        amount_minor=700, used_at=now() - timedelta(hours=1),
    )  # fmt: skip
    case = closed(case)
    assert case.state == "to_confirm"
    return case
