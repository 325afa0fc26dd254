"""A call: an agent begins and ends it, and the customer says on their own page what it is.

Two agents who begin at once are told apart by the database: an account has one open call.
"""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.accounts.models import Account, User
from signoff.accounts.queries import locked_account
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case
from signoff.closing.operations import CUSTOMER
from signoff.closing.queries import locked_case
from signoff.closing.rules import CaseState
from signoff.hotline.models import Call, Method, Verification
from signoff.hotline.queries import open_calls
from signoff.hotline.rules import CALL_LASTS, VERIFIED_FOR, Direction, Standing
from signoff.hotline.status_words import STATUS_WORDS
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.talk.conversations import About, owner_of, stream_about
from signoff.talk.models import Via
from signoff.talk.operations import file_ticket

_DENIED = {
    Direction.OURS: _(
        "We called this customer, and they said on their page that they are not on the telephone"
        " with us. Look which number was called, and who answers there."
    ),
    Direction.THEIRS: _(
        "Somebody called us as this customer, who said on their page that it is not"
        " them. Somebody may be trying to get at their account."
    ),
}
_DENIED_WITH_CODE = _(
    "Somebody who knows number and code of the case, and has not signed in, says of a call of ours"
    " that it is not the customer who talks to us. Nobody counts as verified any more. Find out who"
    " is right, without telling anything."
)
WITH_CODE = "code"
"""Actor in the record: somebody who knows number and code of a case."""


def start_call(*, about: About, agent: User, direction: Direction, now: datetime) -> Call:
    """From now on the customer's page says that we are on the telephone with them, and who.

    about: a case, or an account for anything else. Who presses twice gets the same call. Raises
    Refusal for a draft ("not_sent"), for an account that is closed ("account_closed"; about one of
    its cases is another thing), and while there is another call with this customer ("busy").
    """
    _check_has_page(about)
    account, case = owner_of(about), None if isinstance(about, Account) else about
    with transaction.atomic():
        locked_account(account.pk)
        _end_those_over(account, agent, now)
        call = _new(account, case, agent, direction, now)
        if call is not None:
            _record(call, Event.CALL_STARTED, now, f"user:{agent.pk}")
            return call
    mine = open_calls(now).filter(account=account, case=case, agent=agent).first()
    if mine is None:
        raise Refusal("busy", _("One of us is on the telephone with this customer already."))
    return mine


def _check_has_page(about: About) -> None:
    """Where no page of theirs can say that it is us, they would have to believe us."""
    if isinstance(about, Account):
        if about.closed_at is not None:
            raise Refusal(
                "account_closed",
                _("This account is closed: no page of the customer’s would say that it is us."),
            )
    elif about.state == CaseState.DRAFT.value:
        raise Refusal("not_sent", _("This closing was not sent yet."))


def _new(
    account: Account, case: Case | None, agent: User, direction: Direction, now: datetime
) -> Call | None:
    """None: the account has an open call."""
    first, second = secrets.SystemRandom().sample(range(len(STATUS_WORDS)), 2)
    try:
        with transaction.atomic():
            return Call.objects.create(
                account=account,
                case=case,
                agent=agent,
                direction=direction.value,
                first_word=first,
                second_word=second,
                started_at=now,
                ends_at=now + CALL_LASTS,
            )
    except IntegrityError:
        return None


def _end_those_over(account: Account, agent: User, now: datetime) -> None:
    """Nobody pressed the button at their end, or who called has left us; there is one at most."""
    going_on = open_calls(now).filter(account=account).values("pk")
    for call in Call.objects.filter(account=account, ended_at=None).exclude(pk__in=going_on):
        Call.objects.filter(pk=call.pk).update(ended_at=min(call.ends_at, now))
        _record(call, Event.CALL_ENDED, now, f"user:{agent.pk}", forgotten=True)


def end_call(*, call: Call, agent: User, now: datetime) -> None:
    """They have hung up. Raises Conflict if it is over, or another agent's."""
    with transaction.atomic():
        locked_account(call.account_id)
        if not Call.objects.filter(pk=call.pk, agent=agent, ended_at=None).update(ended_at=now):
            raise Conflict("the call is over already")
        _record(call, Event.CALL_ENDED, now, f"user:{agent.pk}", forgotten=False)


def confirm_call(*, call: Call, account: Account, now: datetime) -> Call:
    """The customer compared the words: they are talking to us. Saying it twice is saying it once.

    Raises Conflict if the call is over, Refusal for somebody else's.
    """
    with transaction.atomic():
        found = _answered(call, account, now)
        if found.standing_at(now) is Standing.WAITING:
            found.confirmed_at, found.ends_at = now, now + VERIFIED_FOR
            found.save(update_fields=["confirmed_at", "ends_at"])
            _note(found, now, passed=True)
            _record(found, Event.CALL_CONFIRMED, now, CUSTOMER)
    return found


def deny_call(*, call: Call, account: Account, now: datetime) -> Call:
    """It is not the customer: the call ends, nobody counts as verified, a reviewer gets a ticket.

    A yes can be taken back so; a no cannot. Raises Conflict if the call is over, Refusal for
    somebody else's.
    """
    with transaction.atomic():
        found = _answered(call, account, now)
        _record(found, Event.CALL_DENIED, now, CUSTOMER)
        _deny(found, _DENIED[Direction(found.direction)], now)
    return found


def deny_call_with_code(*, call: Call, case: Case, now: datetime) -> Call:
    """The same by somebody who has not signed in, and knows number and code of the call's case.

    There is no yes like this: the code lies in mailboxes that others read. Who says no without
    being the customer costs them a call; who could say yes would get what is told in it. Raises
    Conflict if the call is over, Refusal for a call about anything else.
    """
    if call.case_id != case.pk:
        raise Refusal("not_yours", _("This call is not yours."))
    with transaction.atomic():
        found = _answered(call, case.account, now)
        _record(found, Event.CALL_DENIED_WITH_CODE, now, WITH_CODE)
        _deny(found, _DENIED_WITH_CODE, now)
    return found


def _deny(call: Call, words: str, now: datetime) -> None:
    """words: English, marked; the desk reads its own language."""
    call.denied_at = call.ended_at = now
    call.save(update_fields=["denied_at", "ended_at"])
    _note(call, now, passed=False)
    file_ticket(
        account=call.account, case=call.case, by=call.agent, text=words, now=now, via=Via.PAGE
    )


def _answered(call: Call, account: Account, now: datetime) -> Call:
    """The call as it is, with nobody else at it."""
    if call.account_id != account.pk:
        raise Refusal("not_yours", _("This call is not yours."))
    locked_account(account.pk)
    found = open_calls(now).filter(pk=call.pk).first()
    if found is None:
        raise Conflict("the call is over already")
    return found


def _note(call: Call, now: datetime, *, passed: bool) -> None:
    Verification.objects.create(
        account=call.account,
        case=call.case,
        agent=call.agent,
        at=now,
        method=Method.PAGE,
        call=call,
        asked=[],
        answers_right=0,
        passed=passed,
    )


def _record(call: Call, event: Event, now: datetime, actor: str, **facts: bool) -> None:
    record(
        event=event,
        stream=stream_about(call.account if call.case_id is None else locked_case(call.case_id)),
        at=now,
        actor=actor,
        facts={"call": call.pk, "direction": call.direction, **facts},
    )
