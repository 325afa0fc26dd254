"""Reads of refunds, for the desk and the worker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from signoff.settlement.models import PlaceKind, Refund, RefundApproval, RefundState
from signoff.settlement.refunds.operations import NEEDED_APPROVALS
from signoff.settlement.refunds.rules import LINE, PAYMENT, UNKNOWN


def _let_go() -> Q:
    return Q(needs_approval=False) | Q(approved__gte=NEEDED_APPROVALS)


def with_approvals() -> "QuerySet[Any]":
    """Refunds with `approved`: how many people have let the present attempt go."""
    mine = Count("approvals", filter=Q(approvals__attempt=F("attempt")))
    return Refund.objects.annotate(approved=mine).select_related("payment", "place__line", "batch")


def waiting_for_file() -> "QuerySet[Any]":
    """Bank transfers that nothing holds back: released, and approved where needed."""
    return with_approvals().filter(
        _let_go(),
        state=RefundState.PLANNED,
        released_at__isnull=False,
        payment=None,
        batch=None,
        alarm="",
        place__kind__in=[PlaceKind.IBAN, PlaceKind.CN_CARD],
    )


def ready_for_bank(kind: PlaceKind, currency: str) -> list[Refund]:
    """Transfers that wait for the next file: released, approved where needed, not too small."""
    rows = waiting_for_file().filter(place__kind=kind, currency=currency)
    return list(rows.order_by("released_at", "pk"))


@dataclass(frozen=True, slots=True)
class Ready:
    """Transfers of one kind and currency that wait for the next file; minor units."""

    kind: PlaceKind
    currency: str
    count: int
    minor: int


def ready_by_file() -> list[Ready]:
    """What waits for the next file, by kind of place and currency (one query)."""
    rows = Refund.objects.filter(pk__in=waiting_for_file().values("pk"))
    grouped = rows.values("place__kind", "currency").annotate(
        count=Count("pk"), minor=Sum("amount_minor")
    )
    return [
        Ready(PlaceKind(row["place__kind"]), row["currency"], row["count"], row["minor"])
        for row in grouped.order_by("place__kind", "currency")
    ]


def approvers_of(refunds: Sequence[Refund]) -> dict[int, list[RefundApproval]]:
    """Who has let the present attempt of each go, the first one first (one query)."""
    rows = RefundApproval.objects.filter(
        refund__in=[refund.pk for refund in refunds], attempt=F("refund__attempt")
    ).select_related("approver")
    found: dict[int, list[RefundApproval]] = {}
    for row in rows.order_by("approved_at"):
        found.setdefault(row.refund_id, []).append(row)
    return found


def changed_between(since: datetime, before: datetime) -> Iterator[Refund]:
    """Refunds that changed in a period, oldest first, one at a time. Plans are not among them."""
    rows = with_approvals().filter(changed_at__gte=since, changed_at__lt=before)
    moved = ~Q(state=RefundState.PLANNED) | Q(released_at__isnull=False)
    return rows.filter(moved).order_by("changed_at", "pk").iterator(chunk_size=2000)


def waiting_for_approval() -> list[Refund]:
    """Large refunds that two people must let go, oldest first."""
    rows = with_approvals().filter(
        state=RefundState.PLANNED,
        released_at__isnull=False,
        needs_approval=True,
        approved__lt=NEEDED_APPROVALS,
    )
    return list(rows.order_by("released_at", "pk"))


def failed_refunds() -> list[Refund]:
    """Refunds that came back, oldest first."""
    return list(with_approvals().filter(state=RefundState.FAILED).order_by("changed_at", "pk"))


def without_place() -> list[Refund]:
    """Refunds whose customer has not said where they go, oldest first."""
    rows = with_approvals().filter(
        state=RefundState.PLANNED, released_at__isnull=False, payment=None, place=None
    )
    return list(rows.order_by("released_at", "pk"))


def late_refunds(today: date) -> list[Refund]:
    """Sent, and not there by the day that its way promises."""
    return list(
        with_approvals()
        .filter(state=RefundState.SENT, expected_on__lt=today)
        .order_by("expected_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of refunds by currency, route and state; minor units."""

    currency: str
    route: str
    state: str
    count: int
    minor: int


def totals(*, since: datetime | None = None) -> list[Total]:
    """Sums by currency, route and state; of refunds that changed since then."""
    rows = Refund.objects.filter(released_at__isnull=False) | Refund.objects.exclude(
        state=RefundState.PLANNED
    )
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    grouped = rows.values("currency", "place__kind", "state", by_payment=Q(payment__isnull=False))
    return [
        Total(
            row["currency"],
            PAYMENT if row["by_payment"] else row["place__kind"] or UNKNOWN,
            row["state"],
            row["count"],
            row["minor"],
        )
        for row in grouped.annotate(count=Count("pk"), minor=Sum("amount_minor")).order_by(
            "currency", "state"
        )
    ]


def to_look_after(now: datetime) -> list[Refund]:
    """Refunds by payment or to a line whose worker run may be lost, or that nobody told us of.

    Planned and free to go for a minute, or sent and silent for a day.
    """
    by_machine = Q(payment__isnull=False) | Q(place__kind=LINE)
    waiting = Q(state=RefundState.PLANNED, released_at__lt=now - timedelta(minutes=1))
    silent = Q(
        state=RefundState.SENT, payment__isnull=False, changed_at__lt=now - timedelta(days=1)
    )
    rows = with_approvals().filter(by_machine, _let_go(), waiting | silent, alarm="")
    return list(rows.order_by("pk")[:500])


def refunds_with_approvals(case: UUID) -> list[tuple[Refund, int]]:
    """Parts of a case's money in the order of its settlement, each with its present approvals."""
    rows = with_approvals().filter(case=case).order_by("position")
    return [(refund, refund.approved) for refund in rows]
