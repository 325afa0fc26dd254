"""The rule behind a date of a case, in words."""

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.policies.explain import reason_for
from signoff.policies.sentences import WAITED_FOR_YOU, Sentence
from signoff.policies.working_days import unpublished_years


def why_decided_by(case: Case, *, waited: int = 0) -> tuple[Sentence, ...]:
    """Why the answer comes by `decide_by`; says so if a calendar for it was missing.

    waited: working days by which waiting for the customer has moved it.
    """
    if not (case.submitted_at and case.decide_by):
        return ()
    sent_on = case.account.day_at(case.submitted_at)
    missing = unpublished_years(sent_on, case.decide_by, case.country)
    reasons = reason_for(rules_of(case), "review_working_days", unpublished=missing)
    return (*reasons, WAITED_FOR_YOU(waited)) if waited else reasons


def why(case: Case, rule: str) -> tuple[Sentence, ...]:
    """What `rule` said when the case was promised by it, and where it comes from."""
    return reason_for(rules_of(case), rule)
