"""Reads of pictures; never of what is on them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from signoff.closing.models import Case
from signoff.closing.promises import rules_for_next, rules_of
from signoff.closing.rules import UNDO_WITHIN, CaseState
from signoff.closing.sweeping import by_itself
from signoff.evidence.models import CaseKey, Evidence, EvidenceState, RegisteredNumber, Viewing
from signoff.evidence.rules import DRAFT_LASTS, OPEN_FOR_PICTURES

TELL_DRAFTS = timedelta(days=3)
"""Before the pictures of a draft go, its customer is told."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many cases' keys, and registered numbers, are sealed under an operator's key."""

    key_id: str
    cases: int
    numbers: int = 0


def ready(case: Case) -> QuerySet[Evidence]:
    """The pictures of a case, by kind and page, without their content."""
    rows = Evidence.objects.filter(case=case, state=EvidenceState.READY)
    return rows.defer("content").order_by("kind", "number")


def pictures_of(case: Case) -> list[Evidence]:
    """What the customer has added and what has not been replaced, removed or erased since."""
    return list(ready(case).select_related("advice"))


def picture_by_id(identifier: UUID) -> Evidence | None:
    """A picture with its advice and its case, without its content; for the worker."""
    rows = Evidence.objects.filter(pk=identifier).exclude(advice=None)
    return rows.select_related("advice", "case__account").defer("content").first()


def kinds_of(case: Case) -> set[str]:
    """The kinds of paper that are there."""
    return set(ready(case).values_list("kind", flat=True))


def kinds_added_since(case: Case, since: datetime) -> set[str]:
    """The kinds of paper that have been added, or replaced, since then."""
    return set(ready(case).filter(added_at__gte=since).values_list("kind", flat=True))


def was_erased(case: Case) -> bool:
    """There were pictures, and their time is over."""
    return Evidence.objects.filter(case=case, state=EvidenceState.ERASED).exists()


def takes_pictures(case: Case) -> bool:
    """Whether pictures can be added and removed now."""
    return CaseState(case.state) in OPEN_FOR_PICTURES


def allowed_kinds(case: Case) -> tuple[str, ...]:
    """The kinds of paper that the rule pack of the case's country lets us ask for."""
    return tuple(kind.value for kind in rules_for_next(case).identity.value)


def kept_for(case: Case) -> timedelta:
    """How long after the decision the rule pack of the case's country lets pictures be kept.

    Never less than the minute in which the decision can be taken back: then they are needed.
    """
    days = rules_of(case).evidence_days_after_decision.value
    return max(timedelta(days=days), UNDO_WITHIN)


def drafts_losing_pictures(now: datetime) -> list[tuple[Case, date]]:
    """Drafts whose pictures go within three days because nobody sends them, and on which day.

    The day is by the customer's calendar: the one on which they go.
    """
    held = CaseKey.objects.filter(case__state=CaseState.DRAFT.value)
    rows = held.annotate(last_added=Max("case__evidence__added_at")).filter(
        last_added__gt=now - DRAFT_LASTS, last_added__lte=now - DRAFT_LASTS + TELL_DRAFTS
    )
    found = []
    for row in rows.select_related("case__account").order_by("pk"):
        with by_itself("drafts", row.case.number):
            found.append((row.case, row.case.account.day_at(row.last_added + DRAFT_LASTS)))
    return found


def viewings_of(case: Case) -> list[Viewing]:
    """Who looked at which picture, newest first."""
    rows = Viewing.objects.filter(evidence__case=case).select_related("evidence", "viewer")
    return list(rows.defer("evidence__content").order_by("-at", "-pk"))


def key_uses() -> list[KeyUse]:
    """By operator's key."""
    cases = Counter(CaseKey.objects.values_list("key_id", flat=True))
    numbers = Counter(RegisteredNumber.objects.values_list("key_id", flat=True))
    return [KeyUse(key, cases[key], numbers[key]) for key in sorted({*cases, *numbers})]
