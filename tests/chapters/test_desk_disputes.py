"""Disputes at the desk: what the customer says, the item's history, and a decision with words."""

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.notice.models import Notice
from signoff.settlement.models import Dispute
from tests.desk import at_the_desk
from tests.finance import disputed
from tests.portal import errors, text
from tests.world import approved, customer, staff

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = "The network saw the line at home in those days: you are right."


def finance() -> Client:
    return at_the_desk(staff(Role.FINANCE))


def decide(client: Client, row: Dispute, **given: str) -> HttpResponse:
    answer = client.post(f"/desk/money/disputes/{row.pk}/", given)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_dispute_shows_the_claim_and_what_the_item_was_before() -> None:
    row = disputed(text="I was <img src=x> at home.")
    client = finance()
    listed = text(client.get("/desk/money/disputes/").content)
    assert f"{row.item.bill.number} Data roaming CN¥10.00 I did not use this" in listed
    answer = client.get(f"/desk/money/disputes/{row.pk}/")
    page = text(answer.content)
    for words in (
        "CN¥10.00 of CN¥11.00", "I was <img src=x> at home.", row.item.bill.account.number,
        "1 September 2026 CN¥9.00", "this one", "CN¥10.00 is taken off the bill.",
        "They read English.",
    ):  # fmt: skip
        assert words in page, words
    assert BeautifulSoup(answer.content, "html.parser").select("main img") == []
    assert row.item.bill.line is not None
    assert row.item.bill.line.msisdn not in answer.content.decode()


def test_it_is_decided_once_and_the_customer_reads_why() -> None:
    row = disputed()
    client = finance()
    assert decide(client, row, outcome="upheld", answer=ANSWER).status_code == 302
    assert decide(client, row, outcome="upheld", answer=ANSWER).status_code == 302  # pressed twice
    late = decide(finance(), row, outcome="rejected", answer=ANSWER)
    assert late.status_code == 409
    assert "Somebody has resolved this dispute already." in text(late.content)
    row.refresh_from_db()
    assert row.state == "upheld"
    assert ANSWER in Notice.objects.get(kind="dispute_resolved").text
    page = text(client.get(f"/desk/money/disputes/{row.pk}/").content)
    assert ANSWER in page
    assert "Decide and tell" not in page
    assert "The customer was right" in text(client.get("/desk/money/disputes/").content)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["Choose who was right.", "Write the answer: the customer reads exactly this."]),
        ({"outcome": "perhaps", "answer": ANSWER}, ["Choose one of the two."]),
        ({"outcome": "upheld", "answer": "Yes."}, ["Write at least 20 characters; these are 4."]),
        ({"outcome": "upheld", "answer": "x" * 1001}, ["Write at most 1000 characters"]),
        ({"outcome": "upheld", "answer": " " * 40}, ["Write the answer"]),
    ],
)
def test_no_decision_without_an_outcome_and_words(given: dict[str, str], wrong: list[str]) -> None:
    row = disputed()
    answer = decide(finance(), row, **given)
    assert answer.status_code == 200
    said = errors(answer.content)
    assert len(said) == len(wrong)
    assert all(point.startswith(begin) for point, begin in zip(said, wrong, strict=True)), said
    row.refresh_from_db()
    assert row.state == "open"
    assert not Notice.objects.filter(kind="dispute_resolved").exists()


def test_a_closing_that_runs_is_waited_for() -> None:
    who = customer()
    row = disputed(who, state="paid")
    case = approved(who)
    Case.objects.filter(pk=case.pk).update(state="closing")
    answer = decide(finance(), row, outcome="upheld", answer=ANSWER)
    assert answer.status_code == 409
    assert f"Case {case.number} is closing just now" in text(answer.content)
    row.refresh_from_db()
    assert row.state == "open"
