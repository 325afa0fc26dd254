"""Taking a decision back: for a minute, in which its letter waits."""

from datetime import datetime

from django.db import transaction

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.closing.rules import CaseEvent, CaseState, next_state
from signoff.closing.state import advance
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.review.claims import actor, give, touch_claim
from signoff.review.clock import question_of, round_of
from signoff.review.models import Decision, DecisionKind, Question
from signoff.review.questions import close_question
from signoff.review.rules import UNDO_WITHIN

_LETTERS = {
    CaseState.MORE_INFO: ("more_info",),
    CaseState.COOLING_OFF: ("approved",),
    CaseState.REFUSED: ("refused", "refused_finally"),
}


def undo_decision(*, case: Case, reviewer: User, now: datetime) -> Case:
    """The reviewer takes back the yes, no or question of a moment ago, and holds the case again.

    Raises Refusal for a decision of somebody else ("not_yours") or of longer ago ("too_late"),
    Conflict if its letter has gone or somebody has gone on with the case.
    """
    state = CaseState(case.state)
    next_state(state, CaseEvent.UNDO_DECISION)
    last = last_act(case)
    if last is None or last.reviewer_id != reviewer.pk:
        raise Refusal("not_yours", _("Only who decided can take it back."))
    if now >= _until(case, last):
        raise Refusal(
            "too_late", _("A decision can be taken back for a minute; by now the customer knows.")
        )
    with transaction.atomic():
        _take_back(case, last, now)
        if not touch_claim(case=case, reviewer=reviewer, now=now):
            give(case, reviewer, now)
        case = advance(
            case,
            CaseEvent.UNDO_DECISION,
            now=now,
            actor=actor(reviewer),
            decided_at=None,
            due_at=None,
            ended_at=None,
            clock_stopped_on=None,
            answer="",
        )
        letters = _LETTERS.get(state)
        if letters and not notice.cancel_held(case=case.pk, kinds=letters):
            raise Conflict(f"the letter about case {case.number} has gone")
    return case


def last_act(case: Case) -> Decision | Question | None:
    """What would be taken back now: the open question, the decision, or the proposal."""
    state = CaseState(case.state)
    if state is CaseState.MORE_INFO:
        return question_of(case)
    kind = DecisionKind.PROPOSED if state is CaseState.SUBMITTED else DecisionKind.FINAL
    rows = Decision.objects.filter(case=case, round=round_of(case), kind=kind, is_current=True)
    return rows.select_related("reviewer").first()


def undo_until(case: Case, now: datetime) -> datetime | None:
    """Until when what was decided last can be taken back; None: not any more, or nothing was."""
    state = CaseState(case.state)
    if state not in {CaseState.SUBMITTED, *_LETTERS}:
        return None
    last = last_act(case)
    until = _until(case, last) if last is not None else now
    return until if now < until else None


def _until(case: Case, act: Decision | Question) -> datetime:
    """A minute, or less where the closing begins sooner."""
    over = UNDO_WITHIN + (act.asked_at if isinstance(act, Question) else act.decided_at)
    return over if case.due_at is None else min(over, case.due_at)


def _take_back(case: Case, act: Decision | Question, now: datetime) -> None:
    if isinstance(act, Question):
        close_question(act, now, undone_at=now)
        return
    # A press of the last second may have waited for the sweep that lets the settlement go.
    stands = Decision.objects.filter(pk=act.pk, is_current=True, is_released=False)
    if not stands.update(is_current=False, undone_at=now):
        raise Conflict(f"the decision on case {case.number} was taken back, or stands by now")
    if act.kind == DecisionKind.FINAL:  # what it overruled stands again
        Decision.objects.filter(
            case=case, round=act.round, kind=DecisionKind.PROPOSED, undone_at=None
        ).update(is_current=True)
