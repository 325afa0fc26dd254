"""Writing the record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from signoff.audit.events import Event
from signoff.audit.models import AuditRow
from signoff.audit.rules import GENESIS, Facts, digest_of
from signoff.kernel.errors import Conflict


def record(*, event: Event, stream: str, at: datetime, actor: str, facts: Facts) -> AuditRow:
    """Append one row to the chain of `stream`, in the caller's transaction.

    stream: what the row is about, up to 64 characters, like `case:` and the case's number.
    actor: who did it, up to 40 characters: `user:17`, `worker`, `cli`; never a name.
    facts: flat, no personal data (the chain outlives the person's data).

    Raises RuntimeError outside a transaction: a record must stand or fall with what it records.
    Raises Conflict if another transaction has appended to the same chain first.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs into the transaction of what it records")
    if timezone.is_naive(at):
        raise ValueError("the time of an audit row must be aware")
    last = (
        AuditRow.objects.filter(stream=stream).order_by("-seq").values_list("seq", "digest").first()
    )
    seq, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
    digest = digest_of(
        stream=stream,
        seq=seq,
        at=at,
        event=event.value,
        actor=actor,
        facts=facts,
        previous=previous,
    )
    try:
        return AuditRow.objects.create(
            stream=stream,
            seq=seq,
            at=at,
            event=event.value,
            actor=actor,
            facts=dict(facts),
            previous=previous,
            digest=digest,
        )
    except IntegrityError as error:
        raise Conflict(f"another transaction wrote to the chain {stream} first") from error
