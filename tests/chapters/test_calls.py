"""Are we calling you right now? The agent says two words, the customer compares and presses."""

from datetime import timedelta
from functools import partial

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import gettext, override

from signoff.accounts.models import Role, User
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.operations import save_reason, start_draft
from signoff.closing.queries import access_code
from signoff.closing.rules import Reason, Scope
from signoff.closing.state import stream_of
from signoff.hotline.calls import confirm_call, deny_call, end_call, start_call
from signoff.hotline.models import Call, Verification
from signoff.hotline.operations import verify_caller
from signoff.hotline.queries import open_call_with, tries_left, verified_until
from signoff.hotline.rules import CALL_LASTS, VERIFIED_FOR, Direction, Fact, Standing
from signoff.hotline.status_words import STATUS_WORDS
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.talk.models import Message, TicketState
from signoff.talk.operations import say
from tests.desk import at_the_desk
from tests.portal import signed_in, text
from tests.racing import at_once
from tests.world import NOON, Customer, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
OURS, THEIRS = Direction.OURS, Direction.THEIRS


def agent(name: str = "Mei Lin") -> User:
    user = staff(Role.HOTLINE)
    user.first_name, _space, user.last_name = name.partition(" ")
    user.save()
    return user


def begun(who: Customer, by: User, direction: Direction = OURS) -> Call:
    return start_call(about=submitted(who, now=NOON), agent=by, direction=direction, now=NOON)


def events(case: Case) -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(stream=stream_of(case), event__startswith="call_")
    return [(row.event, row.actor) for row in rows.order_by("seq")]


def test_a_yes_from_the_page_verifies_the_caller_while_the_call_goes_on() -> None:
    who, mei = customer(), agent()
    call = begun(who, mei)
    assert verified_until(call.case, mei, NOON) is None
    for at in (NOON + MINUTE, NOON + 2 * MINUTE):  # pressed twice
        confirm_call(call=call, account=who.account, now=at)
    until = NOON + MINUTE + VERIFIED_FOR
    assert verified_until(call.case, mei, NOON + CALL_LASTS) == until
    assert verified_until(call.case, agent(), NOON + 2 * MINUTE) is None
    assert verified_until(call.case, mei, until) is None
    end_call(call=call, agent=mei, now=NOON + 5 * MINUTE)
    assert verified_until(call.case, mei, NOON + 5 * MINUTE) is None
    said = Verification.objects.get()
    assert (said.method, said.call, said.asked, said.passed) == ("page", call, [], True)
    assert events(call.case) == [
        ("call_started", f"user:{mei.pk}"),
        ("call_confirmed", "customer"),
        ("call_ended", f"user:{mei.pk}"),
    ]


@pytest.mark.parametrize("direction", list(Direction))
def test_a_no_ends_the_call_and_every_verification_and_files_a_ticket(
    direction: Direction,
) -> None:
    who, mei = customer(paid=(5000,)), agent()
    call = begun(who, mei, direction)
    said = {Fact.PLAN: "Boom 30", Fact.ACTIVATED: "2024-05"}
    verify_caller(case=call.case, agent=mei, said=said, now=NOON)
    confirm_call(call=call, account=who.account, now=NOON + MINUTE)
    assert verified_until(call.case, mei, NOON + MINUTE) is not None
    over = deny_call(call=call, account=who.account, now=NOON + 2 * MINUTE)
    assert over.standing_at(NOON + 2 * MINUTE) is Standing.DENIED
    assert verified_until(call.case, mei, NOON + 2 * MINUTE) is None
    assert open_call_with(who.account, NOON + 2 * MINUTE) is None
    assert tries_left(who.account, NOON + 2 * MINUTE) == 2
    ticket = Message.objects.get()
    assert (ticket.case, ticket.user, ticket.ticket_state) == (call.case, mei, TicketState.OPEN)
    assert ticket.text.startswith("We called" if direction is OURS else "Somebody called us")
    for answer in (confirm_call, deny_call):
        with pytest.raises(Conflict):
            answer(call=call, account=who.account, now=NOON + 3 * MINUTE)
    verify_caller(case=call.case, agent=mei, said=said, now=NOON + 4 * MINUTE)
    assert verified_until(call.case, mei, NOON + 4 * MINUTE) is not None  # somebody else, later
    facts = str([row.facts for row in AuditRow.objects.filter(stream=stream_of(call.case))])
    assert who.account.name not in facts


def test_a_call_that_nobody_ended_is_over_by_itself_and_makes_room() -> None:
    who, mei, jan = customer(), agent(), agent()
    call = begun(who, mei)
    later = NOON + CALL_LASTS
    with pytest.raises(Refusal, match="on the telephone with this customer already"):
        start_call(about=call.case, agent=jan, direction=THEIRS, now=later - MINUTE)
    assert start_call(about=call.case, agent=mei, direction=OURS, now=later - MINUTE) == call
    assert open_call_with(who.account, later) is None
    with pytest.raises(Conflict):
        confirm_call(call=call, account=who.account, now=later)
    another = start_call(about=call.case, agent=jan, direction=THEIRS, now=later)
    assert open_call_with(who.account, later) == another
    call.refresh_from_db()
    assert (call.ended_at, call.standing_at(later)) == (call.ends_at, Standing.OVER)
    assert events(call.case)[1:] == [
        ("call_ended", f"user:{jan.pk}"),
        ("call_started", f"user:{jan.pk}"),
    ]


def test_nobody_answers_or_ends_what_is_not_theirs() -> None:
    who, mei, other = customer(), agent(), customer()
    call = begun(who, mei)
    for answer in (confirm_call, deny_call):
        with pytest.raises(Refusal, match="not yours"):
            answer(call=call, account=other.account, now=NOON)
    with pytest.raises(Conflict):
        end_call(call=call, agent=agent(), now=NOON)
    mei.is_active = False
    mei.save()
    assert open_call_with(who.account, NOON) is None  # left the staff: not one of ours
    with pytest.raises(Conflict):
        confirm_call(call=call, account=who.account, now=NOON)
    assert not Verification.objects.exists()


def test_nobody_is_called_about_what_was_not_sent() -> None:
    who = customer()
    draft = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    save_reason(case=draft, reason=Reason.PRICE, text="")
    with pytest.raises(Refusal):
        start_call(about=draft, agent=agent(), direction=OURS, now=NOON)


def test_the_database_keeps_a_verification_honest() -> None:
    who, mei = customer(), agent()
    call = begun(who, mei)
    row = {"account": who.account, "case": call.case, "agent": mei, "at": NOON, "asked": []}
    for wrong in (
        {"method": "page", "call": None, "answers_right": 0, "passed": True},
        {"method": "page", "call": call, "answers_right": 2, "passed": True},
        {"method": "questions", "call": call, "answers_right": 2, "passed": True},
        {"method": "questions", "call": None, "answers_right": 1, "passed": True},
        {"method": "questions", "call": None, "answers_right": 2, "passed": True, "case": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.create(**{**row, **wrong})
    for wrong in ({"denied_at": NOON}, {"second_word": call.first_word}, {"direction": "up"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_of_two_agents_who_call_at_once_one_does_and_a_yes_and_a_no_do_not_both_count() -> None:
    who = customer(lines=2)
    cases = [submitted(Customer(who.user, who.account, [line])) for line in who.lines]
    for turn in range(4):
        at = NOON + turn * MINUTE
        ends = at_once(
            *(
                partial(start_call, about=case, agent=agent(), direction=OURS, now=at)
                for case in cases
            )
        )
        [call] = [end for end in ends if isinstance(end, Call)]
        assert sorted(type(end) for end in ends if end is not call) == [Refusal]
        at_once(
            partial(confirm_call, call=call, account=who.account, now=at),
            partial(deny_call, call=call, account=who.account, now=at),
        )
        assert verified_until(call.case, call.agent, at) is None
        assert open_call_with(who.account, at) is None
    assert Message.objects.count() == 4


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
    assert "If your telephone rang instead" in text(page).replace("Did your", "If your")
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


def test_a_reviewer_calls_somebody_who_closes_nothing_and_only_who_has_written() -> None:
    who = customer()
    client = at_the_desk(reviewer())
    here = f"/desk/talk/{who.account.pk}/"
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
