"""What a payment is, once it is paid: off its bill, or balance; and an entry in the journal."""

from datetime import datetime

import structlog
from django.db.models import F

from signoff.accounts.models import Line, LineState
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.journal import operations as journal
from signoff.journal.rules import Account as JournalAccount
from signoff.journal.rules import EntryKind
from signoff.ports.payments import PaymentPage
from signoff.settlement.booking import moved
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillPayment,
    BillState,
    BucketKind,
    Payment,
)
from signoff.settlement.payments.queries import payable_minor

log = structlog.get_logger()


def locked_bill(bill: int) -> Bill:
    """The bill as it is now; nobody else changes it before the caller's transaction ends."""
    rows = Bill.objects.select_for_update(of=("self",)).select_related("account", "line")
    return rows.get(pk=bill)


def book(row: BillPayment, page: PaymentPage, now: datetime) -> None:
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
    """What was paid without a bill is balance, of the line that is closed or of the account.

    Of the account also if the line has ended meanwhile: no closing would give it back.
    """
    bucket = BalanceBucket.objects.create(
        reference=f"due-{row.pk.hex[:24]}",
        account=row.payer,
        line=row.line if _is_in_use(row.line) else None,
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
    log.warning("bill_paid_beyond", bill=bill.pk)
    return BalanceBucket.objects.create(
        reference=reference,
        account=bill.account,
        line=bill.line if _is_in_use(bill.line) else None,
        kind=BucketKind.PAID,
        amount_minor=minor,
        currency=bill.account.currency,
        as_of=now,
    )


def _is_in_use(line: Line | None) -> bool:
    """A balance of a line that ends now, or has ended, would be found by nobody."""
    return line is not None and line.state in (LineState.ACTIVE, LineState.PAUSED)
