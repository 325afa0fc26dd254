"""The rule behind a date of a case, in words."""

from zoneinfo import ZoneInfo

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.policies.explain import reason_for
from signoff.policies.sentences import Sentence
from signoff.policies.working_days import unpublished_years


def why_decided_by(case: Case) -> tuple[Sentence, ...]:
    """Why the answer comes by `decide_by`; says so if a calendar for it was missing."""
    if not (case.submitted_at and case.decide_by):
        return ()
    day = case.submitted_at.astimezone(ZoneInfo(case.account.time_zone)).date()
    missing = unpublished_years(day, case.decide_by, case.country)
    return reason_for(rules_of(case), "review_working_days", unpublished=missing)


def why(case: Case, rule: str) -> tuple[Sentence, ...]:
    """What `rule` said when the case was promised by it, and where it comes from."""
    return reason_for(rules_of(case), rule)
