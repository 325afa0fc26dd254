"""Are we calling you right now? The pages of both sides, side by side."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import gettext, override

from signoff.accounts.models import Role, User
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.queries import access_code
from signoff.hotline.calls import end_call, start_call
from signoff.hotline.models import Call, Verification
from signoff.hotline.rules import Direction
from signoff.hotline.status_words import STATUS_WORDS
from signoff.kernel.clock import now
from signoff.talk.models import Message
from signoff.talk.operations import say
from tests.desk import at_the_desk
from tests.portal import signed_in, text, value_of
from tests.world import Customer, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

OURS = Direction.OURS


def agent(name: str = "Mei Lin") -> User:
    user = staff(Role.HOTLINE)
    user.first_name, _space, user.last_name = name.partition(" ")
    user.save()
    return user


def phoning(case: Case, direction: str = "ours") -> tuple[Client, User]:
    """An agent at the desk who has pressed the button."""
    mei = agent()
    client = at_the_desk(mei)
    client.post(f"/desk/hotline/{case.number}/call/", {"direction": direction})
    return client, mei


def words_on(content: bytes) -> list[str]:
    return [
        word.get_text()
        for word in BeautifulSoup(content, "html.parser").select(".call-words strong span")
    ]


def test_both_sides_see_the_same_words_in_the_language_of_the_case() -> None:
    who = customer()
    case = submitted(who, now=now())
    Case.objects.filter(pk=case.pk).update(language="zh-hans")
    mine = signed_in(who)
    assert "No, nobody of ours is calling you." in text(mine.get("/calling/").content)
    desk, mei = phoning(case)
    said = words_on(desk.get(f"/desk/hotline/{case.number}/").content)
    assert len(said) == 2
    assert all("\u4e00" <= sign <= "\u9fff" for word in said for sign in word)
    page = mine.get("/calling/").content
    assert words_on(page) == said
    assert "Yes, we are calling you. On our side: Mei, hotline" in text(page)
    assert case.number in text(page)
    assert mei.username not in page.decode()
    assert "Lin" not in text(page)
    looked_up = Client()
    code = access_code(case)
    told = looked_up.post("/status/", {"number": case.number, "code": code}, follow=True).content
    assert words_on(told) == said
    assert "We are calling about this case right now. On our side: Mei, hotline" in text(told)
    assert who.account.name not in told.decode()
    assert "Say whether it is you" not in text(told)
    desk.post(f"/desk/hotline/{case.number}/call/end/")
    assert "nobody of ours was calling" in text(looked_up.get(f"/cases/{case.number}/").content)
    assert "No, nobody of ours is calling you." in text(mine.get("/calling/").content)


def test_a_yes_opens_the_page_of_the_agent_and_a_no_closes_it() -> None:
    who = customer()
    case = submitted(who, now=now())
    mine = signed_in(who)
    desk, _mei = phoning(case, "theirs")
    page, there = mine.get("/calling/").content, f"/desk/hotline/{case.number}/"
    assert "If your telephone rang instead, the one who talks to you is not from us" in text(page)
    number = Call.objects.get().pk
    content = desk.get(there).content
    assert "Waiting: the customer has pressed nothing yet." in text(content)
    assert "Tell the caller nothing yet" in text(content)
    mark = f"{there}call/now/?seen={number}-waiting"
    assert desk.get(mark).status_code == 204
    mine.post("/calling/answer/", {"call": number, "answer": "yes"})
    assert "The customer says: yes, it is me." in desk.get(mark).content.decode()
    assert "The caller is verified until" in text(desk.get(there).content)
    assert "You have said yes" in text(mine.get("/calling/").content)
    answer = mine.post("/calling/answer/", {"call": number, "answer": "no"}, follow=True)
    assert "We were told to say nothing and to hang up." in text(answer.content)
    moved = desk.get(f"{there}call/now/?seen={number}-confirmed")
    assert moved["HX-Refresh"] == "true"  # what it told of the case has to go
    content = desk.get(there).content
    assert "The customer says: no, this is not me" in text(content)
    assert case.contact_name not in content.decode()
    assert "Somebody called us as this customer" in text(
        at_the_desk().get(f"/desk/{case.number}/").content
    )


def seeing(case: Case) -> Client:
    """A browser in which somebody has looked a case up."""
    client = Client()
    client.post("/status/", {"number": case.number, "code": access_code(case)})
    return client


def test_who_cannot_sign_in_says_no_where_a_case_is_looked_up_and_never_yes() -> None:
    who = customer()
    case = submitted(who, now=now())
    who.account.closed_at = now()
    who.account.save()
    there = f"/cases/{case.number}/not-me/"
    desk, _mei = phoning(case, "theirs")
    call, browser = Call.objects.get(), seeing(case)
    waits = text(desk.get(f"/desk/hotline/{case.number}/").content)
    assert "They can say no there, but not yes." in waits
    page = browser.get(f"/cases/{case.number}/").content
    assert "No, I did not call" in text(page)
    assert "Yes, I called you" not in text(page)
    assert value_of(page, "call") == str(call.pk)
    answer = browser.post(there, {"call": call.pk, "answer": "yes"}, follow=True)
    assert "We were told to say nothing and to hang up." in text(answer.content)
    assert "nobody of ours was calling about this case" in text(answer.content)
    call.refresh_from_db()
    assert (call.denied_at is not None, call.confirmed_at) == (True, None)
    assert not Verification.objects.filter(passed=True).exists()
    content = desk.get(f"/desk/hotline/{case.number}/").content
    assert "no, this is not me" in text(content)
    assert case.contact_name not in content.decode()
    assert "has not signed in" in text(at_the_desk().get("/desk/talk/?show=tickets").content)


def test_a_no_with_code_is_for_the_call_on_the_page_and_for_who_knows_the_case() -> None:
    who = customer()
    case, other = submitted(who, now=now()), submitted(customer(), now=now())
    there = f"/cases/{case.number}/not-me/"
    phoning(case)
    call, browser = Call.objects.get(), seeing(case)
    for stranger in (Client(), seeing(other), signed_in(customer()), at_the_desk()):
        assert stranger.post(there, {"call": call.pk}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(there, {"call": call.pk}).status_code == 403
    assert browser.get(there).status_code == 405
    for wrong in ({}, {"call": ""}, {"call": "x"}, {"call": call.pk + 1}, {"call": "9" * 5000}):
        page = browser.post(there, wrong, follow=True)
        assert "That call is over already." in text(page.content), wrong
    mine = signed_in(who)
    assert mine.post(there, {"call": call.pk})["Location"] == "/calling/"
    assert "No, that is not me" not in text(mine.get(f"/cases/{case.number}/").content)
    call.refresh_from_db()
    assert call.ended_at is None


def test_a_no_with_code_is_not_said_without_end() -> None:
    case = submitted(customer(), now=now())
    browser, there = seeing(case), f"/cases/{case.number}/not-me/"
    answers = [browser.post(there, {"call": "1"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_an_answer_is_for_the_call_that_was_on_the_page_and_for_its_customer() -> None:
    who = customer()
    case = submitted(who, now=now())
    _desk, mei = phoning(case)
    call = Call.objects.get()
    stranger = signed_in(customer())
    said = {"call": call.pk, "answer": "no"}
    for client in (stranger, Client()):
        client.post("/calling/answer/", said)
        assert client.get("/calling/now/").status_code in {200, 302}
    assert "No, nobody of ours is calling you." in text(stranger.get("/calling/").content)
    mine = signed_in(who)
    end_call(call=call, agent=mei, now=now())
    start_call(about=case, agent=mei, direction=OURS, now=now())
    page = mine.post("/calling/answer/", {"call": call.pk, "answer": "yes"}, follow=True)
    assert "That call is over already." in text(page.content)
    for wrong in ({}, {"call": "x", "answer": "yes"}, {"call": call.pk, "answer": "maybe"}):
        assert mine.post("/calling/answer/", wrong).status_code == 302
    assert not Verification.objects.exists()


def test_when_the_time_of_a_call_is_over_what_the_agent_has_typed_stays() -> None:
    who = customer()
    case = submitted(who, now=now())
    desk, _mei = phoning(case)
    call, moving = Call.objects.get(), f"/desk/hotline/{case.number}/call/now/?seen="
    Call.objects.update(ends_at=now())
    part = desk.get(f"{moving}{call.pk}-waiting")
    assert "HX-Refresh" not in part
    said = part.content.decode()
    assert "This call does not count any more." in said
    assert "I am calling this customer now" in said and "hx-get" not in said
    for told in ("-confirmed", "-denied", "", "x"):
        assert desk.get(f"{moving}{call.pk}{told}")["HX-Refresh"] == "true", told


def test_another_agent_sees_who_is_calling_and_not_the_words() -> None:
    case = submitted(customer(), now=now())
    phoning(case)
    jan = at_the_desk(agent("Jan"))
    content = jan.get(f"/desk/hotline/{case.number}/").content
    assert "Mei Lin is on the telephone with this customer." in text(content)
    assert words_on(content) == []
    page = jan.post(f"/desk/hotline/{case.number}/call/", {"direction": "ours"}, follow=True)
    assert "One of us is on the telephone" in text(page.content)
    assert Call.objects.count() == 1


def test_who_is_on_the_telephone_about_something_else_is_told_that_it_is_themselves() -> None:
    who = customer(lines=2)
    one, two = (submitted(Customer(who.user, who.account, [line]), now=now()) for line in who.lines)
    client, mei = phoning(one)
    content = client.get(f"/desk/hotline/{two.number}/").content
    assert f"{mei.get_full_name()} is on the telephone with this customer." in text(content)
    assert "I am calling this customer now" not in text(content)
    assert words_on(content) == []


def test_a_reviewer_calls_from_the_case_and_comes_back_to_it() -> None:
    case = submitted(customer(), now=now())
    client = at_the_desk(reviewer())
    assert "I am calling this customer now" in text(client.get(f"/desk/{case.number}/").content)
    answer = client.post(f"/desk/{case.number}/call/", {"direction": "ours"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/desk/{case.number}/"
    assert len(words_on(answer.content)) == 2
    answer = client.post(f"/desk/{case.number}/call/end/", follow=True)
    assert "The customer’s page says so." in text(answer.content)
    assert words_on(answer.content) == []
    answer = client.post(f"/desk/{case.number}/call/end/", follow=True)
    assert "The call was over already." in text(answer.content)


def test_a_reviewer_calls_somebody_who_closes_nothing_and_only_who_has_written() -> None:
    who, gone = customer(), customer()
    client = at_the_desk(reviewer())
    here = f"/desk/talk/{who.account.pk}/"
    say(about=gone.account, author=gone.account, text="Goodbye.", now=now())
    gone.account.closed_at = now()
    gone.account.save()
    page = client.get(f"/desk/talk/{gone.account.pk}/").content
    assert "I am calling this customer now" not in text(page)
    assert client.post(f"{here}call/", {"direction": "ours"}).status_code == 404
    say(about=who.account, author=who.account, text="My bill looks odd.", now=now())
    assert "I am calling this customer now" in text(client.get(here).content)
    page = client.post(f"{here}call/", {"direction": "ours"}, follow=True).content
    mine = signed_in(who)
    shown = mine.get("/calling/").content
    assert words_on(shown) == words_on(page)
    assert "It is about what you wrote to us" in text(shown)
    call = Call.objects.get()
    mine.post("/calling/answer/", {"call": call.pk, "answer": "yes"})
    moving = f"{here}call/now/?seen={call.pk}-waiting"
    assert "The customer says: yes, it is me." in client.get(moving).content.decode()
    mine.post("/calling/answer/", {"call": call.pk, "answer": "no"})
    assert "no, this is not me" in text(client.get(here).content)
    assert Message.objects.get(kind="ticket").case is None
    rows = AuditRow.objects.filter(stream=f"account:{who.account.pk}", event__startswith="call_")
    assert list(rows.order_by("seq").values_list("event", flat=True)) == [
        "call_started",
        "call_confirmed",
        "call_denied",
    ]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMIN, Role.AUDITOR])
def test_others_call_nobody(role: Role) -> None:
    who = customer()
    case = submitted(who, now=now())
    say(about=who.account, author=who.account, text="Hello?", now=now())
    client = at_the_desk(staff(role))
    for place in (f"hotline/{case.number}", case.number, f"talk/{who.account.pk}"):
        for what in ("call", "call/end"):
            answer = client.post(f"/desk/{place}/{what}/", {"direction": "ours"})
            assert answer.status_code == 403
    assert not Call.objects.exists()


def test_a_stranger_reads_how_to_find_out() -> None:
    page = text(Client().get("/calling/").content)
    assert "Whoever is really from us says these two words to you." in page
    assert "Sign in and look" in page
    for path in ("/official/", "/check/"):
        links = BeautifulSoup(Client().get(path).content, "html.parser").select("main a")
        assert "/calling/" in {link["href"] for link in links}, path


def test_every_word_is_another_one_in_every_language() -> None:
    for language in ("en", "zh-hans"):
        with override(language):
            said = {gettext(word) for word in STATUS_WORDS}
        assert len(said) == len(STATUS_WORDS), language
