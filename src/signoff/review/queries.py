"""What a reviewer sees: the queue, and one case with all that a decision needs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from signoff.accounts.models import Line
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Scope
from signoff.review.clock import appeal_until, colour, days_left, question_of
from signoff.review.filters import Filters
from signoff.review.models import Appeal, Claim, Decision, DecisionKind, Question
from signoff.review.queue import (
    Queue,
    QueueRow,
    breaches_next,
    due_by_now,
    group_counts,
    queue,
    stopped,
    unclaimed,
)
from signoff.review.rules import OPEN_GROUP, UNDECIDED, Colour
from signoff.review.undo import undo_until
from signoff.settlement.queries import settlement_of
from signoff.settlement.rules import SettlementResult, thawed

__all__ = [
    "CaseView",
    "Filters",
    "Queue",
    "QueueRow",
    "appeal_of",
    "appeal_until",
    "breaches_next",
    "case_view",
    "colour",
    "confirmed",
    "days_left",
    "due_by_now",
    "group_counts",
    "question_of",
    "questions_of",
    "queue",
    "stopped",
    "unclaimed",
]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that a decision needs.

    claim: living or over. decision: the yes or no that counts now. proposal: a yes that waits for
    a second person. decisions: all there were, oldest first, and what was taken back among them.
    questions: oldest first. barred: ids of who may not look at it. undo_until: until when what
    was done last can be taken back, by who did it. today: what the preview would say now, for a
    case that is still to be decided; else None.
    """

    case: Case
    lines: tuple[Line, ...]
    days_left: int | None
    colour: Colour | None
    claim: Claim | None
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    appeal: Appeal | None
    barred: frozenset[int]
    undo_until: datetime | None
    confirmed: SettlementResult | None
    today: cases.Preview | None

    @property
    def decision(self) -> Decision | None:
        """Of the round that the case is in; None while it is open."""
        if CaseState(self.case.state) in UNDECIDED:
            return None
        finals = [d for d in self.decisions if d.is_current and d.kind == DecisionKind.FINAL]
        return finals[-1] if finals else None

    @property
    def proposal(self) -> Decision | None:
        """Waits for a second person, while the case is open."""
        if CaseState(self.case.state) not in UNDECIDED:
            return None
        proposed = (d for d in self.decisions if d.is_current and d.kind == DecisionKind.PROPOSED)
        return next(proposed, None)

    @property
    def question(self) -> Question | None:
        """The one that waits for an answer."""
        return next((q for q in self.questions if q.ended_at is None), None)

    @property
    def is_open(self) -> bool:
        """It is not over."""
        return CaseState(self.case.state) in OPEN_GROUP

    @property
    def money_changed(self) -> bool:
        """The amounts of today are not the confirmed ones; the confirmed ones are paid."""
        if self.today is None or self.confirmed is None:
            return False
        result = self.today.settlement
        return (result.refund_total, result.due) != (
            self.confirmed.refund_total,
            self.confirmed.due,
        )


def case_view(number: str, *, now: datetime) -> CaseView:
    """Raises Case.DoesNotExist, for a draft too: it has not been sent."""
    case = cases.case_by_number(number)
    state = CaseState(case.state)
    if state is CaseState.DRAFT:
        raise Case.DoesNotExist
    rows = Decision.objects.filter(case=case).select_related("reviewer")
    decisions = tuple(rows.order_by("decided_at", "pk"))
    return CaseView(
        case=case,
        lines=tuple(cases.lines_of(case)),
        days_left=days_left(case, now),
        colour=colour(case, now),
        claim=Claim.objects.filter(case=case).select_related("reviewer").first(),
        decisions=decisions,
        questions=tuple(questions_of(case)),
        appeal=appeal_of(case),
        barred=frozenset(d.reviewer_id for d in decisions if d.is_current),
        undo_until=undo_until(case, now),
        confirmed=confirmed(case.pk),
        today=_today(case, now) if state in UNDECIDED else None,
    )


def questions_of(case: Case) -> list[Question]:
    """What the customer was asked, oldest first; what was taken back is not among it."""
    rows = Question.objects.filter(case=case, undone_at=None).select_related("reviewer")
    return list(rows.order_by("asked_at", "pk"))


def appeal_of(case: Case) -> Appeal | None:
    """What the customer wrote against the first refusal."""
    return Appeal.objects.filter(case=case).select_related("decision__reviewer").first()


def _today(case: Case, now: datetime) -> cases.Preview:
    lines = cases.lines_of(case)
    return cases.preview(case.account, lines, scope=Scope(case.scope), now=now, case=case)


def confirmed(case: UUID) -> SettlementResult | None:
    """What the customer confirmed; None for a case that was withdrawn or refused."""
    row = settlement_of(case)
    return thawed(row.content) if row else None
