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

    answered, lapsed: when questions were answered, and when their day had gone by.
    """

    answered: tuple[datetime, ...] = ()
    lapsed: tuple[datetime, ...] = ()
    refused_at: datetime | None = None
    appealed_at: datetime | None = None


def before(case: Case) -> Before:
    """Two short reads."""
    asked = Question.objects.filter(case=case, undone_at=None).exclude(ended_at=None)
    questions = list(asked.values_list("answered_at", "lapsed_at"))
    appeal = Appeal.objects.filter(case=case).select_related("decision").first()
    return Before(
        answered=tuple(answered for answered, _lapsed in questions if answered),
        lapsed=tuple(lapsed for _answered, lapsed in questions if lapsed),
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
    """The newest question, if nobody has answered it or taken it back; also after its day."""
    newest = Question.objects.filter(case=case).order_by("-asked_at", "-pk").first()
    if newest is None or newest.answered_at is not None or newest.undone_at is not None:
        return None
    return newest


def _refusal(case: Case) -> Decision | None:
    rows = Decision.objects.filter(
        case=case, kind=DecisionKind.FINAL, outcome=Outcome.REFUSED, is_current=True
    )
    return rows.order_by("-round").first()
