"""Events that Stripe sends: proven by their signature, then read.

docs.stripe.com/webhooks/signature. An endpoint has one secret, but while it is being rolled Stripe
signs with the old and the new one, so any of the signatures will do.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import stripe
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from signoff.adapters.stripe.amounts import money
from signoff.adapters.stripe.objects import SUBJECT, Intent, Refund, Session
from signoff.kernel.errors import InvalidValue
from signoff.kernel.words import gettext_noop as _
from signoff.ports.payment_events import Forged, PaymentEvent, PaymentEventKind
from signoff.ports.payments import PaymentState

TOLERANCE = 300
"""Seconds. Stripe signs every repeat anew, so an older signature is somebody's recording."""


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True)
    object: dict[str, Any]


class _Envelope(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str = Field(min_length=1, max_length=255)
    type: str = Field(min_length=1, max_length=255)
    created: int = Field(ge=0, le=253_402_300_799)
    data: _Content

    @property
    def created_at(self) -> datetime:
        """Aware, UTC."""
        return datetime.fromtimestamp(self.created, UTC)


class StripeEvents:
    """Implements `ports.payment_events.EventReader`.

    secret: of the endpoint (`whsec_…`). Without one nothing can be proven, so all is Forged.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def read(self, payload: bytes, signature: str) -> PaymentEvent:
        """See `ports.payment_events.EventReader.read`."""
        self._prove(payload, signature)
        try:
            envelope = _Envelope.model_validate(json.loads(payload.decode()))
            return _READERS.get(envelope.type, _other)(envelope)
        except ValidationError as error:
            raise _unfit(_where(error)) from error
        except (ValueError, RecursionError) as error:  # also a number of five thousand digits
            raise _unfit("JSON") from error
        except KeyError as error:
            raise _unfit("status") from error

    def _prove(self, payload: bytes, signature: str) -> None:
        """Raises Forged. Without its cause: that one holds the whole body."""
        if not signature.isascii():
            raise Forged("the signature is not one of Stripe's")
        try:
            stripe.WebhookSignature.verify_header(payload, signature, self._secret, TOLERANCE)
        except UnicodeDecodeError:
            raise Forged("the body is no text") from None
        except stripe.SignatureVerificationError as error:
            raise Forged(_reason(str(error))) from None


def _reason(said: str) -> str:
    """In our words: the client's own quote what was sent."""
    if "secret" in said:
        return "no webhook secret is set"
    if "tolerance" in said:
        return "the signature is too old"
    return "the signature is missing or wrong"


def _unfit(detail: str) -> InvalidValue:
    return InvalidValue(
        "payment_event",
        _("This is signed, but it is not an event that can be understood. Look at: %(detail)s."),
        field=detail,
        detail=detail,
    )


def _where(error: ValidationError) -> str:
    return ", ".join(".".join(map(str, fault["loc"])) or "body" for fault in error.errors())


def _other(envelope: _Envelope) -> PaymentEvent:
    return PaymentEvent(envelope.id, PaymentEventKind.OTHER, envelope.created_at)


def _session(kind: PaymentEventKind, state: PaymentState) -> Callable[[_Envelope], PaymentEvent]:
    def read(envelope: _Envelope) -> PaymentEvent:
        session = Session.of(envelope.data.object)
        return PaymentEvent(
            envelope.id,
            kind,
            envelope.created_at,
            reference=session.id,
            state=state,
            paid_by=session.paid_by,
            amount=session.amount,
            subject=session.subject,
        )

    return read


_paid = _session(PaymentEventKind.PAYMENT_PAID, PaymentState.PAID)


def _completed(envelope: _Envelope) -> PaymentEvent:
    """The customer is done. A slow bank's money comes later, with an event of its own."""
    if Session.of(envelope.data.object).state is PaymentState.PAID:
        return _paid(envelope)
    return _other(envelope)


def _declined(envelope: _Envelope) -> PaymentEvent:
    """One try; the page stays open. The payment knows our subject, not its page."""
    intent = Intent.model_validate(envelope.data.object)
    return PaymentEvent(
        envelope.id,
        PaymentEventKind.PAYMENT_FAILED,
        envelope.created_at,
        state=PaymentState.OPEN,
        method=intent.method,
        amount=money(intent.amount, intent.currency),
        subject=(intent.metadata or {}).get(SUBJECT, ""),
        failure=intent.failure,
    )


def _refund(envelope: _Envelope) -> PaymentEvent:
    refund = Refund.model_validate(envelope.data.object)
    case, step, attempt = refund.made_for
    return PaymentEvent(
        envelope.id,
        PaymentEventKind.REFUND_CHANGED,
        envelope.created_at,
        reference=refund.id,
        state=refund.state,
        paid_by=refund.payment_intent or refund.charge or "",
        amount=money(refund.amount, refund.currency),
        case=case,
        step=step,
        attempt=attempt,
        failure=refund.failure,
    )


_READERS: dict[str, Callable[[_Envelope], PaymentEvent]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _paid,
    "checkout.session.async_payment_failed": _session(
        PaymentEventKind.PAYMENT_FAILED, PaymentState.FAILED
    ),
    "checkout.session.expired": _session(PaymentEventKind.PAYMENT_EXPIRED, PaymentState.EXPIRED),
    "payment_intent.payment_failed": _declined,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
}
EVENTS = frozenset(_READERS)
"""Those to choose when the endpoint is made at Stripe."""
