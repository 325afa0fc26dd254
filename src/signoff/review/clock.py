"""The clock of a review, and what the rule pack says to a case. Reads only."""

from datetime import date, datetime, timedelta

from signoff.closing.models import Case
from signoff.closing.promises import rules_for_next, rules_of
from signoff.closing.rules import CaseState
from signoff.config import policies
from signoff.policies.model import Policy
from signoff.policies.working_days import working_days_left
from signoff.review.models import (
    APPEAL_ROUND,
    FIRST_ROUND,
    Appeal,
    Decision,
    DecisionKind,
    Question,
)
from signoff.review.rules import UNDECIDED, Colour, colour_of, needs_second_person
from signoff.settlement.queries import settlement_of
from signoff.settlement.terms import needs_four_eyes


def today_of(case: Case, now: datetime) -> date:
    """The day by the calendar of the case's customer."""
    return case.account.day_at(now)


def days_left(case: Case, now: datetime) -> int | None:
    """Working days until the case must be decided, by the customer's calendar; None once it is.

    While we wait for the customer they stay as they were.
    """
    if case.decide_by is None or CaseState(case.state) not in UNDECIDED:
        return None
    today = case.clock_stopped_on or today_of(case, now)
    return working_days_left(today, case.decide_by, case.country)


def colour(case: Case, now: datetime) -> Colour | None:
    """Red: due today, or over. Amber: two working days or less.

    None: nothing to decide, or we wait for the customer.
    """
    left = days_left(case, now)
    return None if left is None or case.clock_stopped_on else colour_of(left)


def round_of(case: Case) -> int:
    """Which look at the case this is: the first, or the appeal's."""
    return APPEAL_ROUND if Appeal.objects.filter(case=case).exists() else FIRST_ROUND


def proposal_of(case: Case) -> Decision | None:
    """A yes that waits for a second person."""
    rows = Decision.objects.filter(
        case=case, round=round_of(case), kind=DecisionKind.PROPOSED, is_current=True
    )
    return rows.select_related("reviewer").first()


def waits_for_second_person(case: Case) -> bool:
    """Whether a yes of one person is not enough yet, by the rule pack."""
    policy = policies().for_country(case.country)
    is_large = _is_large(case, policy)
    if not needs_second_person(policy.approval_four_eyes.value, is_large=is_large):
        return False
    return proposal_of(case) is None


def _is_large(case: Case, policy: Policy) -> bool:
    """In one of its currencies so much goes back that a refund of it would need two people."""
    settled = settlement_of(case.pk)
    if settled is None:
        return False
    content = settled.content
    refunds = {content["currency"]: content["refund_total"], **content.get("other_refunds", {})}
    return any(needs_four_eyes(policy, minor, code) for code, minor in refunds.items())


def appeal_until(case: Case) -> date | None:
    """The last day, by the customer's calendar, on which they can ask for another person.

    None: the case is not refused, or it was an appeal that was refused.
    """
    if case.state != CaseState.REFUSED.value or case.decided_at is None:
        return None
    if round_of(case) == APPEAL_ROUND:
        return None
    return today_of(case, case.decided_at) + timedelta(days=rules_of(case).appeal_days.value)


def question_of(case: Case) -> Question | None:
    """The question that waits for an answer."""
    return Question.objects.filter(case=case, ended_at=None).select_related("reviewer").first()


def answer_until(case: Case, now: datetime) -> date:
    """The last day, by the customer's calendar, for the answer to a question that is asked now."""
    days = rules_for_next(case).more_info_days.value
    return today_of(case, now) + timedelta(days=days)


def question_stops_clock(case: Case) -> bool:
    """Whether the clock of the review stands still while the customer has a question to answer."""
    return rules_for_next(case).more_info_stops_clock.value
