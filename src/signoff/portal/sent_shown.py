"""What we have sent to a customer: letters and SMS of the outbox, those of their cases and others."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from signoff.accounts.models import Account
from signoff.closing.queries import case_ids
from signoff.notice.models import Channel, Notice
from signoff.notice.queries import sent_about
from signoff.presentation.masking import masked_recipient
from signoff.settlement.disputes.queries import dispute_ids
from signoff.trust.sent import place_of

COMPARED = 300
"""So many of the newest are compared with what somebody pasted."""


@dataclass(frozen=True, slots=True)
class SentShown:
    """to: masked. subject: of a letter; an SMS has none. at: when it went out."""

    is_letter: bool
    to: str
    subject: str
    text: str
    at: datetime


def sent_to(account: Account) -> QuerySet[Notice]:
    """Newest first (two queries, and one for what is read of it)."""
    return sent_about(cases=case_ids(account), disputes=dispute_ids(account), account=account.pk)


def shown(row: Notice) -> SentShown:
    """A row of the outbox."""
    return SentShown(
        is_letter=row.channel == Channel.LETTER,
        to=masked_recipient(row.recipient),
        subject=row.subject,
        text=row.text,
        at=row.sent_at or row.created_at,
    )


def sent_like(account: Account, pasted: str) -> SentShown | None:
    """The message of ours that was pasted, whole or a longer part of it."""
    rows = list(sent_to(account)[:COMPARED])
    place = place_of(pasted, (f"{row.subject}\n{row.text}" for row in rows))
    if place is None:
        place = place_of(pasted, (row.text for row in rows))
    return None if place is None else shown(rows[place])
