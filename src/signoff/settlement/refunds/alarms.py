"""Refunds of which the remote says two things: a try that was dead, and was paid after all.

The finance desk shows them; nothing more is sent for them until a person has decided.
"""

from datetime import datetime

from django.db import transaction

from signoff.audit.events import Event
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.models import Refund, RefundState
from signoff.settlement.refunds.marking import book_move, count_against_payment, locked, note
from signoff.settlement.refunds.operations import is_approved, release
from signoff.settlement.refunds.rules import PAYMENT, Move


def contradicted() -> list[Refund]:
    """Those that wait for a person, oldest first. `alarm`: "route:attempt" of what was paid
    (attempt 0: a bank transfer that was given up, with its file or because it had failed)."""
    rows = Refund.objects.exclude(alarm="").select_related("payment", "place__line", "batch")
    return list(rows.order_by("changed_at", "pk"))


def in_trouble() -> list[Refund]:
    """Refunds whose last try came to nothing and that are tried again; `failure` says why."""
    rows = Refund.objects.filter(state__in=[RefundState.PLANNED, RefundState.SENT])
    rows = rows.exclude(failure="").select_related("payment", "place__line", "batch")
    return list(rows.order_by("changed_at", "pk"))


def it_was_paid(*, refund: int, actor: str, now: datetime) -> None:
    """A person has asked the bank or the payment service: the old try was paid. Nothing is sent.

    Raises Refusal if there is nothing to clear up, or if a later try is on its way or paid: then
    the money is out twice, and only `it_was_not_paid` is left once it has been brought back.
    """
    with transaction.atomic():
        row = _to_clear_up(refund)
        if row.state not in (RefundState.PLANNED, RefundState.FAILED):
            raise Refusal(
                "sent_twice",
                _("This refund was sent once more since. Bring one of the two payments back."),
            )
        if row.batch_id is not None and row.state == RefundState.PLANNED:
            raise Refusal("in_a_file", _("This refund is in a file for the bank. Drop it first."))
        route, _colon, attempt = row.alarm.partition(":")
        for move in (Move.SEND, Move.ARRIVE):
            cause = f"refund:{refund}:{attempt}:{move.value}:after_all"
            book_move(row, move, route, cause=cause, now=now)
        if route == PAYMENT:
            count_against_payment(row, RefundState.PAID)
        Refund.objects.filter(pk=refund).update(
            state=RefundState.PAID,
            attempt=int(attempt)
            or row.attempt,  # later news of this try, such as its return, are about this
            alarm="",
            failure="",
            is_failure_ours=False,
            changed_at=now,
        )
        note(Event.REFUND_CLEARED_UP, row, actor, now, {"paid": attempt})


def it_was_not_paid(*, refund: int, actor: str, now: datetime) -> None:
    """A person has asked the bank or the payment service: the old try is dead, or came back.

    What was held back goes on. Raises Refusal if there is nothing to clear up.
    """
    with transaction.atomic():
        row = _to_clear_up(refund)
        Refund.objects.filter(pk=refund).update(alarm="", changed_at=now)
        note(Event.REFUND_CLEARED_UP, row, actor, now, {"paid": "no"})
        is_waiting = row.state == RefundState.PLANNED and row.released_at is not None
        if is_waiting and is_approved(row):
            release(row, now=now)


def _to_clear_up(refund: int) -> Refund:
    row = locked(refund)
    if not row.alarm:
        raise Refusal("no_contradiction", _("There is nothing to clear up at this refund."))
    return row
