"""The queue: which case next, and what stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import overload

from django.db.models import QuerySet

from signoff.closing import listing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Scope
from signoff.kernel.identifiers import Msisdn
from signoff.review.clock import colour, days_left
from signoff.review.filters import Filters, marked, of_colour, wanted
from signoff.review.models import Claim
from signoff.review.rules import SOON, UNDECIDED, Colour, Mark, QueueGroup, states_of


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in the queue. `lines` are masked.

    days_left: working days until `decide_by`, below zero when it is over; None once decided.
    reviewer: the id of who has taken it; claimed_until: from then on another may. clock_stopped:
    we wait for the customer; it has no colour then.
    """

    number: str
    state: CaseState
    scope: Scope
    name: str
    lines: tuple[str, ...]
    age: timedelta
    decide_by: date | None
    days_left: int | None
    due_at: datetime | None
    ended_at: datetime | None
    waiting_for: str
    next_try_at: datetime | None
    reviewer: int | None
    claimed_until: datetime | None
    colour: Colour | None
    clock_stopped: bool
    marks: frozenset[Mark]
    country: str
    language: str


class Queue(Sequence[QueueRow]):
    """A long list of rows, read a page at a time: it can be counted and sliced."""

    def __init__(self, found: QuerySet[Case], now: datetime) -> None:
        self._found = found
        self._now = now

    def __len__(self) -> int:
        """How many there are (one query)."""
        return self._found.count()

    @overload
    def __getitem__(self, part: int) -> QueueRow: ...

    @overload
    def __getitem__(self, part: slice) -> list[QueueRow]: ...

    def __getitem__(self, part: int | slice) -> QueueRow | list[QueueRow]:
        """The rows of a page (six queries, however long it is)."""
        if isinstance(part, int):
            return self._rows(slice(part, part + 1))[0]
        return self._rows(part)

    def _rows(self, part: slice) -> list[QueueRow]:
        page = list(self._found[part])
        ids = [case.pk for case in page]
        claims = {claim.case_id: claim for claim in Claim.objects.filter(case__in=ids)}
        with_mark = {mark: set(marked(mark).filter(case__in=ids)) for mark in Mark}
        return [
            _row(
                case,
                claims.get(case.pk),
                frozenset(mark for mark in Mark if case.pk in with_mark[mark]),
                self._now,
            )
            for case in page
        ]


def _row(case: Case, claim: Claim | None, marks: frozenset[Mark], now: datetime) -> QueueRow:
    return QueueRow(
        number=case.number,
        state=CaseState(case.state),
        scope=Scope(case.scope),
        name=case.contact_name,
        lines=tuple(Msisdn(line.msisdn).masked for line in cases.lines_of(case)),
        age=now - (case.submitted_at or case.created_at),
        decide_by=case.decide_by,
        days_left=days_left(case, now),
        due_at=case.due_at,
        ended_at=case.ended_at,
        waiting_for=case.waiting_for,
        next_try_at=case.next_try_at,
        reviewer=claim.reviewer_id if claim else None,
        claimed_until=claim.expires_at if claim else None,
        colour=colour(case, now),
        clock_stopped=case.clock_stopped_on is not None,
        marks=marks,
        country=case.country,
        language=case.language,
    )


def queue(
    *, group: QueueGroup | None, search: str, now: datetime, filters: Filters | None = None
) -> Queue:
    """Cases of a part of the queue (None: all that are open), the most urgent first.

    search: see closing.listing.listed. Drafts are nobody's business yet.
    """
    found = listing.listed(states_of(group), search)
    return Queue(found.filter(wanted(filters, now)) if filters else found, now)


def breaches_next(*, now: datetime, limit: int = 20) -> list[QueueRow]:
    """What must be decided within two working days, or is late; the first to break first.

    What waits for a customer does not break.
    """
    found = listing.listed(UNDECIDED).filter(clock_stopped_on=None)
    rows = Queue(found.order_by("decide_by", "submitted_at", "pk"), now)[:limit]
    return [row for row in rows if row.days_left is not None and row.days_left <= SOON]


def due_by_now(*, now: datetime) -> tuple[list[str], list[str]]:
    """Numbers of the cases whose last day is over, and of those whose last day it is, by their own
    calendars; the first to break first (two queries)."""
    red = listing.listed(UNDECIDED).filter(of_colour(Colour.RED, now)).prefetch_related(None)
    late: list[str] = []
    today: list[str] = []
    for case in red.order_by("decide_by", "submitted_at", "pk"):
        left = days_left(case, now)
        (today if left == 0 else late).append(case.number)
    return late, today


def unclaimed(*, now: datetime) -> list[str]:
    """Numbers of the cases that wait for us and that nobody holds, the most urgent first."""
    held = Claim.objects.filter(expires_at__gt=now)
    rows = listing.listed(UNDECIDED).filter(clock_stopped_on=None)
    free = rows.exclude(state=CaseState.MORE_INFO.value).exclude(pk__in=held.values("case"))
    return list(free.values_list("number", flat=True))


def stopped() -> list[str]:
    """Numbers of the closings that go on only when a person has looked, the oldest first."""
    rows = listing.listed({CaseState.NEEDS_ATTENTION})
    return list(rows.values_list("number", flat=True))


def group_counts() -> dict[QueueGroup | None, int]:
    """How many cases each part of the queue has; None: all that are open (one query)."""
    numbers = listing.counts()
    groups: list[QueueGroup | None] = [None, *QueueGroup]
    return {group: sum(numbers.get(state, 0) for state in states_of(group)) for group in groups}
