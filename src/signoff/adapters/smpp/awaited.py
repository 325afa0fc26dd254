"""Which receipt is whose: the message that a call waits for, and those whose end is known."""

import collections
import threading
from dataclasses import dataclass

from signoff.adapters.smpp import receipts
from signoff.adapters.smpp.receipts import MessageState, Receipt

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class AwaitedMessage:
    """What we look for among receipts. `message_id` is None until the SMSC has told it."""

    number: str
    reference: int
    message_id: str | None

    def is_meant_by(self, receipt: Receipt) -> bool:
        """By its id if both sides know one; else by reference and destination.

        The receipt of a message that was replaced carries our reference too, with the state
        "deleted": that is not the end of the message which replaced it.
        """
        if self.message_id and receipt.message_id:
            return receipts.same_id(self.message_id, receipt.message_id)
        return (
            receipt.reference == self.reference
            and receipt.number == self.number
            and receipt.state is not MessageState.DELETED
        )


class FinishedMessages:
    """Ids of messages whose end is known, for all threads; the last `REMEMBERED` of them.

    Where `query_sm` told it, the receipt is still to come: a later session may let it go.
    """

    def __init__(self) -> None:
        self._ids: collections.OrderedDict[str, None] = collections.OrderedDict()
        self._lock = threading.Lock()

    def add(self, message_id: str) -> None:
        """Forgets the oldest when there are too many."""
        with self._lock:
            self._ids[message_id] = None
            while len(self._ids) > REMEMBERED:
                self._ids.popitem(last=False)

    def __contains__(self, message_id: str | None) -> bool:
        with self._lock:
            return message_id in self._ids
