"""Money that goes back the way it came, and money that is still to come in."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moneyed import Money


class RefundState(enum.Enum):
    """How far the payment service is with a refund."""

    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """`reference` is the payment service's own number of the refund.

    failure: why a failed one failed, as the service's own code (Stripe: `failure_reason`, like
    `expired_or_canceled_card`); "" if it did not fail or nobody says.
    """

    reference: str
    state: RefundState
    failure: str = ""


class PaymentState(enum.Enum):
    """How far a payment is that a customer makes on the payment service's page.

    OPEN: nothing is decided: not tried, tried and declined, or under way at a slow bank.
    PAID, FAILED, EXPIRED: for good. A page that failed or expired takes no money any more.
    """

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """A page of the payment service on which one amount can be paid once.

    reference: the service's number of the page.
    url: where the customer goes; "" when there is nothing to do there any more.
    amount: what is, or was, to be paid; None if the service does not say.
    subject: the opaque reference that it was started with.
    paid_by: reference of the payment, once there is one; what `Payments.refund` takes.
    method: how it was paid, in the service's words, like "Visa ···· 4242"; "" if not known.
    """

    reference: str
    url: str
    state: PaymentState
    amount: Money | None = None
    subject: str = ""
    paid_by: str = ""
    method: str = ""


class Payments(Protocol):
    """Every method raises Temporary or Permanent."""

    def refund(
        self, *, payment: str, amount: Money, key: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer:
        """Refunds `amount` of the payment with reference `payment`, once for each `key`.

        `case`, `step` and `attempt` are kept as metadata at the remote, for `find_refund`. A
        further attempt has its own key, and is made only after the one before is FAILED.
        Raises Permanent if more is asked than is left of the payment.
        """

    def find_refund(
        self, *, payment: str, case: str, step: str, attempt: int = 1
    ) -> RefundAnswer | None:
        """The refund of this attempt of this step, if the remote has one; never another's."""

    def start_payment(
        self,
        *,
        amount: Money,
        key: str,
        subject: str,
        return_url: str,
        language: str,
        title: str = "Amount due",
    ) -> PaymentPage:
        """Makes a page on which `amount` can be paid, once for each `key`.

        subject: an opaque reference of ours (the payment's UUID), never personal data.
        return_url: where the page leads back to, paid or not; it proves nothing: ask `payment`.
        language: BCP 47, like zh-hans. title: what is paid, in that language, as the page says it.

        The same key with the same arguments gives the same page, for 24 hours at Stripe. After
        a lost answer that is older, ask `find_payment` first.
        Raises Permanent for an amount that the service does not take, such as one too small.
        """

    def payment(self, reference: str) -> PaymentPage:
        """How the page stands now: after a lost answer or a lost notification."""

    def find_payment(self, *, subject: str, since: datetime) -> PaymentPage | None:
        """The newest page of `subject`, if one was made at `since` or later.

        Stripe has no look-up by our reference, so this reads its list of pages since then, a
        hundred an answer: give the moment at which the payment was first asked for.
        """

    def cancel_payment(self, reference: str) -> PaymentPage:
        """Closes the page, so that nothing can be paid on it any more, and says how it stands.

        Closed already is success. Look at the answer: it is PAID if the customer was faster.
        """
