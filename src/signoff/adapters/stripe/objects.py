"""What Stripe says of pages, payments and refunds, in answers and in events alike. Pure.

Source: docs.stripe.com/api (checkout/sessions/object, payment_intents/object, refunds/object).
Fields that we have no use for are passed over: a newer version of the API may add some.
"""

from typing import Annotated, Self

from moneyed import Money
from pydantic import BaseModel, ConfigDict, Field

from signoff.adapters.stripe.amounts import money
from signoff.ports.payments import PaymentPage, PaymentState, RefundState

SUBJECT = "signoff_subject"
CASE, STEP, ATTEMPT = "signoff_case", "signoff_step", "signoff_attempt"

REFUND_STATES = {
    "pending": RefundState.SENT,
    "requires_action": RefundState.SENT,
    "succeeded": RefundState.PAID,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "sepa_debit": "SEPA",
    "wechat_pay": "WeChat Pay",
}
_Units = Annotated[int, Field(ge=0, le=10**12)]
"""Stripe's own largest is 99,999,999; what is far above is no amount."""
_DEAD_INTENTS = {"requires_payment_method", "canceled"}


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Numbered(_Wire):
    brand: str | None = None
    last4: str | None = Field(default=None, max_length=4)


class Method(_Wire):
    """How somebody paid: a payment method, or the details of it in a charge."""

    type: str = ""
    card: _Numbered | None = None
    sepa_debit: _Numbered | None = None

    @property
    def words(self) -> str:
        """Like "Visa ···· 4242" or "Alipay". Names of brands, so the same in every language."""
        part = self.card or self.sepa_debit or _Numbered()
        brand = part.brand or self.type
        name = _BRANDS.get(brand, brand.replace("_", " ").capitalize())
        return f"{name} ···· {part.last4}" if part.last4 else name


class _Charge(_Wire):
    id: str
    payment_method_details: Method | None = None


class _Trouble(_Wire):
    code: str | None = None
    decline_code: str | None = None
    payment_method: Method | None = None


class Intent(_Wire):
    """A payment."""

    id: str
    amount: _Units
    currency: str
    status: str = ""
    metadata: dict[str, str] | None = None
    latest_charge: _Charge | str | None = None
    last_payment_error: _Trouble | None = None

    @property
    def method(self) -> str:
        """Known only if the charge came with it, or after a declined try."""
        if isinstance(self.latest_charge, _Charge) and self.latest_charge.payment_method_details:
            return self.latest_charge.payment_method_details.words
        tried = self.last_payment_error and self.last_payment_error.payment_method
        return tried.words if tried else ""

    @property
    def failure(self) -> str:
        """The most telling code of the last try."""
        trouble = self.last_payment_error or _Trouble()
        return trouble.decline_code or trouble.code or ""


class Session(_Wire):
    """A payment page. Stripe calls it a Checkout Session."""

    id: str
    status: str
    payment_status: str
    url: str | None = None
    amount_total: _Units | None = None
    currency: str | None = None
    client_reference_id: str | None = None
    metadata: dict[str, str] | None = None
    payment_intent: Intent | str | None = None

    @classmethod
    def of(cls, wire: object) -> Self:
        """Raises pydantic.ValidationError."""
        return cls.model_validate(wire)

    @property
    def amount(self) -> Money | None:
        """Raises InvalidValue for a currency that nobody knows."""
        if self.amount_total is None or self.currency is None:
            return None
        return money(self.amount_total, self.currency)

    @property
    def subject(self) -> str:
        """What `start_payment` was given; "" for a page that somebody else made."""
        return self.client_reference_id or (self.metadata or {}).get(SUBJECT, "")

    @property
    def state(self) -> PaymentState:
        """`complete` says only that the customer is done: the money may still be under way."""
        intent = self.payment_intent if isinstance(self.payment_intent, Intent) else None
        if self.status == "expired":
            return PaymentState.EXPIRED
        if self.status == "complete":
            if self.payment_status in ("paid", "no_payment_required"):
                return PaymentState.PAID
            if intent and intent.status in _DEAD_INTENTS:
                return PaymentState.FAILED
        return PaymentState.OPEN

    @property
    def paid_by(self) -> str:
        """The payment, or ""; a page that is open may have one that was declined."""
        intent = self.payment_intent
        reference = intent.id if isinstance(intent, Intent) else intent
        return reference or "" if self.state is PaymentState.PAID else ""

    @property
    def page(self) -> PaymentPage:
        """As the port says it."""
        paid = self.state is PaymentState.PAID
        intent = self.payment_intent
        return PaymentPage(
            reference=self.id,
            url=(self.url or "") if self.status == "open" else "",
            state=self.state,
            amount=self.amount,
            subject=self.subject,
            paid_by=self.paid_by,
            method=intent.method if paid and isinstance(intent, Intent) else "",
        )


class Refund(_Wire):
    """Money on its way back."""

    id: str
    amount: _Units
    currency: str
    status: str | None = None
    failure_reason: str | None = None
    metadata: dict[str, str] | None = None
    payment_intent: str | None = None
    charge: str | None = None

    @property
    def state(self) -> RefundState:
        """Raises KeyError for a state that Stripe did not have when this was written."""
        return REFUND_STATES[self.status or ""]

    @property
    def failure(self) -> str:
        """The reason as Stripe's code; a cancelled refund has none but that."""
        if self.state is not RefundState.FAILED:
            return ""
        return self.failure_reason or ("canceled" if self.status == "canceled" else "unknown")

    @property
    def made_for(self) -> tuple[str, str, int]:
        """Case, step, attempt; ("", "", 1) for a refund that is not ours."""
        kept = self.metadata or {}
        attempt = kept.get(ATTEMPT, "1")
        number = int(attempt) if attempt.isascii() and attempt.isdigit() else 0
        return kept.get(CASE, ""), kept.get(STEP, ""), number
