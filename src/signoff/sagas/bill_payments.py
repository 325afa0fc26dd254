"""Making the page on which a bill is paid, and asking how the payment stands."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError

from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.errors import Conflict
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.settlement.models import BillPayment
from signoff.settlement.payments import operations as payments
from signoff.settlement.payments.queries import payment_by_id
from signoff.settlement.payments.titles import title_of
from signoff.termination.rules import delay_after
from signoff.wiring import Ports

log = structlog.get_logger()

ASK_EVERY = timedelta(minutes=10)
"""How often we ask about an open page, in case the notification was lost."""
OFTEN = 400
"""So many times, for about three days; then a page that is still open waits for a slow bank."""
ASK_SELDOM = timedelta(hours=6)


def follow_payment(
    identifier: UUID, tries: int, *, ports: Ports, now: Callable[[], datetime]
) -> None:
    """One try; tried again while the payment is under way."""
    row = payment_by_id(identifier)
    if row.tries != tries or not row.is_under_way:
        return
    try:
        page = _page(row, ports)
    except Temporary as error:
        _again(row, error.system, now(), most=60)
    except Permanent as error:
        # A page that exists may still take money: only one that was never made has failed.
        if row.reference:
            _again(row, error.detail, now())
        else:
            payments.note_failure(payment=row.pk, failure=error.detail, final=True, now=now())
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:
        log.exception("payment_broke", payment=str(identifier))
        _again(row, f"unexpected {type(error).__name__}", now())
    else:
        _take_in(row, page, now())


def _take_in(row: BillPayment, page: PaymentPage, now: datetime) -> None:
    try:
        payments.note_page(payment=row.pk, page=page, now=now)
    except (Conflict, *OUR_FAULT) as error:
        log.exception("payment_broke", payment=str(row.pk))
        _again(row, f"unexpected {type(error).__name__}", now)
        return
    if page.state is PaymentState.OPEN and row.is_given_up and not row.reference:
        payments.follow(row)  # they turned away before there was a page: it is closed at once
    elif page.state is PaymentState.OPEN:
        payments.follow(row, delay=ASK_EVERY if row.tries < OFTEN else ASK_SELDOM)


def _again(row: BillPayment, failure: str, now: datetime, *, most: int = 7200) -> None:
    """It is not known how it stands: asked again, at growing intervals up to `most` seconds."""
    payments.note_failure(payment=row.pk, failure=failure, final=False, now=now)
    payments.follow(row, delay=timedelta(seconds=min(delay_after(row.tries), most)))


def _page(row: BillPayment, ports: Ports) -> PaymentPage:
    if row.reference:
        if row.is_given_up:
            return ports.payments.cancel_payment(row.reference)
        return ports.payments.payment(row.reference)
    if row.tries > 1:  # an earlier answer may be lost, and the service's memory of our key over
        found = ports.payments.find_payment(subject=str(row.pk), since=row.asked_at)
        if found is not None:
            return found
    return ports.payments.start_payment(
        amount=from_minor(row.amount_minor, row.currency),
        key=f"payment:{row.pk}",
        subject=str(row.pk),
        return_url=f"{settings.SIGNOFF.public_url}/bills/payments/{row.pk}/",
        language=row.language,
        title=title_of(row),
    )
