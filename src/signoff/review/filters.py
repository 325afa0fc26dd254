"""Which cases a reviewer wants to see."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from signoff.closing.listing import calendars
from signoff.closing.rules import Scope
from signoff.policies.working_days import add_working_days
from signoff.review.models import Appeal, Claim, Decision, DecisionKind, Question
from signoff.review.rules import SOON, UNDECIDED, Colour, Mark
from signoff.settlement.queries import cases_with_refund_from

_UNDECIDED = [state.value for state in UNDECIDED]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is empty or None does not matter.

    country: ISO 3166-1, two letters. reviewer: id of who holds it now. unclaimed: nobody does.
    least: at least so much goes back, in major units of each case's own currency.
    older_than: since the customer sent it. marks: all of them. among: a query for the ids of those
    that something later in the story points out.
    """

    country: str = ""
    language: str = ""
    scope: Scope | None = None
    reviewer: int | None = None
    unclaimed: bool = False
    least: int | None = None
    colour: Colour | None = None
    older_than: timedelta | None = None
    marks: frozenset[Mark] = field(default_factory=frozenset)
    among: QuerySet[Any, Any] | None = None


def wanted(filters: Filters, now: datetime) -> Q:
    """A condition on cases."""
    scope = filters.scope.value if filters.scope else ""
    plain = {"country": filters.country, "language": filters.language, "scope": scope}
    found = Q(**{column: value for column, value in plain.items() if value})
    if filters.older_than is not None:
        found &= Q(submitted_at__lte=now - filters.older_than)
    if filters.least is not None:
        found &= Q(pk__in=cases_with_refund_from(filters.least))
    if filters.colour is not None:
        found &= of_colour(filters.colour, now)
    held = Claim.objects.filter(expires_at__gt=now)
    if filters.reviewer is not None:
        found &= Q(pk__in=held.filter(reviewer=filters.reviewer).values("case"))
    if filters.unclaimed:
        found &= ~Q(pk__in=held.values("case"))
    for mark in filters.marks:
        found &= Q(pk__in=marked(mark))
    if filters.among is not None:
        found &= Q(pk__in=filters.among)
    return found


def of_colour(colour: Colour, now: datetime) -> Q:
    """Undecided cases whose clock has this colour (one query, for the calendars there are).

    As `rules.colour_of` says, also of a last day that is free by a calendar published since.
    """
    found = Q(pk__in=[])
    for country, time_zone in calendars(UNDECIDED):
        today = now.astimezone(ZoneInfo(time_zone)).date()
        amber_from, green_from = (add_working_days(today, n, country) for n in (1, SOON + 1))
        days = {
            Colour.RED: Q(decide_by__lt=amber_from),
            Colour.AMBER: Q(decide_by__gte=amber_from, decide_by__lt=green_from),
            Colour.GREEN: Q(decide_by__gte=green_from),
        }[colour]
        found |= Q(country=country, account__time_zone=time_zone) & days
    return found & Q(state__in=_UNDECIDED, clock_stopped_on=None)


def marked(mark: Mark) -> QuerySet[Any, Any]:
    """Ids of the undecided cases that have this mark."""
    match mark:
        case Mark.SECOND_PERSON:
            rows: QuerySet[Any] = Decision.objects.filter(
                kind=DecisionKind.PROPOSED, is_current=True
            )
        case Mark.APPEAL:
            rows = Appeal.objects.all()
        case Mark.NO_ANSWER:
            later = Question.objects.filter(
                case=OuterRef("case"), asked_at__gt=OuterRef("asked_at"), undone_at=None
            )
            rows = Question.objects.filter(
                ~Exists(later), lapsed_at__isnull=False, answered_at=None
            )
    return rows.filter(case__state__in=_UNDECIDED).values_list("case_id", flat=True)
