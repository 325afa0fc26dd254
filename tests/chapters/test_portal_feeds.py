"""Following a case in a feed reader."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client

from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.operations import withdraw
from signoff.feeds import operations, queries
from signoff.feeds.models import Feed
from signoff.kernel.clock import now
from tests.portal import signed_in, text
from tests.world import Customer, approved, customer, submitted

pytestmark = pytest.mark.django_db(transaction=True)
_ATOM = "{http://www.w3.org/2005/Atom}"


def address(case: Case) -> str:
    """Of the Atom feed."""
    return f"/feeds/{queries.token_for(case)}.atom"


def followed(who: Customer) -> Case:
    case = approved(who, now=now())
    operations.switch_on(case=case, now=now())
    return case


def test_the_customer_makes_the_addresses_and_ends_them() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    page = f"/cases/{case.number}/feed/"
    assert "Make the addresses" in text(client.get(page).content)
    assert not Feed.objects.exists()
    for _press in range(2):
        assert client.post(page, {"do": "on"})["Location"] == page
    first = address(case)
    assert first.removeprefix("/feeds/") in client.get(page).content.decode()
    assert Client().get(first).status_code == 200
    client.post(page, {"do": "new"})
    second = address(case)
    assert second != first
    assert Client().get(first).status_code == 404
    client.post(page, {"do": "rubbish"})
    client.post(page, {"do": "off"})
    assert Client().get(second).status_code == 404
    told = [row.event for row in AuditRow.objects.filter(event__startswith="feed").order_by("seq")]
    assert told == ["feed_on", "feed_on", "feed_off"]


def test_both_feeds_tell_how_far_it_is_and_nothing_personal() -> None:
    who = customer()
    case = followed(who)
    token = queries.token_for(case)
    atom = Client().get(f"/feeds/{token}.atom")
    assert atom["Content-Type"] == "application/atom+xml; charset=utf-8"
    titles = [
        entry.findtext(f"{_ATOM}title")
        for entry in ET.fromstring(atom.content).iter(f"{_ATOM}entry")  # noqa: S314 - our own
    ]
    assert titles == ["Time to think again", "Approved", "You asked us to close"]
    answer = Client().get(f"/feeds/{token}.json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in feed["items"]] == titles
    assert len({item["id"] for item in feed["items"]}) == 3
    assert "Until" in feed["items"][0]["content_text"]
    for content in (atom.content.decode(), answer.content.decode()):
        for personal in (who.account.name, who.account.email, who.account.contact_phone,
                         who.lines[0].msisdn[-4:], "75.00", "Visa", str(case.pk)):  # fmt: skip
            assert personal not in content, personal


def test_a_reader_that_knows_the_newest_state_gets_nothing_again() -> None:
    case = followed(customer())
    first = Client().get(address(case))
    again = Client().get(address(case), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    withdraw(case=Case.objects.get(), actor="customer", now=now())
    moved = Client().get(address(case), headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200


def test_a_feed_ends_a_month_after_the_case() -> None:
    case = followed(customer())
    withdraw(case=Case.objects.get(), actor="customer", now=now())
    token = queries.token_for(case)
    assert queries.case_of_token(token, now=now() + timedelta(days=29)) is not None
    assert queries.case_of_token(token, now=now() + timedelta(days=31)) is None


def test_addresses_that_are_not_ours_lead_nowhere() -> None:
    case = followed(customer())
    token = queries.token_for(case)
    other = f"{token[:-1]}{'0' if token[-1] != '0' else '1'}"
    for wrong in (other, token[:32], token.upper(), "x" * 64, "0" * 64, "a"):
        for kind in ("atom", "json"):
            assert Client().get(f"/feeds/{wrong}.{kind}").status_code == 404
    assert Client().post(address(case)).status_code == 405


def test_another_customer_switches_nothing() -> None:
    owner = customer()
    case = followed(owner)
    stranger = signed_in(customer())
    page = f"/cases/{case.number}/feed/"
    assert stranger.get(page).status_code == 404
    for action in ("off", "new"):
        assert stranger.post(page, {"do": action}).status_code == 404
    assert Client().post(page, {"do": "off"})["Location"].startswith("/sign-in/login/")
    assert Feed.objects.count() == 1
