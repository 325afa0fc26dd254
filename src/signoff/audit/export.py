"""The record as a file that a stranger can check: docs/audit.md has the program for it.

JSON Lines, each line canonical (RFC 8785):

    {"type": "export", …}        first: which chain (null: all), when, the public keys
    {"type": "checkpoint", …}    every checkpoint, oldest first
    {"type": "row", …}           the rows, chain by chain
    {"type": "head", …}          after the row that a checkpoint covers: where, with the proof
    {"type": "end", …}           last: how many lines came before, their SHA-256, signed

The end is signed so that nobody on the way can cut lines off. There is no personal data in it: the
record has none, and what its commitments stand for stays at home.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import OuterRef, Subquery

from signoff.audit import seals
from signoff.audit.checkpoints import content_of
from signoff.audit.links import COLUMNS, Link
from signoff.audit.models import Checkpoint, CheckpointHead
from signoff.audit.rules import canonical, moment, row_as_json
from signoff.audit.streaming import BATCH, rows_as_text, streaming
from signoff.kernel.errors import SignoffError
from signoff.kernel.keys import key_id, public_pem


class NoJson(SignoffError):
    """What lies in the database has no canonical form."""


def export(
    *, file: IO[bytes], key: Ed25519PrivateKey, now: datetime, stream: str | None = None
) -> int:
    """Writes the record, or one chain of it, to `file`; returns how many rows that were.

    key: signs the end of the file.

    Raises NoJson for a record that somebody has changed so that no file can hold it.
    """
    digest, lines, rows = hashlib.sha256(), 0, 0
    with streaming():
        try:
            for line in _lines(key, now, stream):
                encoded = canonical(line) + b"\n"
                file.write(encoded)
                digest.update(encoded)
                lines += 1
                rows += line["type"] == "row"
        except (AttributeError, TypeError, ValueError, RecursionError) as error:
            raise NoJson(
                "a row of the record was changed into what no export can hold: "
                "`signoff audit verify` names it"
            ) from error
    end = {
        "kind": seals.EXPORT_KIND,
        "version": seals.VERSION,
        "lines": lines,
        "digest": digest.hexdigest(),
    }
    signed = {
        "type": "end",
        "content": end,
        "key_id": key_id(key.public_key()),
        "signature": seals.sign(end, key),
    }
    file.write(canonical(signed) + b"\n")
    return rows


def _lines(
    key: Ed25519PrivateKey, now: datetime, stream: str | None
) -> Iterator[Mapping[str, Any]]:
    last = Checkpoint.objects.order_by("-number").first()
    upto = last.number if last else 0
    signers = set(
        Checkpoint.objects.filter(number__lte=upto).values_list("public_key", flat=True)
    ) | {seals.public_hex(key.public_key())}
    yield {
        "type": "export",
        "stream": stream,
        "made_at": moment(now),
        "keys": {seals.key_id_of(one): public_pem(seals.from_hex(one)) for one in sorted(signers)},
    }
    for row in Checkpoint.objects.filter(number__lte=upto).order_by("number").iterator(BATCH):
        yield {
            "type": "checkpoint",
            "content": content_of(row),
            "key_id": seals.key_id_of(row.public_key),
            "signature": row.signature,
        }
    yield from _chains(upto, stream)


def _chains(upto: int, stream: str | None) -> Iterator[Mapping[str, Any]]:
    """Rows and heads. Only heads of checkpoints up to `upto`, which are in the file: the rows they
    name were there before them."""
    head = CheckpointHead.objects.filter(
        stream=OuterRef("stream"), seq=OuterRef("seq"), checkpoint__lte=upto
    )
    rows = rows_as_text().order_by("stream", "seq")
    if stream is not None:
        rows = rows.filter(stream=stream)
    rows = rows.annotate(head=Subquery(head.values("pk")[:1]))
    found = rows.values_list(*COLUMNS, "head").iterator(chunk_size=BATCH)
    while some := list(islice(found, BATCH)):
        heads = CheckpointHead.objects.in_bulk([values[-1] for values in some if values[-1]])
        for values in some:
            yield _row(Link.of(values[:-1]))
            if values[-1]:
                yield _head(heads[values[-1]])


def _row(link: Link) -> Mapping[str, Any]:
    content = row_as_json(
        stream=link.stream,
        seq=link.seq,
        at=link.at(),
        event=link.event,
        actor=link.actor,
        facts=link.facts(),
        previous=link.previous,
    )
    return {"type": "row", "content": content, "digest": link.digest}


def _head(known: CheckpointHead) -> Mapping[str, Any]:
    return {
        "type": "head",
        "content": seals.head(
            stream=known.stream, since=known.since, seq=known.seq, digest=known.digest
        ),
        "checkpoint": known.checkpoint_id,
        "proof": known.proof,
    }
