"""Paying a bill: asked for on a page, made by the worker, known by an event or by asking.

Only a payment that is paid touches the bill and the journal.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from signoff.accounts.models import Account, Line, LineState
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.journal import operations as journal
from signoff.journal.rules import MOST_MINOR, EntryKind
from signoff.journal.rules import Account as JournalAccount
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.settlement.booking import moved
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillPayment,
    BillPaymentState,
    BillState,
    BucketKind,
    DisputeState,
    Payment,
)

log = structlog.get_logger()

FOLLOW = "follow_payment"
"""Workflow that makes the payment's page, or asks how it stands. Arguments: id and try."""

_UNDER_WAY = (BillPaymentState.ASKED, BillPaymentState.OPEN)
_FROM_REMOTE = {
    PaymentState.OPEN: BillPaymentState.OPEN,
    PaymentState.PAID: BillPaymentState.PAID,
    PaymentState.FAILED: BillPaymentState.FAILED,
    PaymentState.EXPIRED: BillPaymentState.EXPIRED,
}


def payable_minor(bill: Bill) -> int:
    """What can be paid of a bill now: what is left, without what is disputed."""
    disputed = bill.items.filter(disputes__state=DisputeState.OPEN).aggregate(
        total=Sum("disputes__unpaid_minor")
    )["total"]
    return max(bill.left_minor - (disputed or 0), 0)


def start(*, bill: Bill, amount_minor: int, language: str, now: datetime) -> BillPayment:
    """Asks for a page on which this much of the bill is paid. Pressing twice gives one.

    Raises InvalidValue for an amount that cannot be paid, Refusal if another payment of this
    bill is under way.
    """
    currency = bill.account.currency
    payable = payable_minor(bill)
    if not 0 < amount_minor <= payable:
        raise InvalidValue(
            "amount_not_payable",
            _("Write an amount above zero, up to %(most)s."),
            field="amount",
            most=from_minor(payable, currency),
        )
    try:
        with transaction.atomic():
            row = BillPayment.objects.create(
                bill=bill,
                amount_minor=amount_minor,
                currency=currency,
                language=language,
                asked_at=now,
                changed_at=now,
            )
            follow(row)
    except IntegrityError:
        return _under_way(bill, amount_minor)
    return row


def start_due(
    *, account: Account, line: Line | None, amount_minor: int, language: str, now: datetime
) -> BillPayment:
    """Asks for a page on which what a closing comes to is paid, where no bill holds it yet.

    line: the one that is closed; None: the whole account. What is paid becomes balance, and stays
    the customer's if they do not close. Raises as `start`.
    """
    if not 0 < amount_minor <= MOST_MINOR:
        raise InvalidValue("amount_not_payable", _("There is nothing to pay."), field="amount")
    try:
        with transaction.atomic():
            row = BillPayment.objects.create(
                account=account,
                line=line,
                amount_minor=amount_minor,
                currency=account.currency,
                language=language,
                asked_at=now,
                changed_at=now,
            )
            follow(row)
    except IntegrityError:
        mine = BillPayment.objects.filter(account=account, state__in=_UNDER_WAY)
        return _same(mine.first(), amount_minor)
    return row


def _under_way(bill: Bill, amount_minor: int) -> BillPayment:
    """Another press, or another tab, was first."""
    return _same(BillPayment.objects.filter(bill=bill, state__in=_UNDER_WAY).first(), amount_minor)


def _same(other: BillPayment | None, amount_minor: int) -> BillPayment:
    if other and other.amount_minor == amount_minor:
        return other
    raise Refusal(
        "payment_under_way",
        _("A payment of this is under way already. Finish it, or cancel it first."),
    )


def follow(row: BillPayment, *, delay: timedelta = timedelta()) -> None:
    """Has the worker look after the payment, once for each try, whoever asks for it."""
    tries = row.tries + 1
    with transaction.atomic():
        if BillPayment.objects.filter(pk=row.pk, tries=row.tries).update(tries=tries):
            engine().enqueue(FOLLOW, run_key(row.pk, tries), str(row.pk), tries, delay=delay)


def run_key(payment: UUID, tries: int) -> str:
    """One run for each try."""
    return f"payment:{payment}:{tries}"


def look_now(*, payment: BillPayment) -> None:
    """The customer is back from the payment's page: ask how it stands, without waiting."""
    if payment.state in _UNDER_WAY:
        follow(payment)


def give_up(*, payment: BillPayment, now: datetime) -> None:
    """The customer will not pay it: its page is closed. If it was paid meanwhile, it stays paid."""
    with transaction.atomic():
        changed = BillPayment.objects.filter(
            pk=payment.pk, state__in=_UNDER_WAY, is_given_up=False
        ).update(is_given_up=True, changed_at=now)
        if changed:
            follow(payment)


def note_page(*, payment: UUID, page: PaymentPage, now: datetime, failure: str = "") -> None:
    """What the payment service says of a payment; once for each change of state.

    Another amount than the one asked for is not believed: nothing is booked, a person must look.
    """
    with transaction.atomic():
        row = (
            BillPayment.objects.select_for_update(of=("self",))
            .select_related("bill__account", "account")
            .get(pk=payment)
        )
        state = _FROM_REMOTE[page.state]
        if row.state not in _UNDER_WAY:
            if row.state != state:
                log.warning("payment_out_of_order", payment=str(payment), state=state.value)
            if not (state is BillPaymentState.PAID and row.state != BillPaymentState.PAID):
                return
        if page.amount is not None and page.amount != from_minor(row.amount_minor, row.currency):
            log.error("payment_amount_differs", payment=str(payment))
            BillPayment.objects.filter(pk=row.pk).update(
                failure="the payment service names another amount", changed_at=now
            )
            return
        BillPayment.objects.filter(pk=row.pk).update(
            state=state,
            reference=page.reference or row.reference,
            address=page.url,
            paid_by=page.paid_by,
            failure=failure[:200],
            changed_at=now,
        )
        if state is BillPaymentState.PAID:
            _book(row, page, now)


def note_failure(*, payment: UUID, failure: str, final: bool, now: datetime) -> None:
    """The page could not be made; `final`: and it will not be made."""
    changes: dict[str, object] = {"failure": failure[:200], "changed_at": now}
    if final:
        changes["state"] = BillPaymentState.FAILED
    BillPayment.objects.filter(pk=payment, state__in=_UNDER_WAY).update(**changes)


def locked_bill(bill: int) -> Bill:
    """The bill as it is now; nobody else changes it before the caller's transaction ends."""
    rows = Bill.objects.select_for_update(of=("self",)).select_related("account", "line")
    return rows.get(pk=bill)


def _book(row: BillPayment, page: PaymentPage, now: datetime) -> None:
    """The bill is paid by so much; what is too much becomes balance of the account.

    Too much is also what pays an item that is disputed since: it is set aside until a person has
    decided, and would be lost if the customer is right.
    """
    if row.bill_id is None:
        _book_due(row, page, now)
        return
    bill = locked_bill(row.bill_id)
    used = min(row.amount_minor, payable_minor(bill))
    Bill.objects.filter(pk=bill.pk).update(paid_minor=F("paid_minor") + used, as_of=now)
    Bill.objects.filter(pk=bill.pk, paid_minor__gte=F("total_minor") - F("credited_minor")).update(
        state=BillState.PAID
    )
    bucket = keep_surplus(
        bill, row.amount_minor - used, reference=f"over-{row.pk.hex[:24]}", now=now
    )
    _keep_payment(row, page, bucket, now)
    postings = (
        moved(JournalAccount.BILLS, JournalAccount.PAYMENT_SERVICE, used, row.currency)
        if used
        else []
    )
    if bucket:
        surplus = row.amount_minor - used
        postings += moved(
            JournalAccount.BALANCES_PAID, JournalAccount.PAYMENT_SERVICE, surplus, row.currency
        )
    journal.post(cause=f"payment:{row.pk}", kind=EntryKind.BILL_PAID, postings=postings, now=now)
    record(
        event=Event.BILL_PAID,
        stream=f"account:{bill.account_id}",
        at=now,
        actor="payments",
        facts={"bill": bill.number, "amount": row.amount_minor, "currency": row.currency},
    )


def _keep_payment(
    row: BillPayment, page: PaymentPage, bucket: BalanceBucket | None, now: datetime
) -> None:
    """A refund can go back by it."""
    if page.paid_by:
        Payment.objects.get_or_create(
            reference=page.paid_by,
            defaults={
                "bucket": bucket,
                "amount_minor": row.amount_minor,
                "method": page.method[:60],
                "paid_at": now,
            },
        )


def _book_due(row: BillPayment, page: PaymentPage, now: datetime) -> None:
    """What was paid without a bill is balance, of the line that is closed or of the account."""
    bucket = BalanceBucket.objects.create(
        reference=f"due-{row.pk.hex[:24]}",
        account=row.payer,
        line_id=row.line_id,
        kind=BucketKind.PAID,
        amount_minor=row.amount_minor,
        currency=row.currency,
        as_of=now,
    )
    _keep_payment(row, page, bucket, now)
    journal.post(
        cause=f"payment:{row.pk}",
        kind=EntryKind.BILL_PAID,
        postings=moved(
            JournalAccount.BALANCES_PAID,
            JournalAccount.PAYMENT_SERVICE,
            row.amount_minor,
            row.currency,
        ),
        now=now,
    )
    record(
        event=Event.BILL_PAID,
        stream=f"account:{row.payer.pk}",
        at=now,
        actor="payments",
        facts={"amount": row.amount_minor, "currency": row.currency},
    )


def keep_surplus(bill: Bill, minor: int, *, reference: str, now: datetime) -> BalanceBucket | None:
    """What was paid above what is left of a bill is balance: nothing is lost.

    Of the bill's line while that is in use, else of the account.
    """
    if minor <= 0:
        return None
    in_use = bill.line is not None and bill.line.state in (LineState.ACTIVE, LineState.PAUSED)
    log.warning("bill_paid_beyond", bill=bill.pk)
    return BalanceBucket.objects.create(
        reference=reference,
        account=bill.account,
        line=bill.line if in_use else None,
        kind=BucketKind.PAID,
        amount_minor=minor,
        currency=bill.account.currency,
        as_of=now,
    )
