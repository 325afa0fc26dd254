"""How a link of the chain is made. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""What the first row of a chain, and the first checkpoint, name as their previous one."""

LARGEST = 2**53 - 1
"""RFC 8785 writes numbers as JavaScript does: beyond this two integers would look the same."""

Facts = Mapping[str, str | int | bool | None]
"""Flat, and without personal data: a chain is never erased."""

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON (RFC 8785) of what the record has: objects with names in ASCII, strings,
    lists, booleans, null, and integers up to LARGEST.

    In this small part of JSON the standard library writes the same bytes as the RFC wants, five
    times faster than the general encoder; a property test compares the two. What is outside of
    this part must not come here: `check_facts` refuses it.

    Raises UnicodeEncodeError (a ValueError) for half a surrogate pair.
    """
    return _encode(value).encode()


def check_facts(facts: Facts) -> None:
    """Raises TypeError for a float or anything nested, ValueError for a name that is not in ASCII
    or a number beyond LARGEST."""
    for name, value in facts.items():
        if not isinstance(name, str) or not name.isascii():
            raise ValueError("the name of a fact is in ASCII")
        if isinstance(value, int):
            if abs(value) > LARGEST:
                raise ValueError(f"the fact {name} is too large a number")
        elif value is not None and not isinstance(value, str):
            raise TypeError(f"the fact {name} is neither text, integer, truth nor nothing")


def row_as_json(
    *, stream: str, seq: int, at: datetime, event: str, actor: str, facts: Facts, previous: str
) -> dict[str, Any]:
    """What is hashed, and what an export shows.

    `at` is aware and counted in UTC, so that the time zone a database answers in changes nothing.
    """
    return {
        "stream": stream,
        "seq": seq,
        "at": moment(at),
        "event": event,
        "actor": actor,
        "facts": dict(facts),
        "previous": previous,
    }


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, always with six digits of a second."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical_row(
    *, stream: str, seq: int, at: datetime, event: str, actor: str, facts: Facts, previous: str
) -> bytes:
    """The bytes whose SHA-256 is the row's digest. Raises as `canonical`.

    The facts are checked when they are recorded, not here: what somebody put into the database in
    their place has another digest in any case.
    """
    return canonical(
        row_as_json(
            stream=stream,
            seq=seq,
            at=at,
            event=event,
            actor=actor,
            facts=facts,
            previous=previous,
        )
    )


def digest_of(
    *, stream: str, seq: int, at: datetime, event: str, actor: str, facts: Facts, previous: str
) -> str:
    """SHA-256 of the row in canonical JSON (RFC 8785), in hexadecimal. Raises as `canonical_row`."""
    row = canonical_row(
        stream=stream, seq=seq, at=at, event=event, actor=actor, facts=facts, previous=previous
    )
    return hashlib.sha256(row).hexdigest()
