"""Refunds of Payment Intents (`pi_…`) and Charges (`ch_…`)."""

import contextlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import stripe
from moneyed import Money
from stripe import Refund
from stripe.params import RefundCreateParams, RefundListParams

from signoff.adapters.stripe.amounts import units
from signoff.adapters.stripe.problems import translated
from signoff.ports.errors import Permanent
from signoff.ports.payments import RefundAnswer, RefundState

_STATES = {
    "pending": RefundState.SENT,
    "requires_action": RefundState.SENT,
    "succeeded": RefundState.PAID,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_PAYMENT = re.compile(r"(pi|ch|py)_\w{1,250}")
_PAGE = 100
_CASE, _STEP = "signoff_case", "signoff_step"


class StripePayments:
    """Refunds at Stripe. Implements `ports.payments.Payments` and `ports.health.Reachable`.

    base_url: without a slash at its end. timeout: seconds for each answer.

    The client's own repeats are off: the saga repeats, and it asks before (`find_refund`).
    Stripe forgets an Idempotency-Key after 24 hours at the earliest, the metadata never.
    """

    def __init__(
        self, api_key: str, base_url: str = "https://api.stripe.com", timeout: float = 30.0
    ) -> None:
        self._host = urlsplit(base_url).netloc
        session = requests.Session()
        # An answer that comes twice on a kept connection would answer the next request.
        session.headers["Connection"] = "close"
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": base_url.rstrip("/")},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=timeout, session=session),
        )

    def ping(self) -> str:
        """Asks with the key; raises RemoteError."""
        with _typed():
            self._client.v1.refunds.list({"limit": 1})
        return f"Stripe at {self._host}"

    def refund(
        self, *, payment: str, amount: Money, key: str, case: str, step: str
    ) -> RefundAnswer:
        """See `ports.payments.Payments.refund`. One write, with `key` as Idempotency-Key.

        Raises Permanent also if the payment was made in another currency: Stripe takes a bare
        number, and would refund 100 yuan as 100 of whatever the payment was.
        """
        asked = units(amount)
        with _typed():
            paid_in = self._currency_of(payment)
            if paid_in.upper() != amount.currency.code:
                raise Permanent(
                    "payments",
                    f"the payment was made in {paid_in.upper()}, not in {amount.currency.code}",
                )
            params: RefundCreateParams = {"amount": asked, "metadata": {_CASE: case, _STEP: step}}
            if payment.startswith("pi_"):
                params["payment_intent"] = payment
            else:
                params["charge"] = payment
            return _answer(self._client.v1.refunds.create(params, {"idempotency_key": key}))

    def find_refund(self, *, payment: str, case: str, step: str) -> RefundAnswer | None:
        """See `ports.payments.Payments.find_refund`.

        A failed refund is the answer only if no other of the same step went through.
        """
        params: RefundListParams = {"limit": _PAGE}
        if _checked(payment).startswith("pi_"):
            params["payment_intent"] = payment
        else:
            params["charge"] = payment
        failed: RefundAnswer | None = None
        with _typed():
            for refund in self._client.v1.refunds.list(params).auto_paging_iter():
                metadata = refund.metadata.to_dict() if refund.metadata else {}
                if (metadata.get(_CASE), metadata.get(_STEP)) != (case, step):
                    continue
                answer = _answer(refund)
                if answer.state is not RefundState.FAILED:
                    return answer
                failed = failed or answer
        return failed

    def _currency_of(self, payment: str) -> str:
        """ISO 4217 code in lower case, as Stripe writes it."""
        if _checked(payment).startswith("pi_"):
            return self._client.v1.payment_intents.retrieve(payment).currency
        return self._client.v1.charges.retrieve(payment).currency


def _checked(payment: str) -> str:
    """It becomes a part of a URL. Raises Permanent."""
    if not _PAYMENT.fullmatch(payment):
        raise Permanent("payments", "the reference of the payment is not one of Stripe's")
    return payment


def _answer(refund: Refund) -> RefundAnswer:
    """Raises Permanent for what does not look like a refund."""
    try:
        return RefundAnswer(str(refund.id), _STATES[refund.status or ""])
    except (AttributeError, KeyError) as error:
        raise Permanent(
            "payments", "Stripe's answer is not a refund", raw=str(refund)[:500]
        ) from error


@contextlib.contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        raise translated(error) from error
    except (AttributeError, TypeError) as error:
        # The client trusts the shape of an answer, and stumbles over one that is not Stripe's.
        raise Permanent("payments", "Stripe's answer cannot be read", raw=repr(error)) from error
