"""What a customer sees of the review of their case. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.review.clock import appeal_until
from signoff.review.models import Appeal, Decision, DecisionKind, Outcome, Question
from signoff.review.rules import UNDECIDED


@dataclass(frozen=True, slots=True)
class ForCustomer:
    """question: waits for an answer, perhaps beyond its day. refusal: the one that stands.

    appeal_until: the last day on which another person can be asked for, by the customer's
    calendar; None: not, or not any more than once. appeal: it has been asked for.
    """

    question: Question | None
    refusal: Decision | None
    appeal_until: date | None
    appeal: Appeal | None


@dataclass(frozen=True, slots=True)
class Before:
    """What is over of the reviews of a case. refused_at: before the appeal.

    answered, lapsed: when questions were answered, and when their day had gone by. days_waited:
    working days by which that moved the last day of this review.
    """

    answered: tuple[datetime, ...] = ()
    lapsed: tuple[datetime, ...] = ()
    days_waited: int = 0
    refused_at: datetime | None = None
    appealed_at: datetime | None = None


def before(case: Case) -> Before:
    """Two short reads."""
    questions = list(Question.objects.filter(case=case, undone_at=None).exclude(ended_at=None))
    appeal = Appeal.objects.filter(case=case).select_related("decision").first()
    return Before(
        answered=tuple(q.answered_at for q in questions if q.answered_at),
        lapsed=tuple(q.lapsed_at for q in questions if q.lapsed_at),
        days_waited=sum(
            q.days_waited for q in questions if not appeal or q.asked_at > appeal.appealed_at
        ),
        refused_at=appeal.decision.decided_at if appeal else None,
        appealed_at=appeal.appealed_at if appeal else None,
    )


def for_customer(case: Case, now: datetime) -> ForCustomer:
    """At most three short reads; none for a case that has not been sent."""
    state = case.told(now)
    if state is CaseState.DRAFT:
        return ForCustomer(None, None, None, None)
    refused = state is CaseState.REFUSED
    return ForCustomer(
        question=None if _is_held(case, state) else unanswered(case),
        refusal=_refusal(case) if refused else None,
        appeal_until=appeal_until(case) if refused else None,
        appeal=Appeal.objects.filter(case=case).first(),
    )


def _is_held(case: Case, told: CaseState) -> bool:
    """There is no question, or not for the customer yet."""
    return told not in UNDECIDED or told.value != case.state


def unanswered(case: Case) -> Question | None:
    """The newest question that was not taken back, if nobody has answered it; also after its day."""
    asked = Question.objects.filter(case=case, undone_at=None)
    newest = asked.order_by("-asked_at", "-pk").first()
    return newest if newest is not None and newest.answered_at is None else None


def _refusal(case: Case) -> Decision | None:
    rows = Decision.objects.filter(
        case=case, kind=DecisionKind.FINAL, outcome=Outcome.REFUSED, is_current=True
    )
    return rows.order_by("-round").first()
