"""Is a row of a chain as it was written? One row at a time, beside the one before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from signoff.audit.rules import GENESIS, digest_of

COLUMNS = ("stream", "seq", "at", "event", "actor", "facts", "previous", "digest")
"""Of a row, in the order of `Link.of`."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it lies in the database."""

    stream: str
    seq: int
    at: datetime
    event: str
    actor: str
    facts: dict[str, Any]
    previous: str
    digest: str

    @classmethod
    def of(cls, values: tuple[Any, ...]) -> Self:
        """From the values of COLUMNS."""
        return cls(*values)


@dataclass(slots=True)
class End:
    """The last row of a chain that was looked at; none yet: 0 and GENESIS."""

    seq: int = 0
    digest: str = GENESIS


def fault(link: Link, end: End) -> str:
    """What is wrong with `link` as the row after `end`, in words; "" if nothing is."""
    if link.seq != end.seq + 1:
        return f"a gap before it: row {end.seq + 1} is missing"
    if link.previous != end.digest:
        return "it does not follow from the row before it"
    try:
        digest = digest_of(
            stream=link.stream,
            seq=link.seq,
            at=link.at,
            event=link.event,
            actor=link.actor,
            facts=link.facts,
            previous=link.previous,
        )
    except (TypeError, ValueError, AttributeError) as error:
        return f"it cannot be computed again: {error}"
    if digest != link.digest:
        return "its content was changed after it was written"
    return ""
