"""Writing the record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from signoff.audit.commitments import SUFFIX, commit
from signoff.audit.events import Event
from signoff.audit.models import AuditRow, Opening
from signoff.audit.rules import GENESIS, Facts, check_facts, digest_of
from signoff.kernel.errors import Conflict


def record(
    *,
    event: Event,
    stream: str,
    at: datetime,
    actor: str,
    facts: Facts,
    personal: Mapping[str, str] | None = None,
) -> AuditRow:
    """Append one row to the chain of `stream`, in the caller's transaction.

    stream: what the row is about, up to 64 characters, like `case:` and the case's number.
    actor: who did it, up to 40 characters: `user:17`, `worker`, `cli`; never a name.
    facts: flat, no personal data (the chain outlives the person's data).
    personal: names of fields and values that must be erasable, like `{"words": …}`: the row has
    their salted commitments only, as `words_commitment`; `erase` makes them meaningless.

    Raises RuntimeError outside a transaction: a record must stand or fall with what it records.
    Raises Conflict if another transaction has appended to the same chain first.
    Raises TypeError or ValueError for facts that are not flat, see `rules.check_facts`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs into the transaction of what it records")
    if timezone.is_naive(at):
        raise ValueError("the time of an audit row must be aware")
    check_facts(facts)
    if not personal:
        return _append(event, stream, at, actor, facts)
    made = {field: commit(value) for field, value in personal.items()}
    committed = {f"{field}{SUFFIX}": commitment for field, (commitment, _salt) in made.items()}
    row = _append(event, stream, at, actor, {**facts, **committed})
    Opening.objects.bulk_create(
        Opening(stream=stream, seq=row.seq, field=field, salt=salt, value=personal[field])
        for field, (_commitment, salt) in made.items()
    )
    return row


def _append(event: Event, stream: str, at: datetime, actor: str, facts: Facts) -> AuditRow:
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


def erase(*, stream: str, now: datetime, actor: str) -> int:
    """Erases what the commitments of a chain stand for; returns how many values that were.

    The chain stays whole, and says that it was done. Raises Conflict as `record` does.
    """
    with transaction.atomic():
        values, _by_model = Opening.objects.filter(stream=stream).delete()
        if values:
            record(
                event=Event.PERSONAL_DATA_ERASED,
                stream=stream,
                at=now,
                actor=actor,
                facts={"values": values},
            )
    return values
