"""Money that goes to another line of the same customer: at once, in our own rows."""

from datetime import datetime

from django.db import transaction

from signoff.accounts.models import LineState
from signoff.accounts.queries import locked_line
from signoff.settlement.models import BalanceBucket, BucketKind, RefundState
from signoff.settlement.refunds.marking import locked, mark
from signoff.settlement.refunds.operations import is_approved
from signoff.settlement.refunds.rules import LINE

LINE_ENDED = "line_ended"
"""Failure of a refund whose line has ended since it was chosen."""


def pay_to_line(*, refund: int, now: datetime) -> RefundState | None:
    """The refund becomes balance of the line that the customer named.

    Returns what has become of it now: paid, or failed, if the line is at its end: money on it
    would be lost. None if it changes nothing: it was paid before, or goes elsewhere by now.
    """
    with transaction.atomic():
        row = locked(refund)
        if row.state != RefundState.PLANNED or not is_approved(row):
            return None
        if row.place is None or row.place.line_id is None:
            return None
        line = locked_line(row.place.line_id)
        if line.state not in (LineState.ACTIVE, LineState.PAUSED):
            mark(refund=refund, state=RefundState.FAILED, route=LINE, failure=LINE_ENDED, now=now)
            return RefundState.FAILED
        mark(refund=refund, state=RefundState.PAID, route=LINE, now=now)
        BalanceBucket.objects.create(
            reference=f"refund-{row.pk}-{row.attempt}",
            account=line.account,
            line=line,
            kind=BucketKind.PAID,
            amount_minor=row.amount_minor,
            currency=row.currency,
            as_of=now,
        )
    return RefundState.PAID
