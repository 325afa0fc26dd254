"""What the payment service tells of a refund by itself: once, and only of the refund that it is about."""

from typing import Any
from uuid import uuid4

import pytest

from signoff.journal.queries import open_items
from signoff.kernel.money import from_minor
from signoff.ports.payment_events import PaymentEventKind
from signoff.ports.payments import RefundState as Remote
from signoff.settlement.models import SeenEvent
from signoff.settlement.payments.events import note_event
from tests.finance import closed
from tests.refunding import Bank, balanced, event, kinds
from tests.world import LATER, customer

pytestmark = pytest.mark.django_db


def test_an_event_moves_a_refund_once_however_often_it_comes() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    assert note_event(event=event(refund, Remote.PAID), now=LATER)
    assert not note_event(event=event(refund, Remote.PAID), now=LATER)
    assert not note_event(event=event(refund, Remote.PAID, "evt_2"), now=LATER)
    assert kinds(refund.case).count("refund_paid") == 1
    assert open_items() == {}


def test_an_event_that_comes_late_changes_nothing() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.PAID))
    assert not note_event(event=event(refund, Remote.SENT), now=LATER)
    refund.refresh_from_db()
    assert refund.state == "paid"


@pytest.mark.parametrize(
    "more",
    [
        {"reference": "re_other", "case": str(uuid4())},
        {"reference": "re_other", "case": "", "step": ""},
        {"reference": "re_other", "step": "refund:x"},
        {"amount": from_minor(1, "CNY")},
        {"attempt": 2},
        {"kind": PaymentEventKind.OTHER},
    ],
)
def test_an_event_about_something_else_changes_nothing(more: dict[str, Any]) -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    assert not note_event(event=event(refund, Remote.FAILED, **more), now=LATER)
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert balanced()


def test_an_event_that_nothing_was_done_for_can_come_again() -> None:
    """If the change fails, that the event was seen is forgotten with it."""
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    note_event(event=event(refund, Remote.PAID, kind=PaymentEventKind.OTHER), now=LATER)
    assert not SeenEvent.objects.exists()
