"""How the reviews go, for whoever answers for them. A few queries each, however many cases.

Medians come from the durations themselves, read as a stream: neither of the databases that we run
on has them in the same words.
"""

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import ceil

from django.db.models import Count, Q, QuerySet

from signoff.closing import listing
from signoff.closing.rules import CaseState, Reason
from signoff.review.models import Appeal, Decision, DecisionKind, Outcome, Question
from signoff.review.rules import RefusalReason


class Stage(enum.Enum):
    """A part of the way of a case. The review is without the time that it waited for the customer."""

    REVIEW = "review"
    COOLING_OFF = "cooling-off"
    CLOSING = "closing"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Period:
    """since <= moment < until, both aware. country: ISO 3166-1, two letters; empty: all."""

    since: datetime
    until: datetime
    country: str = ""


@dataclass(frozen=True, slots=True)
class Durations:
    """Of the cases of a month that were closed in it, or (month empty) of the whole period.

    month: like 2026-11, by UTC. half, most: half of the cases, and nine of ten, took no longer.
    """

    month: str
    stage: Stage
    cases: int
    half: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class Share:
    """So many of all. The code is of `Reason`, `RefusalReason` or a country."""

    code: str
    number: int
    all: int

    @property
    def percent(self) -> int:
        """0 of nothing; 100 only if it is all of them, and 0 only if it is none."""
        rounded = round(100 * self.number / self.all) if self.all else 0
        return min(max(rounded, 1), 99) if 0 < self.number < self.all else rounded


@dataclass(frozen=True, slots=True)
class WaitingIn:
    """Cases in a state now, and since when the oldest was sent."""

    state: CaseState
    cases: int
    oldest: datetime | None


def durations(period: Period) -> list[Durations]:
    """How long closings took, by month and for the whole period, by stage (three queries)."""
    ended = Q(case__ended_at__gte=period.since, case__ended_at__lt=period.until)
    rows = _finals(period.country).filter(
        ended, outcome=Outcome.APPROVED, case__state=CaseState.CLOSED.value
    )
    waited = _waited(rows)
    found: dict[tuple[str, Stage], list[timedelta]] = defaultdict(list)
    moments = rows.values_list(
        "case_id", "case__submitted_at", "decided_at", "case__started_at", "case__ended_at"
    )
    for case, sent, decided, started, over in moments.iterator():
        if sent is None or started is None or over is None:
            continue
        asked = waited.get(case, timedelta())
        month = f"{over:%Y-%m}"
        for stage, took in (
            (Stage.REVIEW, max(decided - sent - asked, timedelta())),
            (Stage.COOLING_OFF, started - decided),
            (Stage.CLOSING, over - started),
            (Stage.WHOLE, over - sent),
        ):
            found[month, stage].append(took)
            found["", stage].append(took)
    return list(_summed(found))


def _summed(found: dict[tuple[str, Stage], list[timedelta]]) -> Iterator[Durations]:
    order = list(Stage)
    for month, stage in sorted(found, key=lambda key: (key[0], order.index(key[1]))):
        took = sorted(found[month, stage])
        yield Durations(month, stage, len(took), _at(took, 50), _at(took, 90))


def _at(took: list[timedelta], percent: int) -> timedelta:
    """The nearest-rank percentile of a sorted list."""
    return took[max(ceil(len(took) * percent / 100), 1) - 1]


def _waited(finals: QuerySet[Decision]) -> dict[object, timedelta]:
    """How long the review of each case waited for its customer: for answers, whether its clock
    stood still or not, and for the appeal (two queries)."""
    cases = finals.values("case")
    asked = Question.objects.filter(case__in=cases, ended_at__isnull=False)
    appeals = Appeal.objects.filter(case__in=cases)
    waits = chain(
        asked.values_list("case_id", "asked_at", "ended_at").iterator(),
        appeals.values_list("case_id", "decision__decided_at", "appealed_at").iterator(),
    )
    waited: dict[object, timedelta] = defaultdict(timedelta)
    for case, since, until in waits:
        if until is not None:
            waited[case] += until - since
    return waited


def _finals(country: str) -> QuerySet[Decision]:
    """Decisions that count and stand; of an appealed case, that of the appeal alone."""
    rows = Decision.objects.filter(kind=DecisionKind.FINAL, is_current=True, appeal=None)
    return rows.filter(case__country=country) if country else rows


def _decided(period: Period) -> QuerySet[Decision]:
    """All that were made in a period, also those that an appeal went against."""
    rows = Decision.objects.filter(
        kind=DecisionKind.FINAL,
        is_current=True,
        decided_at__gte=period.since,
        decided_at__lt=period.until,
    )
    return rows.filter(case__country=period.country) if period.country else rows


def waiting_now(country: str = "") -> list[WaitingIn]:
    """Where open cases are now, in the order of their way (one query)."""
    rows = listing.open_by_state(country)
    return [WaitingIn(state, number, oldest) for state, number, oldest in rows]


def reasons(period: Period) -> list[Share]:
    """Why customers leave, of the cases sent in a period; the most frequent first (one query)."""
    counted = listing.reasons(period.since, period.until, period.country)
    return _shares((code, counted.get(code, 0)) for code in [r.value for r in Reason])


def refusals(period: Period) -> list[Share]:
    """Grounds of the refusals of a period, the most frequent first (one query)."""
    rows = _decided(period).filter(outcome=Outcome.REFUSED).values_list("reason_code")
    counted = dict(rows.annotate(number=Count("pk")).order_by())
    return _shares((code, counted.get(code, 0)) for code in [r.value for r in RefusalReason])


def _shares(counted: Iterable[tuple[str, int]]) -> list[Share]:
    pairs = list(counted)
    all_of_them = sum(number for _code, number in pairs)
    found = [Share(code, number, all_of_them) for code, number in pairs if number]
    return sorted(found, key=lambda share: -share.number)


def deadlines_kept(period: Period) -> list[Share]:
    """Decisions that came in time, by country (one query). The code is the country's."""
    rows = _decided(period).exclude(in_time=None).values_list("case__country")
    counted = rows.annotate(kept=Count("pk", filter=Q(in_time=True)), made=Count("pk"))
    return [Share(country, kept, made) for country, kept, made in counted.order_by("case__country")]
