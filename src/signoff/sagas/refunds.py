"""Sending one refund that is free to go, and asking how one is that was sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from signoff.closing import queries as cases
from signoff.closing.money_notices import tell_of_failure
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import Payments, RefundAnswer
from signoff.settlement.models import Refund, RefundState
from signoff.settlement.queries import place_of, refund_of
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.rules import LINE, PAYMENT
from signoff.termination.rules import delay_after
from signoff.wiring import Ports

log = structlog.get_logger()

REMOTE_STATES = frozenset(
    {RefundState.SENT.value, RefundState.PAID.value, RefundState.FAILED.value}
)
ASK_EVERY = timedelta(hours=6)
"""How often we ask about a refund that was sent, in case the notification was lost."""


def ask_or_refund(payments: Payments, refund: Refund) -> RefundAnswer:
    """The refund of this attempt at the payment service: found there, or made now.

    Asked also at the first try: after a restore from a backup our own rows may know less than
    the payment service, and its memory of our keys may be over. Money goes out once.
    """
    assert refund.payment is not None  # noqa: S101 - only called for this route
    payment, step = refund.payment.reference, f"refund:{refund.pk}"
    case, attempt = str(refund.case), refund.attempt
    found = payments.find_refund(payment=payment, case=case, step=step, attempt=attempt)
    if found is not None:
        return found
    suffix = f":{attempt}" if attempt > 1 else ""
    return payments.refund(
        payment=payment,
        amount=from_minor(refund.amount_minor, refund.currency),
        key=f"{case}:{step}{suffix}",
        case=case,
        step=step,
        attempt=attempt,
    )


def follow_refund(
    number: int, attempt: int, tries: int, *, ports: Ports, now: Callable[[], datetime]
) -> None:
    """One try. A refund that cannot be sent now is tried again later; one refused has failed."""
    row = refund_of(number)
    if (row.attempt, row.tries) != (attempt, tries) or row.released_at is None:
        return
    route = refunds.route_of(row, place_of(row.case))
    try:
        if route == LINE and row.state == RefundState.PLANNED:
            refunds.pay_to_line(refund=number, now=now())
        elif route == PAYMENT and row.state in (RefundState.PLANNED, RefundState.SENT):
            _follow_payment(row, ports, now)
    except Temporary as error:
        log.info("refund_later", refund=number, system=error.system)
        refunds.follow(row, delay=timedelta(seconds=delay_after(tries)))
    except Permanent as error:
        _fail(row, error.detail, now())
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:
        log.exception("refund_broke", refund=number)
        _fail(row, f"unexpected {type(error).__name__}", now())


def _follow_payment(row: Refund, ports: Ports, now: Callable[[], datetime]) -> None:
    if not refunds.is_approved(row):
        return
    answer = ask_or_refund(ports.payments, row)
    state = RefundState(answer.state.value)
    if state is RefundState.FAILED:
        _fail(row, answer.failure or "the payment service reports it as failed", now(), answer)
        return
    with transaction.atomic():
        refunds.mark(
            refund=row.pk,
            state=state,
            route=PAYMENT,
            reference=answer.reference,
            attempt=row.attempt,
            now=now(),
        )
        if state is RefundState.SENT:
            refunds.follow(row, delay=ASK_EVERY)


def _fail(row: Refund, failure: str, now: datetime, answer: RefundAnswer | None = None) -> None:
    """It is dead: the customer is asked for another place, and the desk sees it."""
    with transaction.atomic():
        changed = refunds.mark(
            refund=row.pk,
            state=RefundState.FAILED,
            route=PAYMENT,
            reference=answer.reference if answer else "",
            failure=failure[:200],
            attempt=row.attempt,
            now=now,
        )
        if changed:
            tell_of_failure(cases.case_by_id(row.case), now)
