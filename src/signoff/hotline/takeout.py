"""What a person takes along of their calls with us, and of callers who said they are them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from signoff.hotline.models import Call, Verification
from signoff.hotline.rules import Direction


def calls_taken(
    calls: Sequence[Call], names: Mapping[int | None, str], *, now: datetime
) -> list[dict[str, Any]]:
    """calls: of the person, each with its case. names: what customers see of our people, by id."""
    return [_call(row, names[row.agent_id], now) for row in calls]


def _call(row: Call, name: str, now: datetime) -> dict[str, Any]:
    ended_at = row.ended_at or (row.ends_at if row.ends_at <= now else None)
    return {
        "case": row.case.number if row.case else None,
        "began_by": "us" if row.direction == Direction.OURS.value else "the caller",
        "on_our_side": name,
        "began_at": row.started_at.isoformat(),
        "ended_at": _iso(ended_at),
        "ended_by": _ended_by(row, ended_at),
        "yes_said_at": _iso(row.confirmed_at),
        "no_said_at": _iso(row.denied_at),
    }


def _ended_by(row: Call, ended_at: datetime | None) -> str | None:
    """None: it goes on. Nobody pressed the button at the end: its time was over."""
    if ended_at is None:
        return None
    if row.denied_at is not None:
        return "your no"
    return "time" if ended_at == row.ends_at else "us"


def callers_taken(asked: Sequence[Verification]) -> list[dict[str, Any]]:
    """asked: of callers, each with its case. What they said was not kept; which of it was wrong
    nobody is told."""
    return [
        {
            "case": row.case.number if row.case else None,
            "asked_at": row.at.isoformat(),
            "asked_about": row.asked,
            "was_believed": row.passed,
        }
        for row in asked
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
