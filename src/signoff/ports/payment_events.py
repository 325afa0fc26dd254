"""What the payment service tells us on its own, some time after it happened.

An event may come late, twice, or after a later one; whoever acts on it keeps the ids that were
seen and moves only forward. Where it matters, ask `ports.payments.Payments`: the event is a hint.

The interface that receives it (`api/`) knows only `EventReader`; `sagas` installs one that is
made when the first event comes.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moneyed import Money

from signoff.kernel.errors import SignoffError
from signoff.ports.payments import PaymentState, RefundState

PATH = "/api/v1/payments/events"
"""Where the payment service sends its events, at our public address."""


class PaymentEventKind(enum.Enum):
    """What happened."""

    PAYMENT_PAID = "payment_paid"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_EXPIRED = "payment_expired"
    REFUND_CHANGED = "refund_changed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """One event, proven to be the payment service's. Fields that do not apply are empty.

    id: of the event; the same one may come again.
    reference: of the payment page, or of the refund (`RefundAnswer.reference`). Empty for a
        single declined try: Stripe tells it of the payment and not of the page; use `subject`.
    state: a RefundState for REFUND_CHANGED, else a PaymentState. A declined try is
        PAYMENT_FAILED with OPEN: the customer may try again on the same page; it never undoes
        a state that is for good.
    paid_by: the payment that paid, or that is refunded.
    amount: of the payment or of the refund.
    subject: the opaque reference that the payment was started with.
    case, step, attempt: those that the refund was made with; "" for a refund that is not ours.
    failure: why, as the payment service's own code.
    """

    id: str
    kind: PaymentEventKind
    created_at: datetime
    reference: str = ""
    state: PaymentState | RefundState | None = None
    paid_by: str = ""
    method: str = ""
    amount: Money | None = None
    subject: str = ""
    case: str = ""
    step: str = ""
    attempt: int = 1
    failure: str = ""


class Forged(SignoffError):
    """The signature is missing, wrong or too old: nothing in the event is to be believed."""


class EventReader(Protocol):
    """Reads what was sent to PATH."""

    def read(self, payload: bytes, signature: str) -> PaymentEvent:
        """payload: the body, byte for byte; signature: the header as it came, "" if none did.

        Raises Forged; InvalidValue for what is signed and cannot be understood.
        """


class NoEventReader(SignoffError):
    """No reader is installed: `signoff.sagas` is missing from INSTALLED_APPS."""


_makers: list[Callable[[], EventReader]] = []
_made: list[EventReader] = []


def install(make: Callable[[], EventReader]) -> None:
    """Called once at start; a test may install another. `make` runs when one is first needed."""
    _makers[:] = [make]
    _made.clear()


def reader() -> EventReader:
    """The installed reader. Raises NoEventReader."""
    if not _makers:
        raise NoEventReader("signoff.sagas is not among INSTALLED_APPS")
    if not _made:
        _made.append(_makers[0]())
    return _made[0]
