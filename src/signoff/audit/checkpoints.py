"""Making checkpoints: signed statements of how far the record had come.

A checkpoint covers the chains that grew since the one before, by the committed rows it sees. A row
of a slower transaction is not seen, and neither is its entry in `Growth`, which the trigger wrote
in that same transaction: so it waits for the next checkpoint, whatever number the database gave it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery

from signoff.audit import seals, tree
from signoff.audit.links import COLUMNS, End, Link, fault
from signoff.audit.models import Checkpoint, CheckpointHead, Growth
from signoff.audit.rules import GENESIS
from signoff.audit.streaming import rows_as_text
from signoff.kernel.errors import Conflict, SignoffError

LIMIT = 2000
"""Rows that one checkpoint takes from those that wait: on SQLite nobody else can write meanwhile.
What is left goes into the next, which follows at once."""


_AT_ONCE = 50
"""Chains whose rows are asked for in one query."""


class StrangeCheckpoint(SignoffError):
    """The last checkpoint is not signed by us: nothing may be built on it before a person looked."""


@dataclass(frozen=True, slots=True)
class Made:
    """checkpoint: None if nothing could be covered. left_out: chains that are broken after the
    last checkpoint; they go on waiting, and `verify` says where they broke. is_full: it took LIMIT
    rows, so that more may wait."""

    checkpoint: Checkpoint | None
    left_out: tuple[str, ...]
    is_full: bool


def make_all(*, key: Ed25519PrivateKey, trusted: Collection[str], now: datetime) -> list[Made]:
    """As many checkpoints as it takes to cover what waits now. Raises as `make` does."""
    waiting = Growth.objects.count()
    return [make(key=key, trusted=trusted, now=now) for _ in range(0, waiting, LIMIT)]


def make(*, key: Ed25519PrivateKey, trusted: Collection[str], now: datetime) -> Made:
    """Covers the rows that wait, up to LIMIT of them, in one transaction.

    trusted: fingerprints of the keys, beside `key`, whose checkpoints are ours.

    Raises Conflict if another process made a checkpoint meanwhile: then nothing is written.
    Raises StrangeCheckpoint.
    """
    public_key = seals.public_hex(key.public_key())
    ours = {*trusted, seals.key_id_of(public_key)}
    with transaction.atomic():
        entries = _take()
        waiting = dict(reversed(entries))  # of each chain the oldest
        last = Checkpoint.objects.order_by("-number").first()
        if last:
            _must_be_ours(last, ours)
        heads, broken = _grown(sorted(waiting))
        Growth.objects.bulk_create(Growth(stream=name, at=waiting[name]) for name in broken)
        made = _seal(heads, last, key, now) if heads else None
        return Made(made, broken, is_full=len(entries) == LIMIT)


def _take() -> list[tuple[str, datetime]]:
    """Takes entries off the table, oldest first: the chain that grew, and when.

    By the entries' own ids, never "all up to the highest": a transaction that began before and
    commits just now has lower ones. On PostgreSQL a second process waits here for the first.
    """
    found = Growth.objects.select_for_update().order_by("pk").values_list("pk", "stream", "at")
    entries = list(found[:LIMIT])
    Growth.objects.filter(pk__in=[pk for pk, _stream, _at in entries]).delete()
    return [(stream, at) for _pk, stream, at in entries]


def _must_be_ours(last: Checkpoint, ours: Collection[str]) -> None:
    signer = seals.key_id_of(last.public_key)
    signed = content_of(last)
    if signer not in ours or not seals.is_signed(signed, last.signature, last.public_key):
        raise StrangeCheckpoint(
            f"checkpoint {last.number} is not signed by the operator's key, nor by one of "
            f"SIGNOFF_FORMER_KEYS, but by {signer or 'no key at all'}: run `signoff audit verify`"
        )


def content_of(row: Checkpoint) -> dict[str, Any]:
    """What is signed, from the columns."""
    return seals.content(
        number=row.number,
        at=row.at,
        rows=row.rows,
        heads=row.heads,
        root=row.root,
        previous=row.previous,
    )


def _grown(streams: Sequence[str]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The new heads of these chains, as JSON; and the chains whose new rows are not in order."""
    heads, broken = [], []
    for place in range(0, len(streams), _AT_ONCE):
        some = streams[place : place + _AT_ONCE]
        covered = _covered(some)
        ends = _walk({stream: covered.get(stream, End()) for stream in some})
        for stream, end in ends.items():
            since = covered.get(stream, End()).seq
            if end is None:
                broken.append(stream)
            elif end.seq > since:
                heads.append(seals.head(stream=stream, since=since, seq=end.seq, digest=end.digest))
    return heads, tuple(broken)


def _covered(streams: Collection[str]) -> dict[str, End]:
    """How far the checkpoints that are there cover each of these chains."""
    newest = CheckpointHead.objects.filter(stream=OuterRef("stream")).order_by("-seq")
    rows = CheckpointHead.objects.filter(
        stream__in=streams, seq=Subquery(newest.values("seq")[:1])
    ).values_list("stream", "seq", "digest")
    return {stream: End(seq, digest) for stream, seq, digest in rows}


def _walk(since: Mapping[str, End]) -> dict[str, End | None]:
    """Where each chain ends now; None if a row after `since` is not in order.

    A checkpoint never vouches for a broken chain.
    """
    after = (Q(stream=stream, seq__gt=end.seq) for stream, end in since.items())
    rows = rows_as_text().filter(Q(*after, _connector=Q.OR)).order_by("stream", "seq")
    ends: dict[str, End | None] = dict(since)
    # Not by a cursor: PostgreSQL would expect that only the first rows are wanted, and read the
    # whole table in the order of its index.
    for values in rows.values_list(*COLUMNS):
        link = Link.of(values)
        end = ends[link.stream]
        if end is not None:
            ends[link.stream] = None if fault(link, end) else End(link.seq, link.digest)
    return ends


def _seal(
    heads: list[dict[str, Any]], last: Checkpoint | None, key: Ed25519PrivateKey, now: datetime
) -> Checkpoint:
    root, proofs = tree.grow([tree.leaf(head) for head in heads])
    row = Checkpoint(
        number=last.number + 1 if last else 1,
        at=now,
        rows=(last.rows if last else 0) + sum(head["seq"] - head["since"] for head in heads),
        heads=len(heads),
        root=root,
        previous=seals.digest(content_of(last)) if last else GENESIS,
        public_key=seals.public_hex(key.public_key()),
    )
    signed = content_of(row)
    row.digest, row.signature = seals.digest(signed), seals.sign(signed, key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(f"another process made checkpoint {row.number} first") from None
    CheckpointHead.objects.bulk_create(
        (
            CheckpointHead(checkpoint=row, proof=proof, **head)
            for head, proof in zip(heads, proofs, strict=True)
        ),
        batch_size=500,
    )
    return row
