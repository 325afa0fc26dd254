"""What the payment service tells us on its own, and what the customer must hear of it."""

from datetime import datetime

from django.db import transaction

from signoff.closing.money_notices import tell_of_failure
from signoff.closing.queries import case_by_id
from signoff.ports.payment_events import PaymentEvent
from signoff.settlement.models import Refund, RefundState
from signoff.settlement.payments.events import note_event


def take_event(*, event: PaymentEvent, now: datetime) -> bool:
    """Moves what the event is about; a customer whose refund failed is asked for another place.

    False if it changes nothing. Raises Conflict if somebody writes to the same record now: the
    sender tries again.
    """
    with transaction.atomic():
        changed = note_event(event=event, now=now)
        if isinstance(changed, Refund) and changed.state == RefundState.FAILED:
            tell_of_failure(case_by_id(changed.case), now)
    return changed is not None
