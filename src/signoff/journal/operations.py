"""Writing the journal."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from signoff.journal.models import Entry, Posting
from signoff.journal.rules import EntryKind, PostingLine, check_names, check_postings
from signoff.kernel.errors import Conflict


def post(
    *,
    cause: str,
    kind: EntryKind,
    postings: Sequence[PostingLine],
    now: datetime,
    case: UUID | None = None,
    step: str = "",
) -> Entry:
    """Book one entry, in the caller's transaction, or return the one that `cause` has already.

    cause: what is booked, once for ever: `refund:17:sent:1`. No personal data.
    postings: at least two, in whatever order; they add up to zero in each currency.
    case: needed as soon as an account of open items is touched.
    step: of the closing that did it, up to 40 characters.

    Raises RuntimeError outside a transaction: an entry stands or falls with what it books.
    Raises BadEntry if the postings are not an entry.
    Raises Conflict if the cause was booked otherwise: other postings, kind, case or step.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a journal entry belongs into the transaction of what it books")
    if timezone.is_naive(now):
        raise ValueError("the time of a journal entry must be aware")
    check_names(cause=cause, step=step)
    check_postings(postings, case=case)
    wanted = Entry(cause=cause, kind=kind.value, case=case, step=step, at=now, size=len(postings))
    known = Entry.objects.filter(cause=cause).first()
    if known is None:
        try:
            return _write(wanted, postings)
        except IntegrityError:
            known = Entry.objects.filter(cause=cause).first()
            if known is None:
                raise
    _check_same(known, wanted, postings)
    return known


def _write(entry: Entry, postings: Sequence[PostingLine]) -> Entry:
    """Postings first: the database lets the entry in after a look at them."""
    entry.id = uuid4()
    with transaction.atomic():
        Posting.objects.bulk_create(
            Posting(
                entry_id=entry.id,
                position=position,
                account=line.account.value,
                amount_minor=line.minor,
                currency=line.currency,
            )
            for position, line in enumerate(postings)
        )
        entry.save(force_insert=True)
    return entry


def _check_same(known: Entry, wanted: Entry, postings: Sequence[PostingLine]) -> None:
    """Whatever else an entry says must be the same too; only its time may be another one."""
    booked = Counter(
        Posting.objects.filter(entry=known).values_list("account", "amount_minor", "currency")
    )
    asked = Counter((line.account.value, line.minor, line.currency) for line in postings)
    same_head = (known.kind, known.case, known.step) == (wanted.kind, wanted.case, wanted.step)
    if booked != asked or not same_head:
        raise Conflict(f"{known.cause} is in the journal already, with other content")
