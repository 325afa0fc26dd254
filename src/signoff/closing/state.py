"""The one function that moves a case from state to state."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import FINAL_STATES, CaseEvent, CaseState, next_state
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.push import operations as push

_RECORDED = {
    CaseEvent.SUBMIT: Event.CASE_SUBMITTED,
    CaseEvent.TAKE: Event.CASE_TAKEN,
    CaseEvent.ASSIGN: Event.CASE_ASSIGNED,
    CaseEvent.RELEASE: Event.CASE_RELEASED,
    CaseEvent.ASK_MORE: Event.CASE_QUESTION_ASKED,
    CaseEvent.ANSWER: Event.CASE_QUESTION_ANSWERED,
    CaseEvent.NO_ANSWER: Event.CASE_QUESTION_LAPSED,
    CaseEvent.PROPOSE: Event.CASE_APPROVAL_PROPOSED,
    CaseEvent.UNDO_DECISION: Event.CASE_DECISION_UNDONE,
    CaseEvent.APPEAL: Event.CASE_APPEALED,
    CaseEvent.APPROVE: Event.CASE_APPROVED,
    CaseEvent.REFUSE: Event.CASE_REFUSED,
    CaseEvent.WAIT: Event.CASE_WAITING,
    CaseEvent.ASK_AGAIN: Event.SETTLEMENT_ASKED_AGAIN,
    CaseEvent.CONFIRM: Event.SETTLEMENT_AGREED,
    CaseEvent.START: Event.CASE_CLOSING,
    CaseEvent.STOP_FOR_PERSON: Event.CASE_STOPPED,
    CaseEvent.RETRY: Event.CASE_RETRIED,
    CaseEvent.FINISH: Event.CASE_CLOSED,
    CaseEvent.WITHDRAW: Event.CASE_WITHDRAWN,
}


def stream_of(case: Case) -> str:
    """The case's own chain in the record."""
    return f"case:{case.pk}"


def advance(
    case: Case,
    event: CaseEvent,
    *,
    now: datetime,
    actor: str,
    facts: Mapping[str, str | int | bool | None] | None = None,
    personal: Mapping[str, str] | None = None,
    **changes: object,
) -> Case:
    """Moves `case` by compare-and-set, with `changes` to other columns, and records it.

    personal: values that the record only commits to, so that they can be erased.

    Raises NoSuchTransition if its state does not allow `event`, and Conflict if somebody moved
    it since `case` was read: then nothing is written. Raises Refusal if a case that was over
    opens again, and one of its lines is in another open case by now.
    """
    old = CaseState(case.state)
    new = next_state(old, event)
    with transaction.atomic():
        if old in FINAL_STATES:
            _lock_lines_again(case)
        moved = Case.objects.filter(pk=case.pk, state=old.value, fence=case.fence).update(
            state=new.value, **changes
        )
        if not moved:
            raise Conflict(f"case {case.number} is no longer {old.value}")
        if new in FINAL_STATES:
            CaseLine.objects.filter(case=case).update(is_open=False)
        push.changed(case=case.pk, is_over=new in FINAL_STATES, now=now)
        record(
            event=_RECORDED[event],
            stream=stream_of(case),
            at=now,
            actor=actor,
            facts={"from": old.value, "to": new.value, **(facts or {})},
            personal=personal,
        )
    for name, value in {"state": new.value, **changes}.items():
        setattr(case, name, value)
    return case


def _lock_lines_again(case: Case) -> None:
    """The database lets a line be in one open case, and an account in one of its own."""
    try:
        with transaction.atomic():
            CaseLine.objects.filter(case=case).update(is_open=True)
    except IntegrityError:
        raise Refusal(
            "already_closing",
            _("One of these lines is in another case by now. Undo that one first."),
        ) from None


def hold(case: Case, *, fence: int, **changes: object) -> bool:
    """Notes something at a case that is being closed, and says whether that was allowed.

    By compare-and-set: False if another run has taken the case since `case` was read. `fence` is
    the number that the case has afterwards.
    """
    held = Case.objects.filter(pk=case.pk, fence=case.fence, state=CaseState.CLOSING.value)
    if not held.update(fence=fence, **changes):
        return False
    case.fence = fence
    return True
