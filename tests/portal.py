"""The portal as a browser sees it, for tests."""

import re

from bs4 import BeautifulSoup
from django.test import Client

from tests.world import Customer

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
