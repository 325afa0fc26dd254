"""Orders to end services linked to a line: voice mail, roaming packs, subscriptions."""

import enum
from dataclasses import dataclass
from typing import Protocol


class OrderState(enum.Enum):
    """State of a service order (TM Forum TMF641 v4.1), as far as we tell them apart."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """`reference` is the order's id at the remote."""

    reference: str
    state: OrderState


class ServiceOrders(Protocol):
    """Every method raises Temporary or Permanent."""

    def cease(self, *, service: str, key: str) -> OrderAnswer:
        """Orders the end of the service with the id `service`, once for each `key`."""

    def find_order(self, *, key: str) -> OrderAnswer | None:
        """The order made with `key`, if the remote has one."""
