"""The queue: parts, order, clock, search; and the same few queries however long it is."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.closing.models import Case
from signoff.closing.operations import start_draft, withdraw
from signoff.closing.rules import Scope
from signoff.desk.views import queue as queue_view
from signoff.review import operations as review
from signoff.review.queries import group_counts, queue
from signoff.review.rules import QueueGroup
from signoff.termination.rules import StepKind
from tests.desk import at_the_desk, stopped_at
from tests.portal import text
from tests.world import NOON, approved, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def listed(client: Client, address: str = "/desk/") -> list[str]:
    """Case numbers on a page of the queue, in order."""
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [str(link.get_text()) for link in page.select("table.queue tbody th a")]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def in_review() -> Case:
    return review.take(case=submitted(customer()), reviewer=reviewer(), now=NOON)


def test_each_case_is_in_its_part_and_drafts_are_in_none() -> None:
    cases = {
        QueueGroup.WAITING: submitted(customer()),
        QueueGroup.IN_REVIEW: in_review(),
        QueueGroup.ATTENTION: stopped_at(customer(), StepKind.STOP_SERVICE),
        QueueGroup.COOLING_OFF: approved(customer()),
        QueueGroup.NOT_DONE: withdraw(case=submitted(customer()), actor="customer", now=NOON),
    }
    who = customer()
    draft = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    client = at_the_desk()
    for group, case in cases.items():
        assert listed(client, f"/desk/?state={group.value}") == [case.number]
    everything = listed(client)
    assert draft.number not in everything
    assert set(everything) == {c.number for g, c in cases.items() if g is not QueueGroup.NOT_DONE}
    assert everything[0] == cases[QueueGroup.ATTENTION].number
    counts = group_counts()
    assert counts[None] == 4
    assert counts[QueueGroup.CLOSED] == counts[QueueGroup.CLOSING] == 0
    assert counts[QueueGroup.NOT_DONE] == 1


def test_what_must_be_decided_soonest_is_on_top() -> None:
    late = submitted(customer(), now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    early = submitted(customer(), now=datetime(2026, 11, 10, 12, tzinfo=UTC))
    assert listed(at_the_desk()) == [early.number, late.number]


@pytest.mark.parametrize(
    ("today", "words", "tone"),
    [
        ("2026-11-23", "14 working days left", "tag-good"),
        ("2026-12-08", "3 working days left", "tag-good"),
        ("2026-12-09", "2 working days left", "tag-wait"),
        ("2026-12-10", "1 working day left", "tag-wait"),
        ("2026-12-11", "today is the last day", "tag-bad"),
        # A Saturday after the last day is not a working day, but it is too late all the same.
        ("2026-12-12", "1 working day overdue", "tag-bad"),
        ("2026-12-15", "2 working days overdue", "tag-bad"),
    ],
)
def test_the_clock_counts_working_days_in_words_and_colour(
    monkeypatch: pytest.MonkeyPatch, today: str, words: str, tone: str
) -> None:
    case = submitted(customer())
    Case.objects.filter(pk=case.pk).update(decide_by="2026-12-11")
    moment = datetime.fromisoformat(f"{today}T04:00:00+00:00")
    monkeypatch.setattr(queue_view, "now", lambda: moment)
    page = BeautifulSoup(at_the_desk().get("/desk/").content, "html.parser")
    cell = page.select("table.queue tbody td")[-1]
    tag = cell.select_one(".tag")
    assert tag is not None
    assert tag.get_text() == words
    assert [c for c in tag["class"] if c.startswith("tag-")] == [tone]


def test_the_last_day_is_that_of_the_customers_clock() -> None:
    """At 17:00 UTC it is the next day in Shanghai."""
    case = submitted(customer())
    Case.objects.filter(pk=case.pk).update(decide_by="2026-12-11")
    rows = queue(group=None, search="", now=datetime(2026, 12, 11, 15, 59, tzinfo=UTC))
    assert [row.days_left for row in rows] == [0]
    rows = queue(group=None, search="", now=datetime(2026, 12, 11, 16, 1, tzinfo=UTC))
    assert [row.days_left for row in rows] == [-1]


def test_a_decided_case_has_no_clock() -> None:
    approved(customer())
    assert [row.days_left for row in queue(group=None, search="", now=NOON)] == [None]


@pytest.mark.parametrize(
    "words", ["zhang", "ZHANG WEI", "zhang@", "900077777", "+86 139 0007 7777"]
)
def test_search_finds_by_contact(words: str) -> None:
    case = submitted(customer())
    submitted(customer())
    Case.objects.filter(pk=case.pk).update(
        contact_name="Zhang Wei", contact_email="zhang@example.org", contact_phone="+8613900077777"
    )
    found = queue(group=None, search=words, now=NOON)
    assert [row.number for row in found] == [case.number]


def test_search_finds_by_number_of_case_line_and_account() -> None:
    who = customer()
    case = submitted(who)
    submitted(customer())
    for words in (
        case.number.lower(), case.number.replace("-", ""), case.number[3:7],
        who.lines[0].msisdn, who.lines[0].msisdn[-8:], who.account.number,
    ):  # fmt: skip
        found = queue(group=None, search=words, now=NOON)
        assert case.number in [row.number for row in found], words


def test_a_search_is_in_no_address() -> None:
    case = submitted(customer())
    Case.objects.filter(pk=case.pk).update(contact_name="Zhang Wei")
    client = at_the_desk()
    answer = client.post("/desk/search/", {"words": "Zhang Wei", "state": "waiting"})
    assert answer["Location"] == "/desk/?state=waiting&found=1"
    page = client.get(answer["Location"])
    assert case.number in text(page.content)
    assert "1 case for “Zhang Wei”" in text(page.content)
    links = [str(a["href"]) for a in BeautifulSoup(page.content, "html.parser").select("a[href]")]
    assert not [link for link in links if "Zhang" in link]
    assert client.post("/desk/search/", {"words": "nobody"})["Location"] == "/desk/?found=1"
    assert "Nothing fits" in text(client.get("/desk/?found=1").content)
    assert listed(client) == [case.number]
    assert client.post("/desk/search/", {"words": "  "})["Location"] == "/desk/"


def test_a_whole_case_number_leads_to_the_case_but_not_while_typing() -> None:
    case = submitted(customer())
    client = at_the_desk()
    sent = client.post("/desk/search/", {"words": case.number.lower().replace("-", " ")})
    assert sent["Location"] == f"/desk/{case.number}/"
    typed = client.post("/desk/search/", {"words": case.number}, headers={"HX-Request": "true"})
    assert typed["Location"] == "/desk/?found=1"


@pytest.mark.parametrize(
    "words", ["%", "_", "'; DROP TABLE x; --", "<script>", "\x00", "💥", "a" * 5000, "\\", "١٢٣٤"]
)
def test_rubbish_in_the_search_finds_nothing_and_breaks_nothing(words: str) -> None:
    submitted(customer())
    client = at_the_desk()
    answer = client.post("/desk/search/", {"words": words})
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert b"<script>" not in page.content.replace(b"<script src", b"")


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?page=0", "?page=999999", "?page=x", "?state="]
)
def test_rubbish_in_the_address_shows_what_there_is(query: str) -> None:
    case = submitted(customer())
    assert listed(at_the_desk(), f"/desk/{query}") == [case.number]


def test_a_long_queue_comes_in_pages_and_needs_no_more_queries() -> None:
    client = at_the_desk()
    client.get("/desk/")
    submitted(customer())
    for_one = queries_of(client, "/desk/")
    cases = {submitted(customer()).number for _ in range(19)}
    assert queries_of(client, "/desk/") == for_one <= 20
    cases |= {submitted(customer()).number for _ in range(10)}
    first, second = listed(client), listed(client, "/desk/?page=2")
    assert (len(first), len(second)) == (25, 5)
    assert cases <= {*first, *second}
    assert len({*first, *second}) == 30


def test_the_queue_shows_no_whole_number() -> None:
    who = customer()
    submitted(who)
    page = at_the_desk().get("/desk/").content.decode()
    assert who.lines[0].msisdn not in page
    assert who.lines[0].msisdn[-4:] in page
