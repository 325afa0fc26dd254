"""Refunds of Payment Intents (`pi_…`) and Charges (`ch_…`)."""

import re

from moneyed import Money
from stripe.params import RefundCreateParams, RefundListParams

from signoff.adapters.stripe.amounts import units
from signoff.adapters.stripe.connection import StripeConnection, typed
from signoff.adapters.stripe.objects import ATTEMPT, CASE, STEP, Refund
from signoff.ports.errors import Permanent
from signoff.ports.payments import RefundAnswer, RefundState

_PAYMENT = re.compile(r"(pi|ch|py)_\w{1,250}", re.ASCII)
_PAGE = 100


class StripeRefunds(StripeConnection):
    """The part of `ports.payments.Payments` that gives money back."""

    def refund(
        self, *, payment: str, amount: Money, key: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer:
        """See `ports.payments.Payments.refund`. One write, with `key` as Idempotency-Key.

        Raises Permanent also if the payment was made in another currency: Stripe takes a bare
        number, and would refund 100 yuan as 100 of whatever the payment was.
        """
        asked = units(amount)
        with typed():
            paid_in = self._currency_of(payment)
            if paid_in.upper() != amount.currency.code:
                raise Permanent(
                    "payments",
                    f"the payment was made in {paid_in.upper()}, not in {amount.currency.code}",
                )
            params: RefundCreateParams = {
                "amount": asked,
                "metadata": _metadata(case, step, attempt),
            }
            if payment.startswith("pi_"):
                params["payment_intent"] = payment
            else:
                params["charge"] = payment
            made = self._client.v1.refunds.create(params, {"idempotency_key": key})
            return _answer(Refund.model_validate(made.to_dict()))

    def find_refund(
        self, *, payment: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer | None:
        """See `ports.payments.Payments.find_refund`.

        A failed refund is the answer only if no other of the same attempt went through.
        """
        params: RefundListParams = {"limit": _PAGE}
        if _checked(payment).startswith("pi_"):
            params["payment_intent"] = payment
        else:
            params["charge"] = payment
        failed: RefundAnswer | None = None
        with typed():
            for row in self._client.v1.refunds.list(params).auto_paging_iter():
                refund = Refund.model_validate(row.to_dict())
                if refund.made_for != (case, step, attempt):
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


def _metadata(case: str, step: str, attempt: int) -> dict[str, str]:
    """The first attempt goes without its number, as it did before there was a second."""
    kept = {CASE: case, STEP: step}
    return kept if attempt == 1 else kept | {ATTEMPT: str(attempt)}


def _checked(payment: str) -> str:
    """It becomes a part of a URL. Raises Permanent."""
    if not _PAYMENT.fullmatch(payment):
        raise Permanent("payments", "the reference of the payment is not one of Stripe's")
    return payment


def _answer(refund: Refund) -> RefundAnswer:
    return RefundAnswer(refund.id, refund.state, refund.failure)
