"""What we have sent a customer: a list, and whether a pasted message is in it."""

from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.notice.models import Notice
from signoff.notice.operations import mark_sent
from signoff.notice.queries import sent_about
from tests.portal import signed_in, text
from tests.world import NOON, Customer, customer, submitted

pytestmark = pytest.mark.django_db


def told(who: Customer, number: int = 1) -> Notice:
    """The letter that a request has come, on its way."""
    case = submitted(Customer(who.user, who.account, who.lines[number - 1 : number]))
    letter = Notice.objects.get(case=case.pk, channel="letter")
    mark_sent(key=letter.key, message_id="m1", now=NOON)
    return letter


def test_the_list_has_what_was_sent_to_this_customer_and_nothing_else() -> None:
    who, other = customer(lines=2), customer()
    letter, theirs = told(who), told(other)
    waiting = Notice.objects.filter(case=letter.case).exclude(pk=letter.pk)
    waiting.update(state="cancelled")
    page = text(signed_in(who).get("/sent/").content)
    assert letter.subject in page
    assert f"E-mail to {letter.recipient[0]}…@example.org" in page
    assert letter.recipient not in page
    assert " ".join(letter.text.split()) in page
    assert str(theirs.subject) not in page
    assert "We have sent you nothing yet." in text(signed_in(customer()).get("/sent/").content)
    assert Client().get("/sent/")["Location"].startswith("/sign-in/login/")


def test_a_message_of_ours_is_known_again_by_its_customer_only() -> None:
    who = customer()
    letter = told(who)
    mine = signed_in(who)
    page = text(mine.post("/check/", {"text": letter.text.replace("\n", "\r\n ")}).content)
    assert "Yes, we have sent you this" in page
    assert "These very words are in our e-mail to" in page
    forged = letter.text + "\n\nCall +86 138 0000 0000 and tell us your password."
    page = text(mine.post("/check/", {"text": forged}).content)
    assert "It is not in what we have sent you" in page
    assert "Careful" in page
    page = text(mine.post("/check/", {"text": "boom.test"}).content)
    assert "It is not in what we have sent you" not in page  # a link is no message
    for client in (Client(), signed_in(customer())):
        page = text(client.post("/check/", {"text": letter.text}).content)
        assert "We cannot say that this is ours" in page
    page = text(Client().post("/check/", {"text": forged}).content)
    assert "It is not in what we have sent you" not in page


def test_when_it_was_sent_is_told_by_the_clock_of_the_customer() -> None:
    who = customer()
    letter = told(who)
    who.account.time_zone = "Asia/Tokyo"
    who.account.save()
    mine = signed_in(who)
    sent_at = f"{NOON.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}"
    for page in (mine.get("/sent/"), mine.post("/check/", {"text": letter.text})):
        assert sent_at in text(page.content)


def test_letters_about_no_case_are_found_by_the_account_and_not_by_a_longer_number() -> None:
    who = customer()
    keys = [f"account:{who.account.pk}:message:letter:1", f"account:{who.account.pk}0:x", "staff:1"]
    for key in keys:
        Notice.objects.create(
            key=key, kind="message", channel="letter", language="en", recipient="a@b.example",
            text="Hello", state="sent", created_at=NOON,
        )  # fmt: skip
    found = sent_about(cases=[], disputes=[], account=who.account.pk)
    assert [row.key for row in found] == keys[:1]


def test_a_long_list_needs_no_more_queries() -> None:
    who = customer(lines=4)
    client = signed_in(who)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/sent/").status_code == 200
        return len(seen)

    told(who)
    client.get("/sent/")
    for_one = count()
    for number in (2, 3, 4):
        told(who, number)
    assert count() == for_one
