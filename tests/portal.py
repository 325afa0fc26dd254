"""The portal as a browser sees it, for tests."""

import re
from datetime import date

from bs4 import BeautifulSoup
from django.test import Client

from signoff.closing.models import Case
from signoff.settlement.models import Bill
from tests.world import Customer, bill_for

PASSWORD = "correct horse 7 battery"


def signed_in(who: Customer) -> Client:
    """A browser in which this customer is signed in, and has a password."""
    if not who.user.has_usable_password():
        who.user.set_password(PASSWORD)
        who.user.save()
    client = Client()
    client.force_login(who.user)
    return client


def text(content: bytes) -> str:
    """What a person reads in the content of a page, in one line."""
    main = BeautifulSoup(content, "html.parser").find("main")
    assert main is not None
    return re.sub(r"\s+", " ", main.get_text(" ")).strip()


def errors(content: bytes) -> list[str]:
    """The error summary, point by point."""
    return [
        re.sub(r"\s+", " ", point.get_text()).strip()
        for point in BeautifulSoup(content, "html.parser").select(".errors li")
    ]


def value_of(content: bytes, name: str) -> str:
    """The value of a hidden field."""
    field = BeautifulSoup(content, "html.parser").select_one(f"input[name={name}]")
    assert field is not None
    return str(field["value"])


def send(client: Client, case: Case) -> str:
    """Presses the button, gives the password; where that leads."""
    check = f"/close/case/{case.number}/check/"
    digest = value_of(client.get(check).content, "settlement")
    answer = client.post(check, {"settlement": digest})
    if "/reauthenticate/" in answer["Location"]:
        answer = client.post(answer["Location"], {"password": PASSWORD})
    return str(answer["Location"])


def bill_of(
    who: Customer, number: str = "B-1", minor: int = 3000, *, issued: date = date(2026, 11, 1)
) -> Bill:
    """Unpaid, with a plan and 3.40 of roaming."""
    made = bill_for(
        who, ("Boom 30", minor), ("Roaming in Peru", 340),
        number=number, issued=issued, due=date(2026, 12, 15),
    )  # fmt: skip
    made.items.filter(position=2).update(kind="roaming")
    return made
