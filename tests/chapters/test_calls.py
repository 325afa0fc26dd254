"""Calls: who may begin and end one, and what the yes or the no of a customer does."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from signoff.accounts.models import Role, User
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.operations import save_reason, start_draft
from signoff.closing.rules import Reason, Scope
from signoff.closing.state import stream_of
from signoff.hotline.calls import (
    confirm_call,
    deny_call,
    deny_call_with_code,
    end_call,
    start_call,
)
from signoff.hotline.models import Call, Verification
from signoff.hotline.operations import verify_caller
from signoff.hotline.queries import open_call_with, tries_left, verified_until
from signoff.hotline.rules import CALL_LASTS, VERIFIED_FOR, Direction, Fact, Standing
from signoff.kernel.errors import Conflict, Refusal
from signoff.talk.models import Message, TicketState
from tests.racing import at_once
from tests.world import NOON, Customer, customer, staff, submitted

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


def case_of(call: Call) -> Case:
    assert call.case is not None
    return call.case


def events(case: Case) -> list[tuple[str, str]]:
    rows = AuditRow.objects.filter(stream=stream_of(case), event__startswith="call_")
    return [(row.event, row.actor) for row in rows.order_by("seq")]


def test_a_yes_from_the_page_verifies_the_caller_while_the_call_goes_on() -> None:
    who, mei = customer(), agent()
    call = begun(who, mei)
    assert verified_until(case_of(call), mei, NOON) is None
    for at in (NOON + MINUTE, NOON + 2 * MINUTE):  # pressed twice
        confirm_call(call=call, account=who.account, now=at)
    until = NOON + MINUTE + VERIFIED_FOR
    assert verified_until(case_of(call), mei, NOON + CALL_LASTS) == until
    assert verified_until(case_of(call), agent(), NOON + 2 * MINUTE) is None
    assert verified_until(case_of(call), mei, until) is None
    end_call(call=call, agent=mei, now=NOON + 5 * MINUTE)
    assert verified_until(case_of(call), mei, NOON + 5 * MINUTE) is None
    said = Verification.objects.get()
    assert (said.method, said.call, said.asked, said.passed) == ("page", call, [], True)
    assert events(case_of(call)) == [
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
    verify_caller(case=case_of(call), agent=mei, said=said, now=NOON)
    confirm_call(call=call, account=who.account, now=NOON + MINUTE)
    assert verified_until(case_of(call), mei, NOON + MINUTE) is not None
    over = deny_call(call=call, account=who.account, now=NOON + 2 * MINUTE)
    assert over.standing_at(NOON + 2 * MINUTE) is Standing.DENIED
    assert verified_until(case_of(call), mei, NOON + 2 * MINUTE) is None
    assert open_call_with(who.account, NOON + 2 * MINUTE) is None
    assert tries_left(who.account, NOON + 2 * MINUTE) == 2
    ticket = Message.objects.get()
    assert (ticket.case, ticket.user, ticket.ticket_state) == (case_of(call), mei, TicketState.OPEN)
    assert ticket.text.startswith("We called" if direction is OURS else "Somebody called us")
    for answer in (confirm_call, deny_call):
        with pytest.raises(Conflict):
            answer(call=call, account=who.account, now=NOON + 3 * MINUTE)
    verify_caller(case=case_of(call), agent=mei, said=said, now=NOON + 4 * MINUTE)
    assert verified_until(case_of(call), mei, NOON + 4 * MINUTE) is not None  # somebody else, later
    facts = str([row.facts for row in AuditRow.objects.filter(stream=stream_of(case_of(call)))])
    assert who.account.name not in facts


def test_a_call_that_nobody_ended_is_over_by_itself_and_makes_room() -> None:
    who, mei, jan = customer(), agent(), agent()
    call = begun(who, mei)
    later = NOON + CALL_LASTS
    with pytest.raises(Refusal, match="on the telephone with this customer already"):
        start_call(about=case_of(call), agent=jan, direction=THEIRS, now=later - MINUTE)
    assert start_call(about=case_of(call), agent=mei, direction=OURS, now=later - MINUTE) == call
    assert open_call_with(who.account, later) is None
    with pytest.raises(Conflict):
        confirm_call(call=call, account=who.account, now=later)
    another = start_call(about=case_of(call), agent=jan, direction=THEIRS, now=later)
    assert open_call_with(who.account, later) == another
    call.refresh_from_db()
    assert (call.ended_at, call.standing_at(later)) == (call.ends_at, Standing.OVER)
    assert events(case_of(call))[1:] == [
        ("call_ended", f"user:{jan.pk}"),
        ("call_started", f"user:{jan.pk}"),
    ]


def test_a_no_with_number_and_code_does_what_a_no_does_and_says_who_said_it() -> None:
    who, mei = customer(lines=2, paid=(5000,)), agent()
    case, other = (
        submitted(Customer(who.user, who.account, [line]), now=NOON) for line in who.lines
    )
    call = start_call(about=case, agent=mei, direction=THEIRS, now=NOON)
    said = {Fact.PLAN: "Boom 30", Fact.ACTIVATED: "2024-05"}
    verify_caller(case=case, agent=mei, said=said, now=NOON)
    assert verified_until(case, mei, NOON) is not None
    with pytest.raises(Refusal, match="not yours"):
        deny_call_with_code(call=call, case=other, now=NOON)
    over = deny_call_with_code(call=call, case=case, now=NOON + MINUTE)
    assert over.standing_at(NOON + MINUTE) is Standing.DENIED
    assert verified_until(case, mei, NOON + MINUTE) is None
    with pytest.raises(Conflict):
        deny_call_with_code(call=call, case=case, now=NOON + MINUTE)
    assert events(case)[1:] == [("call_denied_with_code", "code")]
    ticket = Message.objects.get()
    assert ticket.is_in_our_words and "has not signed in" in ticket.text


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


def test_the_call_of_somebody_who_left_makes_room_at_once() -> None:
    who, mei, jan = customer(), agent(), agent()
    call = begun(who, mei)
    mei.is_staff = False
    mei.save()
    later = NOON + MINUTE
    another = start_call(about=case_of(call), agent=jan, direction=OURS, now=later)
    assert open_call_with(who.account, later) == another
    call.refresh_from_db()
    assert call.ended_at == later


def test_a_closed_account_is_called_about_its_case_and_about_nothing_else() -> None:
    who, mei = customer(), agent()
    case = submitted(who, now=NOON)
    who.account.closed_at = NOON
    who.account.save()
    with pytest.raises(Refusal, match="no page of the customer’s"):
        start_call(about=who.account, agent=mei, direction=OURS, now=NOON)
    assert start_call(about=case, agent=mei, direction=OURS, now=NOON).case == case


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
    row: dict[str, object] = {
        "account": who.account,
        "case": case_of(call),
        "agent": mei,
        "at": NOON,
        "asked": [],
    }
    for wrong in (
        {"method": "page", "call": None, "answers_right": 0, "passed": True},
        {"method": "page", "call": call, "answers_right": 2, "passed": True},
        {"method": "questions", "call": call, "answers_right": 2, "passed": True},
        {"method": "questions", "call": None, "answers_right": 1, "passed": True},
        {"method": "questions", "call": None, "answers_right": 2, "passed": True, "case": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.create(**{**row, **wrong})
    changes: list[dict[str, object]] = [
        {"denied_at": NOON}, {"second_word": call.first_word}, {"direction": "up"}
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**change)


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
        assert [type(end) for end in ends if end is not call] == [Refusal]
        at_once(
            partial(confirm_call, call=call, account=who.account, now=at),
            partial(deny_call, call=call, account=who.account, now=at),
        )
        assert verified_until(case_of(call), call.agent, at) is None
        assert open_call_with(who.account, at) is None
    assert Message.objects.count() == 4
