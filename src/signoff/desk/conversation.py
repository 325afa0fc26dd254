"""What the desk shows of a conversation: what was written, and where an answer goes."""

from collections.abc import Sequence

from django.urls import reverse

from signoff.accounts.models import Account
from signoff.talk.conversations import About
from signoff.talk.models import Author, Message


def conversation_context(about: About, written: Sequence[Message]) -> dict[str, object]:
    """For `desk/conversation.html`. unread_written: messages of the customer nobody has seen.
    last_written: the newest of all on the page."""
    if isinstance(about, Account):
        write, read, place = "desk:write_account", "desk:read_account", str(about.pk)
    else:
        write, read, place = "desk:write", "desk:read_messages", about.number
    return {
        "messages_written": written,
        "unread_written": sum(
            message.author == Author.CUSTOMER and message.read_at is None for message in written
        ),
        "last_written": max((message.pk for message in written), default=0),
        "write_url": reverse(write, args=[place]),
        "read_url": reverse(read, args=[place]),
        "may_write": not isinstance(about, Account) or about.closed_at is None,
        "their_language": about.language,
    }
