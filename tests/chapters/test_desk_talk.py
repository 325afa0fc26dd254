"""Conversations at the desk: who waits, an account's own page, and the mark in the queue."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.hotline.calls import deny_call, start_call
from signoff.hotline.rules import Direction
from signoff.kernel.clock import now
from signoff.talk.models import Message
from signoff.talk.operations import file_ticket, mark_read, say
from tests.desk import at_the_desk
from tests.portal import errors, text, value_of
from tests.world import Customer, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db


def asked(words: str = "Which plan is cheapest?", who: Customer | None = None) -> Customer:
    """A customer has written about no case."""
    who = who or customer()
    say(about=who.account, author=who.account, text=words, now=now())
    return who


def page_of(who: Customer) -> str:
    return f"/desk/talk/{who.account.pk}/"


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def links(content: bytes) -> list[str]:
    found = BeautifulSoup(content, "html.parser").select(".talks a")
    return [str(link["href"]) for link in found]


def test_a_reviewer_finds_reads_and_answers_what_is_about_no_case() -> None:
    who = asked("Which plan is <b>cheapest</b>?")
    rui = reviewer()
    client = at_the_desk(rui)
    listed = client.get("/desk/talk/").content
    assert links(listed) == [page_of(who)]
    assert "1 message not read" in text(listed)
    page = text(client.get(page_of(who)).content)
    assert "Which plan is <b>cheapest</b>?" in page
    assert errors(client.post(f"{page_of(who)}write/", {"text": " "}).content)
    said = {"text": "Boom 10.", "seen": Message.objects.get().pk}
    answer = client.post(f"{page_of(who)}write/", said, follow=True)
    assert answer.redirect_chain[-1][0] == page_of(who)
    assert "Boom 10." in text(answer.content)
    assert Message.objects.get(user=rui).case is None
    assert links(client.get("/desk/talk/").content) == []
    recent = client.get("/desk/talk/?show=recent").content
    assert links(recent) == [page_of(who)]
    assert "Boom 10." in text(recent)


def test_to_have_read_is_pressed_and_then_not_offered_any_more() -> None:
    who = asked()
    client = at_the_desk()
    content = client.get(page_of(who)).content
    assert f"{page_of(who)}read/" in content.decode()
    assert client.post(f"{page_of(who)}read/")["Location"] == page_of(who)
    assert Message.objects.get().read_at is None  # who does not say what they saw has seen nothing
    client.post(f"{page_of(who)}read/", {"seen": value_of(content, "seen")})
    assert Message.objects.get().read_at is not None
    assert f"{page_of(who)}read/" not in client.get(page_of(who)).content.decode()


@pytest.mark.parametrize("what", ["read", "write"])
def test_what_came_while_the_page_was_open_still_waits(what: str) -> None:
    who = asked("One.")
    client = at_the_desk()
    seen = value_of(client.get(page_of(who)).content, "seen")
    asked("Two.", who)
    client.post(f"{page_of(who)}{what}/", {"text": "Boom 10.", "seen": seen})
    assert list(Message.objects.filter(author="customer", read_at=None)) == [
        Message.objects.get(text="Two.")
    ]
    assert links(client.get("/desk/talk/").content) == [page_of(who)]


def test_an_answer_that_has_to_be_written_again_still_says_what_was_seen() -> None:
    who = asked()
    client = at_the_desk()
    seen = value_of(client.get(page_of(who)).content, "seen")
    page = client.post(f"{page_of(who)}write/", {"text": " ", "seen": seen}).content
    client.post(f"{page_of(who)}write/", {"text": "Boom 10.", "seen": value_of(page, "seen")})
    assert not Message.objects.filter(author="customer", read_at=None).exists()


def test_what_people_wrote_is_shown_as_they_wrote_it_and_our_own_words_in_the_readers_language() -> (
    None
):
    who = asked("Closed")
    agent = staff(Role.HOTLINE)
    case = submitted(who, now=now())
    file_ticket(account=who.account, case=None, by=agent, text="Done", now=now())
    call = start_call(about=case, agent=agent, direction=Direction.THEIRS, now=now())
    deny_call(call=call, account=who.account, now=now())
    client = at_the_desk()
    client.cookies["django_language"] = "zh-hans"
    page = text(client.get(page_of(who)).content)
    assert "Closed" in page
    for address in (page_of(who), "/desk/talk/?show=tickets"):
        assert "Done" in text(client.get(address).content)
    for address in ("/desk/talk/?show=tickets", f"/desk/{case.number}/"):
        assert "Somebody called us" not in text(client.get(address).content)


def test_the_hotline_reads_it_masked_and_does_not_answer() -> None:
    who = asked()
    case = submitted(who)
    say(about=case, author=who.account, text="A secret of the case.", now=now())
    client = at_the_desk(staff(Role.HOTLINE))
    content = client.get(page_of(who)).content.decode()
    assert "Which plan is cheapest?" in content
    for hidden in (who.account.name, who.account.email, who.lines[0].msisdn, "/write/", "/read/"):
        assert hidden not in content, hidden
    assert f"/desk/{case.number}/" not in content
    listed = client.get("/desk/talk/").content
    assert links(listed) == [page_of(who)]
    assert case.number in text(listed)
    assert "A secret of the case." not in text(listed)
    for what in ("write", "read"):
        assert client.post(f"{page_of(who)}{what}/", {"text": "Hello"}).status_code == 403
    assert Message.objects.filter(author="desk").count() == 0


def test_an_auditor_looks_and_others_do_not() -> None:
    who = asked()
    auditor = at_the_desk(staff(Role.AUDITOR))
    assert who.account.name in text(auditor.get(page_of(who)).content)
    assert auditor.post(f"{page_of(who)}write/", {"text": "Hello"}).status_code == 403
    for role in (Role.FINANCE, Role.ADMIN):
        assert at_the_desk(staff(role)).get(page_of(who)).status_code == 403


def test_an_account_that_never_wrote_is_not_looked_up_here() -> None:
    who, ticketed = customer(), customer()
    client = at_the_desk()
    for account in (who.account.pk, 10**9):
        assert client.get(f"/desk/talk/{account}/").status_code == 404
        answer = client.post(f"/desk/talk/{account}/write/", {"text": "Hello"})
        assert answer.status_code == 404
    by = staff(Role.HOTLINE)
    file_ticket(account=ticketed.account, case=None, by=by, text="Cannot sign in.", now=now())
    assert "Cannot sign in." in text(client.get(page_of(ticketed)).content)
    assert page_of(ticketed) in links(client.get("/desk/talk/?show=tickets").content)


def test_nobody_writes_to_an_account_that_is_closed() -> None:
    who = asked()
    who.account.closed_at = now()
    who.account.save()
    client = at_the_desk()
    page = text(client.get(page_of(who)).content)
    assert "This account is closed: nobody can read here any more." in page
    refused = client.post(f"{page_of(who)}write/", {"text": "Hello"})
    assert errors(refused.content) == ["This account is closed: nobody can read here any more."]


def test_more_conversations_need_no_more_queries() -> None:
    who = asked()
    say(about=submitted(who), author=who.account, text="And?", now=now())
    client = at_the_desk()
    addresses = ("/desk/talk/", "/desk/talk/?show=recent", page_of(who))
    for_one = [queries_of(client, address) for address in addresses]
    for _number in range(4):
        asked(who=who)
        other = asked()
        say(about=submitted(other), author=other.account, text="And?", now=now())
    assert [queries_of(client, address) for address in addresses] == for_one
    assert max(for_one) <= 16


def test_the_queue_and_the_case_point_out_what_was_not_read() -> None:
    first, second = customer(), customer()
    case, quiet = submitted(first, now=now()), submitted(second, now=now())
    client = at_the_desk()
    before = queries_of(client, "/desk/")
    for words in ("One.", "Two."):
        say(about=case, author=first.account, text=words, now=now())
    asked(who=second)  # about no case: nothing that the queue could lead to
    assert _marked(client, "") == {case.number: True, quiet.number: False}
    assert _marked(client, "messages=unread") == {case.number: True}
    assert queries_of(client, "/desk/") == before
    page = client.get(f"/desk/{case.number}/").content
    assert "2 messages not read" in text(page)
    mark_read(about=case, reader=reviewer(), up_to=Message.objects.latest("pk").pk, now=now())
    assert _marked(client, "") == {case.number: False, quiet.number: False}
    assert _marked(client, "messages=unread") == {}
    assert "messages not read" not in text(client.get(f"/desk/{case.number}/").content)


def _marked(client: Client, query: str) -> dict[str, bool]:
    """The cases of the queue, and whether each says that there are messages."""
    page = BeautifulSoup(client.get(f"/desk/?{query}").content, "html.parser")
    return {
        row.select("th a")[0].get_text(): "messages not read" in row.get_text()
        for row in page.select("table.queue tbody tr")
    }


def test_the_filter_stays_in_the_address_and_is_said() -> None:
    submitted(customer(), now=now())
    page = text(at_the_desk().get("/desk/?messages=unread").content)
    assert "Messages: Not read yet" in page
    assert "No case is like that." in page
    assert Case.objects.count() == 1
