"""How long the photos of a case stay: by the clock, and for a refusal as long as it can be appealed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from signoff.closing.models import Case
from signoff.closing.promises import rules_of
from signoff.closing.rules import UNDO_WITHIN, CaseState
from signoff.evidence import queries as evidence
from signoff.kernel.formats import date_text
from signoff.review.clock import appeal_until, today_of


def kept_for(case: Case) -> timedelta:
    """After the decision; of a case that ended without one, after its end.

    Where the rule pack says so, photos of a refused case stay until it can no longer be appealed:
    a check that can still be challenged is not over. Once it is appealed they are needed, and go
    by the clock of the second decision.
    """
    usual = evidence.kept_for(case)
    if case.state != CaseState.REFUSED.value or not rules_of(case).evidence_through_appeal.value:
        return usual
    over = _appeal_over(case)
    if over is None or case.decided_at is None:
        return usual
    return max(usual, over - case.decided_at)


def stay_until(case: Case) -> date | None:
    """The last day, by the customer's calendar, on which the photos are there; None: undecided."""
    since = case.decided_at or case.ended_at
    if since is None:
        return None
    gone_at = since + kept_for(case)
    return today_of(case, gone_at - timedelta.resolution)


def last_day_in_words(case: Case) -> str:
    """For a letter about a refusal; empty if there are no photos, or they go with the decision."""
    last_day = stay_until(case)
    if last_day is None or kept_for(case) <= UNDO_WITHIN or not evidence.kinds_of(case):
        return ""
    return date_text(last_day, case.language)


def _appeal_over(case: Case) -> datetime | None:
    """The first moment after the last day for an appeal; None: it cannot be appealed."""
    last_day = appeal_until(case)
    if last_day is None:
        return None
    zone = ZoneInfo(case.account.time_zone)
    return datetime.combine(last_day + timedelta(days=1), time(), zone)
