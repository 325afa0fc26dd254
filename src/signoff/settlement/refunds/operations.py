"""Who lets a refund go, and when; what failed is sent again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine
from signoff.settlement.models import Place, Refund, RefundApproval, RefundState, Settlement
from signoff.settlement.refunds.marking import locked, note
from signoff.settlement.refunds.rules import PAYMENT, UNKNOWN

FOLLOW = "follow_refund"
"""Workflow that sends a refund which is free to go, or asks how one is that was sent.
Arguments: the refund's id, its attempt, and the try."""

NEEDED_APPROVALS = 2

ASK_EVERY = timedelta(hours=6)
"""How often the worker asks about a refund that was sent, in case the notification was lost."""


def run_key(refund: int, attempt: int, tries: int) -> str:
    """One run for each try of each attempt."""
    return f"refund:{refund}:{attempt}:{tries}"


def route_of(refund: Refund, place: Place | None) -> str:
    """The way a refund goes, once the case's place is known."""
    if refund.payment_id:
        return PAYMENT
    chosen = refund.place or place
    return chosen.kind if chosen else UNKNOWN


def approve(*, refund: int, approver: User, now: datetime) -> None:
    """One of two people lets a large refund go; the second one sets it off.

    Raises Refusal if it needs nobody, the closing has not come to it yet (until then it may still
    change), or the same person has approved it already.
    """
    with transaction.atomic():
        row = locked(refund)
        is_reached = row.released_at is not None and row.state == RefundState.PLANNED
        if not (row.needs_approval and is_reached):
            raise Refusal("no_approval_needed", _("This refund waits for nobody’s approval."))
        try:
            with transaction.atomic():
                RefundApproval.objects.create(
                    refund=row, attempt=row.attempt, approver=approver, approved_at=now
                )
        except IntegrityError:
            raise Refusal(
                "approved_by_you",
                _("You have approved this refund already. Somebody else must approve it, too."),
            ) from None
        note(Event.REFUND_APPROVED, row, f"user:{approver.pk}", now, {})
        if is_approved(row):
            release(row, now=now)


def is_approved(refund: Refund) -> bool:
    """Two people have let this attempt go, or nobody needs to."""
    if not refund.needs_approval:
        return True
    return refund.approvals.filter(attempt=refund.attempt).count() >= NEEDED_APPROVALS


def release(row: Refund, *, now: datetime, delay: timedelta = timedelta()) -> None:
    """The closing has come to this refund, and nobody needs to look at it any more: it may go.

    Has the worker look after it, in the caller's transaction. Before the final bill is booked,
    nothing goes: the closing calls this again.
    """
    if not Settlement.objects.filter(case=row.case, booked_at__isnull=False).exists():
        return
    Refund.objects.filter(pk=row.pk, released_at=None).update(released_at=now)
    follow(row, delay=delay)


def reached(*, refund: int, now: datetime) -> None:
    """The closing has sent it by its payment; from now on the worker asks how it is."""
    with transaction.atomic():
        row = locked(refund)
        Refund.objects.filter(pk=refund, released_at=None).update(released_at=now)
        if row.state == RefundState.SENT:
            follow(row, delay=ASK_EVERY)


def hand_over(*, refund: int, case: UUID, now: datetime) -> None:
    """The closing has come to a refund that goes by bank, to a line, or needs approval first."""
    with transaction.atomic():
        row = locked(refund)  # first: who chooses a place now waits, and gives it to this one
        place = Place.objects.filter(case=case, is_current=True).first()
        if row.payment_id is None and row.place_id is None and place is not None:
            Refund.objects.filter(pk=refund).update(place=place)
            row.place = place
        Refund.objects.filter(pk=refund, released_at=None).update(released_at=now)
        if is_approved(row):
            release(row, now=now)


def follow(row: Refund, *, delay: timedelta = timedelta()) -> None:
    """Has the worker try (again), once for each try, whoever asks for it."""
    tries = row.tries + 1
    with transaction.atomic():
        if Refund.objects.filter(pk=row.pk, tries=row.tries, attempt=row.attempt).update(
            tries=tries
        ):
            engine().enqueue(
                FOLLOW, run_key(row.pk, row.attempt, tries), row.pk, row.attempt, tries, delay=delay
            )


def follow_later(row: Refund, *, delay: timedelta, trouble: str = "") -> None:
    """This try came to nothing: asks for another, and keeps for the desk what was in the way."""
    with transaction.atomic():
        if trouble:
            under_way = Refund.objects.filter(pk=row.pk, attempt=row.attempt)
            under_way.exclude(state=RefundState.FAILED).update(failure=trouble[:200])
        follow(row, delay=delay)


def _next_attempt(row: Refund) -> int:
    """One that nobody has approved yet: an older try may be the present one again, because it was
    paid after all, and what was approved for a later one is not approved for the next."""
    approved = row.approvals.aggregate(last=Max("attempt"))["last"]
    return max(row.attempt, approved or 0) + 1


def send_again(*, refund: int, elsewhere: bool, actor: str, now: datetime) -> None:
    """A failed refund is tried again under a new key: the same way, or to the case's place.

    Only a failed one: the payment service or the bank has said that the old try is dead.
    Raises Refusal otherwise, if the old try is said to be paid after all, or if no place is named.
    """
    with transaction.atomic():
        row = locked(refund)
        place = Place.objects.filter(case=row.case, is_current=True).first()
        if row.state != RefundState.FAILED:
            raise Refusal("not_failed", _("Only a refund that has failed can be sent again."))
        if row.alarm:
            raise Refusal(
                "contradicted",
                _("A try of this refund is said to have been paid after all. Clear that up first."),
            )
        if elsewhere and place is None:
            raise Refusal("no_place", _("Say first where the money should go."))
        Refund.objects.filter(pk=refund).update(
            state=RefundState.PLANNED,
            attempt=_next_attempt(row),
            tries=0,
            place=place if elsewhere else row.place,
            payment=None if elsewhere else row.payment,
            batch=None,
            transfer="",
            reference="",
            failure="",
            is_failure_ours=False,
            expected_on=None,
            changed_at=now,
        )
        Refund.objects.filter(pk=refund, released_at=None).update(released_at=now)
        row.refresh_from_db()
        note(Event.REFUND_SENT_AGAIN, row, actor, now, {"attempt": row.attempt})
        if is_approved(row):
            release(row, now=now)
