"""Sending one refund that is free to go, and asking how one is that was sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from signoff.closing import queries as cases
from signoff.closing.money_notices import tell_of_failure
from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.errors import Conflict
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import Payments, RefundAnswer
from signoff.settlement.models import Refund, RefundState
from signoff.settlement.queries import place_of, refund_of
from signoff.settlement.refunds import marking
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.rules import LINE, PAYMENT
from signoff.settlement.refunds.to_line import pay_to_line
from signoff.termination.rules import delay_after
from signoff.wiring import Ports

log = structlog.get_logger()

REMOTE_STATES = frozenset(
    {RefundState.SENT.value, RefundState.PAID.value, RefundState.FAILED.value}
)


def _find(payments: Payments, refund: Refund) -> RefundAnswer | None:
    """This attempt at the payment service, if it has it."""
    assert refund.payment is not None  # noqa: S101 - only called for this route
    return payments.find_refund(
        payment=refund.payment.reference,
        case=str(refund.case),
        step=f"refund:{refund.pk}",
        attempt=refund.attempt,
    )


def ask_or_refund(payments: Payments, refund: Refund) -> RefundAnswer:
    """The refund of this attempt at the payment service: found there, or made now.

    Asked also at the first try: after a restore from a backup our own rows may know less than
    the payment service, and its memory of our keys may be over. Money goes out once.
    """
    assert refund.payment is not None  # noqa: S101 - only called for this route
    found = _find(payments, refund)
    if found is not None:
        return found
    step, case, attempt = f"refund:{refund.pk}", str(refund.case), refund.attempt
    suffix = f":{attempt}" if attempt > 1 else ""
    return payments.refund(
        payment=refund.payment.reference,
        amount=from_minor(refund.amount_minor, refund.currency),
        key=f"{case}:{step}{suffix}",
        case=case,
        step=step,
        attempt=attempt,
    )


def follow_refund(
    number: int, attempt: int, tries: int, *, ports: Ports, now: Callable[[], datetime]
) -> None:
    """One try. Whatever comes in between, a refund that is not known to be paid or dead is tried
    again, and its trouble shown at the desk: an answer that was lost or cannot be read says
    nothing about the money."""
    row = refund_of(number)
    if (row.attempt, row.tries) != (attempt, tries) or row.alarm:
        return
    delay = timedelta(seconds=delay_after(tries))
    try:
        _follow(row, ports, now)
    except Temporary as error:
        log.info("refund_later", refund=number, system=error.system)
        refunds.follow_later(row, delay=delay)
    except Permanent as error:
        refunds.follow_later(row, delay=delay, trouble=str(error))
    except Conflict:
        refunds.follow_later(row, delay=delay)
    except OUR_FAULT as error:
        log.exception("refund_broke", refund=number)
        refunds.follow_later(row, delay=delay, trouble=f"unexpected {type(error).__name__}")
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:
        log.exception("refund_broke", refund=number)
        refunds.follow_later(row, delay=delay, trouble=f"unexpected {type(error).__name__}")


def _follow(row: Refund, ports: Ports, now: Callable[[], datetime]) -> None:
    if row.state == RefundState.SENT and row.payment_id is not None:
        _follow_payment(row, ports, now)
    if row.state != RefundState.PLANNED or row.released_at is None:
        return
    route = refunds.route_of(row, place_of(row.case))
    if route == LINE:
        with transaction.atomic():
            if pay_to_line(refund=row.pk, now=now()) is RefundState.FAILED:
                tell_of_failure(cases.case_by_id(row.case), now())
    elif route == PAYMENT and refunds.is_approved(row):
        _follow_payment(row, ports, now)


def _follow_payment(row: Refund, ports: Ports, now: Callable[[], datetime]) -> None:
    try:
        answer = ask_or_refund(ports.payments, row)
    except Permanent as refused:
        if _find(ports.payments, row) is not None:
            raise  # it was taken all the same: the next try takes it in
        _refused(row, refused, now())
        return
    state = RefundState(answer.state.value)
    failure = answer.failure or "the payment service reports it as failed"
    with transaction.atomic():
        changed = marking.mark(
            refund=row.pk,
            state=state,
            route=PAYMENT,
            reference=answer.reference,
            failure=failure[:200] if state is RefundState.FAILED else "",
            attempt=row.attempt,
            now=now(),
        )
        if changed and state is RefundState.FAILED:
            tell_of_failure(cases.case_by_id(row.case), now())
        if state is RefundState.SENT:
            refunds.follow_later(row, delay=refunds.ASK_EVERY)


def _refused(row: Refund, refused: Permanent, now: datetime) -> None:
    """It said no, and has no such refund: known to be dead. Why it said no is for a person: if the
    payment was given back by hand or by its bank, another place would get the money once more."""
    marking.mark(
        refund=row.pk,
        state=RefundState.FAILED,
        route=PAYMENT,
        failure=refused.detail[:200],
        is_failure_ours=True,
        attempt=row.attempt,
        now=now,
    )
