"""Text messages to a telephone number (SMSC)."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from signoff.kernel.identifiers import Msisdn


class Delivery(enum.Enum):
    """What the SMSC's delivery receipt says (SMPP 3.4 section 5.2.28, message_state)."""

    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class TextReceipt:
    """`message_id` is the SMSC's own."""

    message_id: str
    delivery: Delivery


class TextMessages(Protocol):
    """Every method raises Temporary or Permanent."""

    def send(
        self,
        *,
        to: Msisdn,
        text: str,
        key: str,
        message_id: str | None,
        accepted: Callable[[str], None],
        may_repeat: bool = True,
    ) -> TextReceipt:
        """Sends once and waits for the delivery receipt.

        `accepted(message_id)` is called as soon as the SMSC has taken the message; who repeats
        after a crash gives that `message_id` back and the SMSC is asked, nothing is sent. Without
        it the receipts that wait at the SMSC are read first (they carry a reference made from
        `key`), and a message that is still on its way is replaced, not doubled. Who knows that no
        earlier try with this `key` has begun says so with `may_repeat` False: nothing is read first.

        Raises Temporary while the message is accepted but not yet delivered.
        """
