"""What a person takes along of the letters and SMS that we sent them, as plain values."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from signoff.notice.models import Channel, Notice


def notices_taken(notices: Iterable[Notice], cases: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """notices: that were sent to the person. cases: numbers of the person's cases by their id."""
    return [_notice(row, cases) for row in notices]


def _notice(row: Notice, cases: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "case": cases.get(row.case) if row.case else None,
        "by": "e-mail" if row.channel == Channel.LETTER else "SMS",
        "to": row.recipient,
        "subject": row.subject or None,
        "text": row.text,
        "sent_at": (row.sent_at or row.created_at).isoformat(),
    }
