"""What a reviewer sees: the queue, and one case with all that a decision needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import overload
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from signoff.accounts.models import Line
from signoff.closing import listing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState, Scope
from signoff.kernel.identifiers import Msisdn
from signoff.policies.working_days import working_days_left
from signoff.review.models import Claim, Decision
from signoff.review.rules import OPEN_GROUP, UNDECIDED, QueueGroup, states_of
from signoff.settlement.queries import settlement_of
from signoff.settlement.rules import SettlementResult, thawed


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in the queue. `lines` are masked.

    days_left: working days until `decide_by`, below zero when it is over; None once decided.
    reviewer: the id of who has taken it.
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
        """The rows of a page (three queries, however long it is)."""
        if isinstance(part, int):
            return self._rows(slice(part, part + 1))[0]
        return self._rows(part)

    def _rows(self, part: slice) -> list[QueueRow]:
        page = list(self._found[part])
        taken_by = dict(
            Claim.objects.filter(case__in=[case.pk for case in page]).values_list(
                "case_id", "reviewer_id"
            )
        )
        return [_row(case, taken_by.get(case.pk), self._now) for case in page]


def queue(*, group: QueueGroup | None, search: str, now: datetime) -> Queue:
    """Cases of a part of the queue (None: all that are open), the most urgent first.

    search: see closing.listing.listed. Drafts are nobody's business yet.
    """
    return Queue(listing.listed(states_of(group), search), now)


def group_counts() -> dict[QueueGroup | None, int]:
    """How many cases each part of the queue has; None: all that are open (one query)."""
    numbers = listing.counts()
    groups: list[QueueGroup | None] = [None, *QueueGroup]
    return {group: sum(numbers.get(state, 0) for state in states_of(group)) for group in groups}


def _row(case: Case, reviewer: int | None, now: datetime) -> QueueRow:
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
        reviewer=reviewer,
    )


def days_left(case: Case, now: datetime) -> int | None:
    """Working days until the case must be decided, by the customer's calendar; None once it is."""
    if case.decide_by is None or CaseState(case.state) not in UNDECIDED:
        return None
    today = now.astimezone(ZoneInfo(case.account.time_zone)).date()
    return working_days_left(today, case.decide_by, case.country)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that a decision needs.

    today: what the preview would say now, for a case that is still to be decided; else None.
    """

    case: Case
    lines: tuple[Line, ...]
    days_left: int | None
    claim: Claim | None
    decision: Decision | None
    confirmed: SettlementResult | None
    today: cases.Preview | None

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
    return CaseView(
        case=case,
        lines=tuple(cases.lines_of(case)),
        days_left=days_left(case, now),
        claim=Claim.objects.filter(case=case).select_related("reviewer").first(),
        decision=Decision.objects.filter(case=case).select_related("reviewer").first(),
        confirmed=confirmed(case.pk),
        today=_today(case, now) if state in UNDECIDED else None,
    )


def _today(case: Case, now: datetime) -> cases.Preview:
    lines = cases.lines_of(case)
    return cases.preview(case.account, lines, scope=Scope(case.scope), now=now, case=case)


def confirmed(case: UUID) -> SettlementResult | None:
    """What the customer confirmed; None for a case that was withdrawn or refused."""
    row = settlement_of(case)
    return thawed(row.content) if row else None
