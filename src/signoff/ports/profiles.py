"""The order of an eSIM profile at the SM-DP+ (GSMA SGP.22 v2.5 section 5.3, ES2+)."""

import enum
from dataclasses import dataclass
from typing import Protocol

from signoff.kernel.identifiers import Eid, Iccid


class Withdrawal(enum.Enum):
    """How an order to withdraw a profile ended."""

    WITHDRAWN = "withdrawn"
    ALREADY_WITHDRAWN = "already_withdrawn"
    DOWNLOADED = "downloaded"
    """The profile is on a device: only the device can remove it, and we only observe that."""


@dataclass(frozen=True, slots=True)
class WithdrawalAnswer:
    """`function_call_identifier` is what the SM-DP+ logs show for this call."""

    outcome: Withdrawal
    function_call_identifier: str


class ProfileOrders(Protocol):
    """Every method raises Temporary or Permanent."""

    def withdraw(
        self, *, iccid: Iccid, eid: Eid | None, matching_id: str, key: str
    ) -> WithdrawalAnswer:
        """cancelOrder with finalProfileStatusIndicator Unavailable. May be repeated."""
