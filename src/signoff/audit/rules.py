"""How a link of the chain is made. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What the first row of a chain names as its previous one."""

Facts = Mapping[str, str | int | bool | None]
"""Flat, and without personal data: a chain is never erased."""


def digest_of(
    *, stream: str, seq: int, at: datetime, event: str, actor: str, facts: Facts, previous: str
) -> str:
    """SHA-256 of the row in canonical JSON (RFC 8785), in hexadecimal.

    `at` is aware and counted in UTC, so that the time zone a database answers in changes nothing.
    """
    row: dict[str, Any] = {
        "stream": stream,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "event": event,
        "actor": actor,
        "facts": dict(facts),
        "previous": previous,
    }
    return hashlib.sha256(rfc8785.dumps(row)).hexdigest()
