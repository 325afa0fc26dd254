"""Is a row of a chain as it was written? One row at a time, beside the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from signoff.audit.rules import GENESIS, digest_of

COLUMNS = ("stream", "seq", "at_text", "event", "actor", "facts_text", "previous", "digest")
"""Of `streaming.rows_as_text`, in the order of `Link.of`."""


class Unreadable(ValueError):
    """A column holds what the product has never written there."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ in which of two same names counts: so there is no right digest either."""
    names = dict(pairs)
    if len(names) != len(pairs):
        raise Unreadable("a name stands twice in its facts")
    return names


_decode = json.JSONDecoder(object_pairs_hook=_each_once).decode


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it lies in the database: time and facts as text, which may be anything once somebody
    has been there."""

    stream: str
    seq: int
    at_text: str
    event: str
    actor: str
    facts_text: str
    previous: str
    digest: str

    @classmethod
    def of(cls, values: tuple[Any, ...]) -> Self:
        """From the values of COLUMNS."""
        return cls(*values)

    def at(self) -> datetime:
        """Aware; SQLite keeps UTC without saying so. Raises ValueError or TypeError."""
        at = datetime.fromisoformat(self.at_text)
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def facts(self) -> Mapping[str, Any]:
        """Raises ValueError (Unreadable is one), TypeError or RecursionError."""
        facts = _decode(self.facts_text)
        if not isinstance(facts, dict):
            raise Unreadable("its facts are no object")
        return facts


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
            at=link.at(),
            event=link.event,
            actor=link.actor,
            facts=link.facts(),
            previous=link.previous,
        )
    except (TypeError, ValueError, RecursionError) as error:
        return f"it cannot be computed again: {error}"
    if digest != link.digest:
        return "its content was changed after it was written"
    return ""
