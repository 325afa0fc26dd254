"""Taking in what the payment service tells us: each event once, in whatever order they come."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from signoff.kernel.money import from_minor
from signoff.ports.payment_events import PaymentEvent, PaymentEventKind
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.ports.payments import RefundState as RemoteRefund
from signoff.settlement.models import BillPayment, Refund, RefundState, SeenEvent
from signoff.settlement.payments.operations import note_page
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.rules import PAYMENT

log = structlog.get_logger()


def note_event(*, event: PaymentEvent, now: datetime) -> BillPayment | Refund | None:
    """Moves the payment or the refund that the event is about, and returns it as it is then.

    None if it changes nothing.

    An event that was seen before, is about nothing of ours, or comes after a later one changes
    nothing. Raises Conflict if somebody writes to the same record now: the sender tries again.
    """
    if event.kind is PaymentEventKind.OTHER:
        return None
    with transaction.atomic():
        if not _first_time(event, now):
            return None
        if event.kind is PaymentEventKind.REFUND_CHANGED:
            return _note_refund(event, now)
        return _note_payment(event, now)


def _first_time(event: PaymentEvent, now: datetime) -> bool:
    try:
        with transaction.atomic():
            SeenEvent.objects.create(reference=event.id, kind=event.kind.value[:20], seen_at=now)
    except IntegrityError:
        return False
    return True


def _note_payment(event: PaymentEvent, now: datetime) -> BillPayment | None:
    row = _payment_of(event)
    if row is None or not isinstance(event.state, PaymentState):
        log.info("payment_event_not_ours", kind=event.kind.value)
        return None
    if event.state is PaymentState.OPEN and not event.failure:
        return None
    page = PaymentPage(
        reference=event.reference or row.reference,
        url=row.address if event.state is PaymentState.OPEN else "",
        state=event.state,
        amount=event.amount,
        subject=event.subject,
        paid_by=event.paid_by if event.state is PaymentState.PAID else "",
        method=event.method,
    )
    note_page(payment=row.pk, page=page, now=now, failure=event.failure)
    row.refresh_from_db()
    return row


def _payment_of(event: PaymentEvent) -> BillPayment | None:
    if event.subject:
        try:
            subject = UUID(event.subject)
        except ValueError:
            return None
        return BillPayment.objects.filter(pk=subject).first()
    if not event.reference:
        return None
    return BillPayment.objects.filter(reference=event.reference).first()


_STATES = {
    RemoteRefund.SENT: RefundState.SENT,
    RemoteRefund.PAID: RefundState.PAID,
    RemoteRefund.FAILED: RefundState.FAILED,
}


def _note_refund(event: PaymentEvent, now: datetime) -> Refund | None:
    row = _refund_of(event)
    if row is None or not isinstance(event.state, RemoteRefund):
        log.info("refund_event_not_ours")
        return None
    if event.amount is not None and _differs(event, row):
        log.error("refund_amount_differs", refund=row.pk)
        return None
    changed = mark(
        refund=row.pk,
        state=_STATES[event.state],
        route=PAYMENT,
        reference=event.reference,
        failure=event.failure,
        attempt=event.attempt,
        now=now,
    )
    if not changed:
        return None
    row.refresh_from_db()
    return row


def _refund_of(event: PaymentEvent) -> Refund | None:
    """Also one that goes another way by now: a try that was held for dead may be paid after all."""
    if event.reference and (known := Refund.objects.filter(reference=event.reference).first()):
        return known
    try:
        case, number = UUID(event.case), int(event.step.rpartition(":")[2])
    except ValueError:
        return None
    return Refund.objects.filter(pk=number, case=case).first()


def _differs(event: PaymentEvent, row: Refund) -> bool:
    return event.amount != from_minor(row.amount_minor, row.currency)
