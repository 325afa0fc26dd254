"""Does the record still say what was written?

Every row is computed again from its own columns and compared with its digest and its neighbours.
A changed, inserted or removed row is found. What cannot be found from the table alone is a chain
whose newest rows, or a stream whose rows, are all gone: that needs a copy kept elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from signoff.audit.models import AuditRow
from signoff.audit.rules import GENESIS, digest_of

BATCH = 2000
"""Rows held in memory at a time."""

_COLUMNS = ("stream", "seq", "at", "event", "actor", "facts", "previous", "digest")


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """The first row of a chain that is not as it was written."""

    stream: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """rows, streams: how much was read. broken: at most one a stream, in the order of streams."""

    rows: int
    streams: int
    broken: tuple[BrokenRow, ...]


def verify() -> Verification:
    """Walk all chains."""
    rows, streams = 0, 0
    broken: list[BrokenRow] = []
    stream, seq, previous = None, 0, GENESIS
    for row in _rows():
        rows += 1
        if row["stream"] != stream:
            stream, seq, previous = row["stream"], 0, GENESIS
            streams += 1
        elif broken and broken[-1].stream == stream:
            continue
        fault = _fault(row, seq + 1, previous)
        if fault:
            broken.append(BrokenRow(row["stream"], row["seq"], fault))
        seq, previous = row["seq"], row["digest"]
    return Verification(rows, streams, tuple(broken))


def _rows() -> Iterator[dict[str, Any]]:
    rows = AuditRow.objects.order_by("stream", "seq").values(*_COLUMNS)
    yield from rows.iterator(chunk_size=BATCH)


def _fault(row: dict[str, Any], seq: int, previous: str) -> str:
    """What is wrong with `row`, in words; "" if nothing is."""
    if row["seq"] != seq:
        return f"a gap before it: row {seq} is missing"
    if row["previous"] != previous:
        return "it does not follow from the row before it"
    columns = {name: value for name, value in row.items() if name != "digest"}
    try:
        digest = digest_of(**columns)
    except (TypeError, ValueError) as error:
        return f"it cannot be computed again: {error}"
    if digest != row["digest"]:
        return "its content was changed after it was written"
    return ""
