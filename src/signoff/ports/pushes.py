"""Messages to a browser that asked for them, through the service of whoever made it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from signoff.ports.errors import Permanent


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser gave us (Push API, PushSubscription): where, and for whom to seal.

    public_key: 65 bytes, an uncompressed point of P-256; secret: 16 bytes (RFC 8291 section 2).
    """

    endpoint: str = field(repr=False)
    public_key: bytes = field(repr=False)
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PushReceipt:
    """`message`: the path under which the service keeps the message, if it says so."""

    message: str


class Gone(Permanent):
    """The browser takes no messages any more: switched off, or thrown away. Not a fault."""


class Pushes(Protocol):
    """Every method raises Temporary, Permanent, or Gone."""

    def send(self, *, to: Browser, text: bytes, topic: str, now: datetime) -> PushReceipt:
        """Seals `text` (up to 3,900 bytes) for the browser and hands it to its push service.

        topic: up to 32 letters and digits; a message that is still waiting there is replaced by
        the next of its topic (RFC 8030 section 5.4), so that a repeat shows once.
        """
