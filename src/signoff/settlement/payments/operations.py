"""Paying a bill: asked for on a page, made by the worker, known by an event or by asking.

Only a payment that is paid touches the bill and the journal.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from signoff.accounts.models import Account, Line
from signoff.journal.rules import MOST_MINOR
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.settlement.models import (
    UNDER_WAY,
    Bill,
    BillPayment,
    BillPaymentState,
)
from signoff.settlement.payments.booking import book
from signoff.settlement.payments.queries import due_under_way, payable_minor
from signoff.settlement.rules import carried_by_card

log = structlog.get_logger()

FOLLOW = "follow_payment"
"""Workflow that makes the payment's page, or asks how it stands. Arguments: id and try."""

_FROM_REMOTE = {
    PaymentState.OPEN: BillPaymentState.OPEN,
    PaymentState.PAID: BillPaymentState.PAID,
    PaymentState.FAILED: BillPaymentState.FAILED,
    PaymentState.EXPIRED: BillPaymentState.EXPIRED,
}


def start(*, bill: Bill, amount_minor: int, language: str, now: datetime) -> BillPayment:
    """Asks for a page on which this much of the bill is paid. Pressing twice gives one.

    It is for as much as a card can carry, which may be a little more; the rest becomes balance.
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
    amount_minor = carried_by_card(amount_minor, currency)
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
    the customer's if they do not close. As much as a card can carry, and raises, as `start`.
    """
    if not 0 < amount_minor <= MOST_MINOR:
        raise InvalidValue("amount_not_payable", _("There is nothing to pay."), field="amount")
    amount_minor = carried_by_card(amount_minor, account.currency)
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
        mine = due_under_way(account)
        is_this = mine is not None and mine.line_id == (line.pk if line else None)
        return _same(mine if is_this else None, amount_minor)
    return row


def _under_way(bill: Bill, amount_minor: int) -> BillPayment:
    """Another press, or another tab, was first."""
    return _same(BillPayment.objects.filter(bill=bill, state__in=UNDER_WAY).first(), amount_minor)


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
    if payment.is_under_way:
        follow(payment)


def give_up(*, payment: BillPayment, now: datetime) -> None:
    """The customer will not pay it: its page is closed. If it was paid meanwhile, it stays paid."""
    with transaction.atomic():
        changed = BillPayment.objects.filter(
            pk=payment.pk, state__in=UNDER_WAY, is_given_up=False
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
        if not row.is_under_way:
            if row.state != state:
                log.warning("payment_out_of_order", payment=str(payment), state=state.value)
            if state is not BillPaymentState.PAID or row.state == BillPaymentState.PAID:
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
            book(row, page, now)


def note_failure(*, payment: UUID, failure: str, final: bool, now: datetime) -> None:
    """The page could not be made; `final`: and it will not be made."""
    changes: dict[str, object] = {"failure": failure[:200], "changed_at": now}
    if final:
        changes["state"] = BillPaymentState.FAILED
    BillPayment.objects.filter(pk=payment, state__in=UNDER_WAY).update(**changes)
