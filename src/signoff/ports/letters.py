"""Electronic mail."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. `media_type` like "application/json"."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """`message_id` as in RFC 5322 section 3.6.4, with the angle brackets."""

    message_id: str


class Letters(Protocol):
    """Every method raises Temporary or Permanent."""

    def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        key: str,
        attachments: tuple[Attachment, ...] = (),
        reply_to: str = "",
    ) -> LetterReceipt:
        """Hands one letter to the mail server. reply_to: an address for answers, if not the sender.

        SMTP cannot be asked whether a lost answer was a yes. So the Message-ID is made from
        `key`: who repeats sends the same Message-ID, and mailboxes show one letter.
        """
