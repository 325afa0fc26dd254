"""The one function that moves a case from state to state."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import FINAL_STATES, CaseEvent, CaseState, next_state
from signoff.kernel.errors import Conflict

_RECORDED = {
    CaseEvent.SUBMIT: Event.CASE_SUBMITTED,
    CaseEvent.TAKE: Event.CASE_TAKEN,
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
    it since `case` was read: then nothing is written.
    """
    old = CaseState(case.state)
    new = next_state(old, event)
    with transaction.atomic():
        moved = Case.objects.filter(pk=case.pk, state=old.value, fence=case.fence).update(
            state=new.value, **changes
        )
        if not moved:
            raise Conflict(f"case {case.number} is no longer {old.value}")
        if new in FINAL_STATES:
            CaseLine.objects.filter(case=case).update(is_open=False)
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
