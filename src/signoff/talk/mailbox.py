"""Taking the mails with which customers answer our letters."""

import enum
from datetime import datetime

from django.db import IntegrityError

from signoff.kernel.errors import Refusal
from signoff.talk.addresses import found_at
from signoff.talk.conversations import About
from signoff.talk.incoming import Incoming, UnreadableMail, read
from signoff.talk.models import Message, Via
from signoff.talk.operations import from_customer


class MailOutcome(enum.Enum):
    """What became of a mail."""

    TAKEN = "taken"
    KNOWN = "known"
    EMPTY = "empty"
    AUTOMATIC = "automatic"
    NOBODY = "nobody"
    TOO_MANY = "too_many"
    UNREADABLE = "unreadable"


def take_mail(*, content: bytes, recipient: str, now: datetime) -> MailOutcome:
    """Adds a customer's mail to the conversation whose address it was sent to.

    recipient: the address that the mail server delivers to; empty: as the mail itself says.
    Nothing of the mail leads to a conversation but the signed address, and attachments are left
    out.
    """
    try:
        mail = read(content)
    except UnreadableMail:
        return MailOutcome.UNREADABLE
    about = _meant(mail, recipient, now)
    if about is None:
        return MailOutcome.NOBODY
    return MailOutcome.AUTOMATIC if mail.is_automatic else _keep(about, mail, now)


def _meant(mail: Incoming, recipient: str, now: datetime) -> About | None:
    """None, too, for a mail to several conversations: which one did they mean?"""
    addresses = [recipient] if recipient else mail.recipients
    found = {one for address in addresses if (one := found_at(address, now)) is not None}
    return found.pop() if len(found) == 1 else None


def _keep(about: About, mail: Incoming, now: datetime) -> MailOutcome:
    if not mail.text and not mail.left_out:
        return MailOutcome.EMPTY
    if Message.objects.filter(mail_key=mail.key).exists():
        return MailOutcome.KNOWN
    try:
        from_customer(about=about, words=mail.text, now=now, via=Via.MAIL, mail=mail)
    except IntegrityError:
        return MailOutcome.KNOWN
    except Refusal:
        return MailOutcome.TOO_MANY
    return MailOutcome.TAKEN
