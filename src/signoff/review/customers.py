"""What a customer sees of the review of their case. Reads only."""

from dataclasses import dataclass
from datetime import date

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


def for_customer(case: Case) -> ForCustomer:
    """At most three short reads; none for a case that has not been sent."""
    state = CaseState(case.state)
    if state is CaseState.DRAFT:
        return ForCustomer(None, None, None, None)
    refused = state is CaseState.REFUSED
    return ForCustomer(
        question=unanswered(case) if state in UNDECIDED else None,
        refusal=_refusal(case) if refused else None,
        appeal_until=appeal_until(case) if refused else None,
        appeal=Appeal.objects.filter(case=case).first(),
    )


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
