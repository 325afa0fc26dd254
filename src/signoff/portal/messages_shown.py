"""What a customer and the desk wrote to each other, as the customer sees it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.portal.desk_names import names_of
from signoff.presentation import wording
from signoff.talk.conversations import About
from signoff.talk.models import Author, Message
from signoff.talk.queries import for_customer


@dataclass(frozen=True, slots=True)
class MessageShown:
    """who: empty for the customer's own. receipt: that, and when, the desk has read it."""

    id: int
    is_own: bool
    who: str
    text: str
    at: datetime
    receipt: str
    is_new: bool
    left_out: int
    was_cut: bool


def messages_shown(about: About) -> list[MessageShown]:
    """Oldest first (two queries). Of the staff a first name and what they are."""
    rows = for_customer(about)
    names = names_of(row.user for row in rows)
    return [_shown(row, names.get(row.user_id, "")) for row in rows]


def _shown(row: Message, who: str) -> MessageShown:
    is_own = row.author == Author.CUSTOMER
    return MessageShown(
        id=row.pk,
        is_own=is_own,
        who=who,
        text=row.text,
        at=row.at,
        receipt=_receipt(row) if is_own else "",
        is_new=not is_own and row.read_at is None,
        left_out=row.left_out,
        was_cut=row.was_cut,
    )


def _receipt(row: Message) -> str:
    """As short as it can be: the day only if it is another one than that of the message."""
    if row.read_at is None:
        return _("not read yet")
    read, sent = timezone.localtime(row.read_at), timezone.localtime(row.at)
    if read.date() == sent.date():
        return _("read %(time)s") % {"time": f"{read:%H:%M}"}
    return _("read %(moment)s") % {"moment": wording.moment(row.read_at)}


def mark_of(messages: Sequence[MessageShown]) -> str:
    """Names what is shown: changes when, and only when, there is something new to show."""
    parts = "\n".join(f"{m.id} {m.receipt} {m.is_new}" for m in messages)
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
