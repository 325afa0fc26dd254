"""Changes of a refund. Each change of state and its entry in the journal are one commit."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from signoff.accounts.models import User
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.journal import operations as journal
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine
from signoff.settlement.booking import moved
from signoff.settlement.models import (
    BalanceBucket,
    BucketKind,
    Payment,
    Place,
    Refund,
    RefundApproval,
    RefundState,
    Settlement,
)
from signoff.settlement.refunds.rules import LINE, PAYMENT, UNKNOWN, accounts_of, expected_on, moves

FOLLOW = "follow_refund"
"""Workflow that sends a refund which is free to go, or asks how one is that was sent.
Arguments: the refund's id, its attempt, and the try."""

NEEDED_APPROVALS = 2


def run_key(refund: int, attempt: int, tries: int) -> str:
    """One run for each try of each attempt."""
    return f"refund:{refund}:{attempt}:{tries}"


def stream_of(case: UUID) -> str:
    """The record's chain of the case."""
    return f"case:{case}"


def route_of(refund: Refund, place: Place | None) -> str:
    """The way a refund goes, once the case's place is known."""
    if refund.payment_id:
        return PAYMENT
    chosen = refund.place or place
    return chosen.kind if chosen else UNKNOWN


def mark(
    *,
    refund: int,
    state: RefundState,
    route: str,
    now: datetime,
    reference: str = "",
    failure: str = "",
    is_failure_ours: bool = False,
    attempt: int | None = None,
) -> bool:
    """What the payment service or the bank says of a refund. False if it changes nothing.

    News of an older attempt, news that come twice, and news out of order change nothing.
    Raises Conflict if somebody changed the refund in this very moment.
    """
    with transaction.atomic():
        row = Refund.objects.select_related("payment", "place").get(pk=refund)
        if attempt is not None and attempt != row.attempt:
            return False
        changed = moves(row.state, state.value, route)
        if changed is None:
            return False
        changes: dict[str, object] = {
            "state": state,
            "failure": failure,
            "is_failure_ours": is_failure_ours,
            "changed_at": now,
        }
        if reference:
            changes["reference"] = reference
        if state is not RefundState.FAILED and row.expected_on is None:
            changes["expected_on"] = expected_on(route, now.date())
        if not Refund.objects.filter(pk=refund, state=row.state, attempt=row.attempt).update(
            **changes
        ):
            raise Conflict(f"refund {refund} changed meanwhile")
        for move in changed:
            kind, credited, debited = accounts_of(move, route)
            journal.post(
                cause=f"refund:{refund}:{row.attempt}:{move.value}",
                kind=kind,
                postings=moved(credited, debited, row.amount_minor, row.currency),
                now=now,
                case=row.case,
            )
        _count_against_payment(row, state)
        if state is RefundState.FAILED:
            _record(Event.REFUND_FAILED, row, "engine", now, {"attempt": row.attempt})
    return True


def _count_against_payment(row: Refund, state: RefundState) -> None:
    """A payment gives back no more than it was: sent counts, failed no longer does."""
    if row.payment_id is None:
        return
    counted = row.state in (RefundState.SENT, RefundState.PAID)
    counts = state is not RefundState.FAILED
    if counts != counted:
        change = row.amount_minor if counts else -row.amount_minor
        Payment.objects.filter(pk=row.payment_id).update(
            refunded_minor=F("refunded_minor") + change
        )


def _record(
    event: Event, row: Refund, actor: str, now: datetime, facts: Mapping[str, int | str]
) -> None:
    record(
        event=event,
        stream=stream_of(row.case),
        at=now,
        actor=actor,
        facts={"refund": row.pk, "amount": row.amount_minor, "currency": row.currency, **facts},
    )


def pay_to_line(*, refund: int, now: datetime) -> None:
    """The rest goes to another line of the same account holder: at once, in our own rows."""
    with transaction.atomic():
        row = Refund.objects.select_related("place__line__account").get(pk=refund)
        assert row.place is not None  # noqa: S101 - only called for a refund with a place
        line = row.place.line
        assert line is not None  # noqa: S101 - the database wants one for a place of this kind
        if not mark(refund=refund, state=RefundState.PAID, route=LINE, now=now):
            return
        BalanceBucket.objects.create(
            reference=f"refund-{row.pk}-{row.attempt}",
            account=line.account,
            line=line,
            kind=BucketKind.PAID,
            amount_minor=row.amount_minor,
            currency=row.currency,
            as_of=now,
        )


def approve(*, refund: int, approver: User, now: datetime) -> None:
    """One of two people lets a large refund go; the second one sets it off.

    Raises Refusal if it needs nobody or the same person has approved it already.
    """
    with transaction.atomic():
        row = Refund.objects.select_related("payment", "place").get(pk=refund)
        if not row.needs_approval or row.state != RefundState.PLANNED:
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
        _record(Event.REFUND_APPROVED, row, f"user:{approver.pk}", now, {})
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


def hand_over(*, refund: int, case: UUID, now: datetime) -> None:
    """The closing has come to a refund that goes by bank, to a line, or needs approval first."""
    with transaction.atomic():
        place = Place.objects.filter(case=case, is_current=True).first()
        row = Refund.objects.select_related("payment", "place").get(pk=refund)
        if row.payment_id is None and row.place_id is None and place is not None:
            Refund.objects.filter(pk=refund).update(place=place)
            row.place = place
        Refund.objects.filter(pk=refund, released_at=None).update(released_at=now)
        if is_approved(row):
            release(row, now=now)


def follow(row: Refund, *, delay: timedelta = timedelta()) -> None:
    """Has the worker try (again), once for each try, whoever asks for it."""
    tries = row.tries + 1
    if Refund.objects.filter(pk=row.pk, tries=row.tries, attempt=row.attempt).update(tries=tries):
        engine().enqueue(
            FOLLOW, run_key(row.pk, row.attempt, tries), row.pk, row.attempt, tries, delay=delay
        )


def send_again(*, refund: int, elsewhere: bool, actor: str, now: datetime) -> None:
    """A failed refund is tried again under a new key: the same way, or to the case's place.

    Only a failed one: the payment service or the bank has said that the old try is dead.
    Raises Refusal otherwise, or if no place is named.
    """
    with transaction.atomic():
        row = Refund.objects.get(pk=refund)
        place = Place.objects.filter(case=row.case, is_current=True).first()
        if row.state != RefundState.FAILED:
            raise Refusal("not_failed", _("Only a refund that has failed can be sent again."))
        if elsewhere and place is None:
            raise Refusal("no_place", _("Say first where the money should go."))
        sent_again = Refund.objects.filter(
            pk=refund, state=RefundState.FAILED, attempt=row.attempt
        ).update(
            state=RefundState.PLANNED,
            attempt=row.attempt + 1,
            tries=0,
            place=place if elsewhere else row.place,
            payment=None if elsewhere else row.payment,
            batch=None,
            transfer="",
            reference="",
            expected_on=None,
            released_at=None,
            changed_at=now,
        )
        if not sent_again:
            raise Conflict(f"refund {refund} changed meanwhile")
        row.refresh_from_db()
        _record(Event.REFUND_SENT_AGAIN, row, actor, now, {"attempt": row.attempt})
        if is_approved(row):
            release(row, now=now)
