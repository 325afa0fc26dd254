"""What a person takes along of their cases, as plain values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from signoff.closing.models import Case
from signoff.closing.queries import lines_of


def closings_taken(cases: Sequence[Case], *, now: datetime) -> list[dict[str, Any]]:
    """What they asked for and said, and how far it is; drafts too (no query of its own)."""
    return [_closing(case, now) for case in cases]


def _closing(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "what": case.scope,
        "lines": [line.reference for line in lines_of(case)],
        "state": case.told(now).value,
        "reason": case.reason,
        "reason_in_your_words": case.reason_text,
        "contact": {
            "name": case.contact_name,
            "email": case.contact_email,
            "phone": case.contact_phone,
        },
        "begun_at": case.created_at.isoformat(),
        "sent_at": _iso(case.submitted_at),
        "decided_at": _iso(case.decided_at),
        "ended_at": _iso(case.ended_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
