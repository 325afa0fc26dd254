"""Does the record still say what was written?

Every row is computed again from its own columns and compared with its digest, its neighbours and
the checkpoint that covers it. A changed, inserted or removed row is found, and so is a chain whose
newest rows, or whose rows, are all gone: a checkpoint names them. What cannot be found from the
database alone is the removal of the newest checkpoints together with everything that they cover:
that needs a copy kept elsewhere, like an export.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Subquery

from signoff.audit import verified_openings
from signoff.audit.links import COLUMNS, End, Link, fault
from signoff.audit.models import AuditRow, Checkpoint, CheckpointHead, Growth
from signoff.audit.streaming import BATCH, rows_as_text, streaming
from signoff.audit.verified_checkpoints import CHECKPOINTS, first_fault

_MOST = 500
"""Chains asked for in one query."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """The first row of a chain that is not as it was written; in `CHECKPOINTS`, a checkpoint."""

    stream: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """rows, streams, checkpoints: how much was read. covered: rows that a checkpoint covers.
    broken: at most one a chain; checkpoints first, then in the order in which it was noticed."""

    rows: int
    streams: int
    checkpoints: int
    covered: int
    broken: tuple[BrokenRow, ...]


def verify(*, trusted: Collection[str] = ()) -> Verification:
    """Walk all checkpoints and all chains.

    trusted: fingerprints of the keys whose checkpoints are ours; without any, none is believed.
    """
    newest = Checkpoint.objects.order_by("-number").values_list("number", "rows").first()
    upto, covered = newest or (0, 0)
    broken: dict[str, BrokenRow] = {}
    with streaming():
        found = first_fault(trusted=trusted, upto=upto)
        if found:
            broken[CHECKPOINTS] = BrokenRow(CHECKPOINTS, *found)
        walk = _Walk(upto, broken)
        walk.run()
        _notice_removed(upto, broken)
        _notice_not_waiting(walk.uncovered, broken)
        for stream, seq, what in verified_openings.faults():
            found_now = BrokenRow(stream, seq, what)
            broken[stream] = _first(broken.get(stream, found_now), found_now)
    return Verification(walk.rows, walk.streams, upto, covered, tuple(broken.values()))


def _first(known: BrokenRow, other: BrokenRow) -> BrokenRow:
    try:
        return min(known, other, key=lambda row: row.seq)
    except TypeError:  # SQLite keeps a text in a column of numbers
        return known


class _Walk:
    """All rows in the order of chains, one in memory at a time.

    uncovered: chains that have grown since checkpoint `upto`, and their last place.
    """

    def __init__(self, upto: int, broken: dict[str, BrokenRow]) -> None:
        self.rows, self.streams = 0, 0
        self.uncovered: dict[str, int] = {}
        self._upto, self._broken = upto, broken
        self._stream, self._end, self._covered = "", End(), 0

    def run(self) -> None:
        for values in self._read():
            self._look_at(Link.of(values[:-1]), values[-1])
        self._leave()

    def _read(self) -> Iterator[tuple[Any, ...]]:
        """The columns of each row, and the digest by which a checkpoint knows it, if one does."""
        head = CheckpointHead.objects.filter(
            stream=OuterRef("stream"), seq=OuterRef("seq"), checkpoint__lte=self._upto
        )
        rows = rows_as_text().order_by("stream", "seq")
        if self._upto:
            rows = rows.annotate(known=Subquery(head.values("digest")[:1]))
        names = (*COLUMNS, "known") if self._upto else COLUMNS
        for values in rows.values_list(*names).iterator(chunk_size=BATCH):
            yield values if self._upto else (*values, None)

    def _look_at(self, link: Link, known: str | None) -> None:
        self.rows += 1
        if link.stream != self._stream or not self.streams:
            self._leave()
            self._stream, self._end, self._covered = link.stream, End(), 0
            self.streams += 1
        elif link.stream in self._broken:
            return
        wrong = fault(link, self._end)
        if not wrong and known is not None and known != link.digest:
            wrong = "it, or a row before it, was written anew after a checkpoint had covered it"
        if wrong:
            self._broken[link.stream] = BrokenRow(link.stream, link.seq, wrong)
        if known is not None:
            self._covered = link.seq
        self._end = End(link.seq, link.digest)

    def _leave(self) -> None:
        """The chain has ended."""
        if self._stream not in self._broken and self._end.seq > self._covered:
            self.uncovered[self._stream] = self._end.seq


def _notice_removed(upto: int, broken: dict[str, BrokenRow]) -> None:
    """Rows that a checkpoint knows and that are not there."""
    row = AuditRow.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq"))
    removed = CheckpointHead.objects.filter(~Exists(row), checkpoint__lte=upto)
    places = removed.order_by("stream", "seq").values_list("stream", "seq", "checkpoint")
    for stream, seq, number in places.iterator(chunk_size=BATCH):
        if stream not in broken:
            last = AuditRow.objects.filter(stream=stream).aggregate(last=Max("seq"))["last"] or 0
            what = f"it is missing, and all up to row {seq} that checkpoint {number} covers"
            broken[stream] = BrokenRow(stream, min(last + 1, seq), what)


def _notice_not_waiting(uncovered: dict[str, int], broken: dict[str, BrokenRow]) -> None:
    """Rows that no checkpoint covers and that do not wait for one: a checkpoint was removed.

    First who waits, then who is covered: a checkpoint that is made just now leaves no gap.
    """
    streams = list(uncovered)
    for place in range(0, len(streams), _MOST):
        some = streams[place : place + _MOST]
        fine = set(Growth.objects.filter(stream__in=some).values_list("stream", flat=True))
        heads = CheckpointHead.objects.filter(stream__in=some).values_list("stream")
        ends = dict(heads.annotate(end=Max("seq")))
        for stream in some:
            if stream not in fine and ends.get(stream, 0) < uncovered[stream]:
                what = "no checkpoint covers it, and it does not wait for one: one was removed"
                broken[stream] = BrokenRow(stream, uncovered[stream], what)
