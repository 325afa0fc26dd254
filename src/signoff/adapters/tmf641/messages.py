"""The parts of TMF641 v4.1 that we send and read."""

import enum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from signoff.ports.services import OrderState


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class ServiceRef(_Wire):
    """The service that the order is about, by its id in the inventory."""

    id: str


class Item(_Wire):
    """One thing to do. "delete" ends a service."""

    id: str
    action: Literal["delete"]
    service: ServiceRef


class NewOrder(_Wire):
    """ServiceOrder_Create. `external_id` is ours, and how we find the order again."""

    external_id: str
    description: str
    service_order_item: list[Item]
    at_type: str = Field(default="ServiceOrder", serialization_alias="@type")


class State(enum.Enum):
    """ServiceOrderStateType."""

    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    PENDING = "pending"
    HELD = "held"
    IN_PROGRESS = "inProgress"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"
    PARTIAL = "partial"
    ASSESSING_CANCELLATION = "assessingCancellation"
    PENDING_CANCELLATION = "pendingCancellation"


_ENDED_BADLY = {State.REJECTED, State.CANCELLED, State.FAILED, State.PARTIAL}


class Order(_Wire):
    """ServiceOrder. A new one may come without a state: then it is acknowledged (v4.1, part 1)."""

    id: str = Field(min_length=1)
    external_id: str | None = None
    state: State = State.ACKNOWLEDGED

    @property
    def outcome(self) -> OrderState:
        """What it means for us. "partial" of one item is a failure."""
        if self.state is State.COMPLETED:
            return OrderState.COMPLETED
        return OrderState.FAILED if self.state in _ENDED_BADLY else OrderState.IN_PROGRESS
