"""What the payment service or the bank says of a refund: its state, and the journal with it.

Each change of state and its entry in the journal are one commit.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.journal import operations as journal
from signoff.journal.queries import unused_cause
from signoff.settlement.booking import moved
from signoff.settlement.models import Payment, Refund, RefundState
from signoff.settlement.refunds.rules import CN_CARD, IBAN, Move, accounts_of, expected_on, moves

log = structlog.get_logger()


def stream_of(case: UUID) -> str:
    """The record's chain of the case."""
    return f"case:{case}"


def locked(refund: int) -> Refund:
    """A refund as it is now; nobody else changes it before the caller's transaction ends.

    Raises Refund.DoesNotExist.
    """
    rows = Refund.objects.select_for_update(of=("self",))
    return rows.select_related("payment", "place").get(pk=refund)


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

    News of an older attempt, news that come twice, and news out of order change nothing. But if
    they say that a try was paid which we hold for dead, the money may be out twice: then nothing
    more is sent until a person has looked (`refunds.alarms`).
    """
    with transaction.atomic():
        row = locked(refund)
        tried = row.attempt if attempt is None else attempt
        changed = moves(row.state, state.value, route) if tried == row.attempt else None
        if changed is None:
            is_dead = tried != row.attempt or row.state == RefundState.FAILED
            if state is RefundState.PAID and is_dead:
                _raise_alarm(row, route, tried, now)
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
        Refund.objects.filter(pk=refund).update(**changes)
        for move in changed:
            book_move(
                row, move, route, cause=f"refund:{refund}:{row.attempt}:{move.value}", now=now
            )
        count_against_payment(row, state)
        if state is RefundState.FAILED:
            note(Event.REFUND_FAILED, row, "engine", now, {"attempt": row.attempt})
    return True


def book_move(row: Refund, move: Move, route: str, *, cause: str, now: datetime) -> None:
    """The entry of one move. Once: the caller holds the row, and has asked for its state.

    What was paid after all can come back and be sent again: then the cause has a number behind it.
    """
    kind, credited, debited = accounts_of(move, route)
    journal.post(
        cause=unused_cause(cause),
        kind=kind,
        postings=moved(credited, debited, row.amount_minor, row.currency),
        now=now,
        case=row.case,
    )


def given_up_and_paid(*, refund: int, now: datetime) -> None:
    """A bank transfer that nobody waits for any more (its file was dropped, or it was sent again
    under another reference) is said to be paid."""
    with transaction.atomic():
        row = locked(refund)
        is_bank = row.place is not None and row.place.kind in (IBAN, CN_CARD)
        _raise_alarm(row, row.place.kind if row.place and is_bank else IBAN, 0, now)


def _raise_alarm(row: Refund, route: str, attempt: int, now: datetime) -> None:
    """The remote paid what it had called dead, or what we had. Once for each try."""
    alarm = f"{route}:{attempt}"
    if row.alarm == alarm:
        return
    log.error("refund_contradicted", refund=row.pk, attempt=attempt)
    Refund.objects.filter(pk=row.pk).update(alarm=alarm, changed_at=now)
    note(Event.REFUND_CONTRADICTED, row, "engine", now, {"attempt": attempt, "route": route})


def count_against_payment(row: Refund, state: RefundState) -> None:
    """A payment gives back no more than it was: sent counts, failed no longer does.

    An import may have counted our refund before we did, or one that was made elsewhere: what the
    payment service has done is not undone by our sum, so the sum stays within the payment.
    """
    if row.payment_id is None:
        return
    counted = row.state in (RefundState.SENT, RefundState.PAID)
    counts = state is not RefundState.FAILED
    if counts == counted:
        return
    change = row.amount_minor if counts else -row.amount_minor
    mine = Payment.objects.filter(pk=row.payment_id)
    if mine.filter(refunded_minor__gt=F("amount_minor") - change).exists():
        log.error("payment_refunded_beyond", refund=row.pk)
    sum_of_all = F("refunded_minor") + change
    mine.update(refunded_minor=Greatest(Least(sum_of_all, F("amount_minor")), Value(0)))


def note(
    event: Event, row: Refund, actor: str, now: datetime, facts: Mapping[str, int | str]
) -> None:
    """Puts it down in the record of the refund's case."""
    record(
        event=event,
        stream=stream_of(row.case),
        at=now,
        actor=actor,
        facts={"refund": row.pk, "amount": row.amount_minor, "currency": row.currency, **facts},
    )
