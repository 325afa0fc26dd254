"""Money that goes back the way it came."""

import enum
from dataclasses import dataclass
from typing import Protocol

from moneyed import Money


class RefundState(enum.Enum):
    """How far the payment service is with a refund."""

    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """`reference` is the payment service's own number of the refund."""

    reference: str
    state: RefundState


class Payments(Protocol):
    """Every method raises Temporary or Permanent."""

    def refund(
        self, *, payment: str, amount: Money, key: str, case: str, step: str
    ) -> RefundAnswer:
        """Refunds `amount` of the payment with reference `payment`, once for each `key`.

        `case` and `step` are kept as metadata at the remote, for `find_refund`.
        Raises Permanent if more is asked than is left of the payment.
        """

    def find_refund(self, *, payment: str, case: str, step: str) -> RefundAnswer | None:
        """The refund of this step, if the remote has one."""
