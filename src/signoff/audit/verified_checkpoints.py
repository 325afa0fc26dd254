"""Are the checkpoints as they were signed, one upon the other?"""

from collections.abc import Collection

from django.db.models import Exists, Min, OuterRef

from signoff.audit import seals, tree
from signoff.audit.checkpoints import content_of
from signoff.audit.models import Checkpoint, CheckpointHead
from signoff.audit.rules import GENESIS
from signoff.audit.streaming import BATCH

CHECKPOINTS = "checkpoints"
"""Stands for the chain of checkpoints where a stream of rows is named; no stream is called so."""


def first_fault(*, trusted: Collection[str], upto: int) -> tuple[int, str] | None:
    """The first checkpoint that is not as it was made, and what is wrong with it, in words."""
    before: Checkpoint | None = None
    expected = 1
    try:
        for row in Checkpoint.objects.filter(number__lte=upto).order_by("number").iterator(BATCH):
            if row.number != expected:
                return expected, "it is missing"
            wrong = _fault(row, before, trusted) or _fault_of_heads(row, before)
            if wrong:
                return row.number, wrong
            before, expected = row, expected + 1
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        return expected, f"it cannot be read: {error}"
    return _removed_newest()


def _removed_newest() -> tuple[int, str] | None:
    """What a checkpoint said of its chains is there, and the checkpoint itself is not."""
    known = Checkpoint.objects.filter(number=OuterRef("checkpoint_id"))
    orphans = CheckpointHead.objects.filter(~Exists(known)).aggregate(first=Min("checkpoint_id"))
    return (orphans["first"], "it is missing") if orphans["first"] else None


def _fault(row: Checkpoint, before: Checkpoint | None, trusted: Collection[str]) -> str:
    signed = content_of(row)
    if seals.digest(signed) != row.digest:
        return "its content was changed after it was made"
    if row.previous != (before.digest if before else GENESIS):
        return "it does not follow from the one before it"
    if not seals.is_signed(signed, row.signature, row.public_key):
        return "its signature does not fit"
    signer = seals.key_id_of(row.public_key)
    if signer not in trusted:
        return f"it is signed by a key that is not known here, with the fingerprint {signer}"
    return ""


def _fault_of_heads(row: Checkpoint, before: Checkpoint | None) -> str:
    heads, rows = 0, before.rows if before else 0
    for known in row.chains.order_by("stream").iterator(BATCH):
        head = seals.head(
            stream=known.stream, since=known.since, seq=known.seq, digest=known.digest
        )
        try:
            root = tree.root_from(tree.leaf(head), known.proof)
        except (TypeError, ValueError):
            root = ""
        if root != row.root:
            return f"what it says of the chain {known.stream} was changed after it was made"
        heads, rows = heads + 1, rows + known.seq - known.since
    if heads != row.heads:
        return f"it covers {row.heads} chains, and {heads} of them are there"
    if rows != row.rows:
        return f"it counts {row.rows} rows, and its chains make {rows}"
    return ""
