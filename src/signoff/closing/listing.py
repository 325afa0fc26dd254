"""Lists of cases, for whoever works through them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Min, Prefetch, Q, QuerySet, Value

from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import OPEN_STATES, CaseState
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import CaseNumber


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait for one remote system. `next_try_at`: the first of them to be tried again."""

    system: str
    running: int
    stopped: int
    next_try_at: datetime | None


def counts() -> dict[CaseState, int]:
    """How many cases are in each state; a state without cases is missing (one query)."""
    rows = Case.objects.values_list("state").annotate(number=Count("pk")).order_by()
    return {CaseState(state): number for state, number in rows}


def listed(states: Collection[CaseState], search: str = "") -> QuerySet[Case]:
    """Cases in `states` with account and lines, what is most urgent first.

    Urgent is what a person must look at, then what must be decided soonest; of what is over,
    the newest, without drafts that were thrown away: nobody was asked for anything. search: a case number, or part of a name, an address or a telephone number.
    """
    rows = Case.objects.filter(state__in=[state.value for state in states])
    rows = rows.exclude(state=CaseState.WITHDRAWN.value, submitted_at=None)
    if search.strip():
        rows = rows.filter(_matching(search.strip()))
    lines = CaseLine.objects.select_related("line").order_by("line_id")
    rows = rows.select_related("account").prefetch_related(Prefetch("case_lines", lines))
    if any(state in OPEN_STATES for state in states):
        return rows.order_by(
            _rank(),
            F("clock_stopped_on").asc(nulls_first=True),  # who waits for a customer is in no hurry
            F("decide_by").asc(nulls_last=True),
            "submitted_at",
            "pk",
        )
    return rows.order_by(F("ended_at").desc(nulls_last=True), "pk")


def open_by_state(country: str = "") -> list[tuple[CaseState, int, datetime | None]]:
    """For each state with open cases that were sent: how many, and when the oldest was (one query)."""
    states = [state for state in CaseState if state in OPEN_STATES and state is not CaseState.DRAFT]
    rows = Case.objects.filter(state__in=[state.value for state in states])
    if country:
        rows = rows.filter(country=country)
    counted = {
        state: (number, oldest)
        for state, number, oldest in rows.values_list("state")
        .annotate(number=Count("pk"), oldest=Min("submitted_at"))
        .order_by()
    }
    return [(state, *counted[state.value]) for state in states if state.value in counted]


def reasons(since: datetime, until: datetime, country: str = "") -> dict[str, int]:
    """Why customers leave, of cases sent in since <= moment < until (one query)."""
    rows = Case.objects.filter(submitted_at__gte=since, submitted_at__lt=until)
    if country:
        rows = rows.filter(country=country)
    return dict(rows.values_list("reason").annotate(number=Count("pk")).order_by())


def calendars(states: Collection[CaseState]) -> list[tuple[str, str]]:
    """The countries and time zones of cases in these states, each pair once (one query)."""
    rows = Case.objects.filter(state__in=[state.value for state in states])
    return list(rows.values_list("country", "account__time_zone").distinct().order_by())


def _rank() -> models.Case:
    """What waits for a person, then what waits for the customer's second thought, then the rest."""
    places = (
        (CaseState.NEEDS_ATTENTION, 0),
        (CaseState.SUBMITTED, 1),
        (CaseState.IN_REVIEW, 1),
        (CaseState.MORE_INFO, 1),
    )
    whens = (models.When(state=state.value, then=Value(place)) for state, place in places)
    return models.Case(*whens, default=Value(2))


def _matching(words: str) -> Q:
    try:
        return Q(number=CaseNumber.parse(words))
    except InvalidValue:
        pass
    found = (
        Q(number__icontains=words)
        | Q(contact_name__icontains=words)
        | Q(contact_email__icontains=words)
        | Q(account__number__iexact=words)
    )
    digits = "".join(sign for sign in words if sign.isdecimal())
    if len(digits) >= 4:
        of_line = CaseLine.objects.filter(line__msisdn__contains=digits)
        found |= Q(contact_phone__contains=digits) | Q(pk__in=of_line.values("case"))
    return found


def waiting_for_systems() -> list[Waiting]:
    """How many cases wait for which remote system (one query)."""
    stopped = Q(state=CaseState.NEEDS_ATTENTION.value)
    rows = (
        Case.objects.filter(state__in=[CaseState.CLOSING.value, CaseState.NEEDS_ATTENTION.value])
        .exclude(waiting_for="")
        .values("waiting_for")
        .annotate(
            running=Count("pk", filter=~stopped),
            stopped=Count("pk", filter=stopped),
            next_try_at=Min("next_try_at"),
        )
        .order_by("waiting_for")
    )
    return [
        Waiting(row["waiting_for"], row["running"], row["stopped"], row["next_try_at"])
        for row in rows
    ]


def numbers_of(cases: Iterable[UUID]) -> dict[UUID, str]:
    """Case numbers by the ids of the cases."""
    return dict(Case.objects.filter(pk__in=set(cases)).values_list("pk", "number"))


def cases_numbered(numbers: Collection[str]) -> list[Case]:
    """The cases with these numbers, by number; a number without a case is left out (one query)."""
    rows = Case.objects.filter(number__in=numbers).select_related("account")
    return list(rows.order_by("number"))


def others_of(case: Case) -> list[tuple[str, CaseState]]:
    """Numbers and states of the other cases of the account that were sent, newest first."""
    rows = Case.objects.filter(account=case.account_id).exclude(pk=case.pk)
    sent = rows.exclude(submitted_at=None).order_by("-created_at")
    return [(number, CaseState(state)) for number, state in sent.values_list("number", "state")]


def as_told(*, name: str, digits: str, day: date) -> list[Case]:
    """Sent cases with this very name, a line that ends in `digits`, and sent on `day` (five at most).

    day: by the customer's calendar. digits: the last four of the number.
    """
    around = datetime.combine(day, time(), tzinfo=UTC)
    rows = Case.objects.filter(
        Q(contact_name__iexact=name) | Q(account__name__iexact=name),
        case_lines__line__msisdn__endswith=digits,
        submitted_at__gte=around - timedelta(days=1),
        submitted_at__lt=around + timedelta(days=2),
    )
    found = rows.select_related("account").distinct().order_by("-submitted_at")
    return [case for case in found[:50] if _sent_on(case) == day][:5]


def _sent_on(case: Case) -> date | None:
    return case.account.day_at(case.submitted_at) if case.submitted_at else None
