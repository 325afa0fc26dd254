"""Is every entry of the journal still what the database would let in?

All of it is read and judged again, without the database's own arithmetic: a row that was changed
while the triggers were away is found, unless the change made a balanced entry of the same size.
"""

from collections.abc import Callable
from dataclasses import dataclass

from signoff.journal import queries
from signoff.journal.rules import fault


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was read, and how much of it is not right."""

    entries: int
    postings: int
    broken: int


def verify(tell: Callable[[str, str], None]) -> Verification:
    """Read the whole journal; `tell` is called with the cause of each bad entry and its fault."""
    entries, postings, broken = 0, 0, 0
    for entry in queries.booked():
        entries += 1
        postings += len(entry.postings)
        wrong = fault(entry)
        if wrong:
            broken += 1
            tell(entry.cause, wrong)
    return Verification(entries, postings, broken)
