"""What a person takes along of what they and the desk wrote to each other, as plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

from signoff.talk.models import Author, Message


def messages_taken(
    messages: Sequence[Message], names: Mapping[int | None, str]
) -> list[dict[str, Any]]:
    """messages: of the person, each with its case; no tickets: these are notes of the desk's own.

    names: what customers see of the staff who wrote, by id. Nothing else of the staff is in it.
    """
    return [_message(row, names.get(row.user_id, "")) for row in messages]


def _message(row: Message, name: str) -> dict[str, Any]:
    is_own = row.author == Author.CUSTOMER
    return {
        "case": row.case.number if row.case else None,
        "from": "you" if is_own else "us",
        "written_by": None if is_own else name,
        "by": row.via,
        "written_at": row.at.isoformat(),
        "read_at": row.read_at.isoformat() if row.read_at else None,
        "text": row.text,
        "attachments_not_kept": row.left_out,
        "was_cut": row.was_cut,
    }
