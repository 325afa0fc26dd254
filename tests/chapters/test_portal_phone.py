"""Going on with the telephone: a page without a password that takes photos and shows nothing."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from signoff.closing.models import Case
from signoff.config import config
from signoff.evidence.models import Evidence
from signoff.kernel.clock import now
from signoff.project.logging import without_tokens
from tests.papers import FRONT, cleaned_quickly, drafted, page_of, photo
from tests.portal import signed_in, text
from tests.world import Customer, customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned_quickly(monkeypatch)


def known(client: Client, who: Customer) -> None:
    """The sign-in is in the list of sign-ins, as after the page that asks for the password."""
    UserSession.objects.create(
        user=who.user, session_key=client.session.session_key, ip="127.0.0.1"
    )


def phone_page(client: Client, case: Case, kind: str = FRONT) -> str:
    """The address in the code, as the page makes it."""
    made: list[str] = []

    def qr_code(address: str) -> str:
        made.append(address)
        return "<svg/>"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signoff.portal.views.phone.qr_code", qr_code)
        assert client.get(f"{page_of(case, kind)}phone/").status_code == 200
    return made[0].removeprefix(config().public_url.rstrip("/"))


def test_a_telephone_sends_a_photo_without_a_password_and_the_screen_goes_on() -> None:
    who = customer()
    client = signed_in(who)
    known(client, who)
    case = drafted(who, client)
    address = phone_page(client, case)
    page = client.get(f"{page_of(case)}phone/").content.decode()
    assert "<svg" in page
    since = re.search(r"since=(\d+)", page)
    assert since
    arrived = f"{page_of(case)}phone/arrived/?since={since[1]}"
    assert client.get(arrived).status_code == 204
    telephone = Client()
    shown = telephone.get(address).content.decode()
    for secret in (case.number, who.account.name, who.account.email, who.lines[0].msisdn[-6:]):
        assert secret not in shown
    sent = telephone.post(address, photo())
    assert sent["Location"] == f"{address}?done=1"
    assert "We have the photo" in telephone.get(sent["Location"]).content.decode()
    assert client.get(arrived)["HX-Redirect"] == page_of(case)
    row = Evidence.objects.get()
    for closed in (f"/cases/{case.number}/pictures/{row.pk}/", page_of(case), "/"):
        assert telephone.get(closed)["Location"].startswith("/sign-in/login/")


def test_a_code_that_is_over_or_made_up_opens_nothing() -> None:
    who = customer()
    client = signed_in(who)
    known(client, who)
    case = drafted(who, client)
    address = phone_page(client, case)
    wrong = address.replace("/phone/", "/phone/x")
    assert Client().get(wrong).status_code == 410
    assert Client().post(wrong, photo()).status_code == 410
    assert Client().get(address.replace(FRONT, "bank_statement")).status_code == 404
    client.post("/sign-in/logout/")
    over = Client().post(address, photo())
    assert over.status_code == 410
    assert "This code is no longer good" in text(over.content)
    assert not Evidence.objects.exists()


def test_no_log_says_what_opens_a_page() -> None:
    line = without_tokens(
        None, "", {"event": "Gone: /phone/ab:c:d-e/passport/", "path": "/feeds/ff.atom"}
    )
    assert line == {"event": "Gone: /phone/…/passport/", "path": "/feeds/….atom"}


def test_the_screen_stops_waiting_when_the_code_is_over() -> None:
    who = customer()
    client = signed_in(who)
    case = drafted(who, client)
    old = int((now() - timedelta(minutes=15)).timestamp())
    for since in (str(old), "", "x" * 400, "9" * 30):
        answer = client.get(f"{page_of(case)}phone/arrived/", {"since": since})
        assert answer.status_code == 286
        assert "The code is over" in answer.content.decode()
