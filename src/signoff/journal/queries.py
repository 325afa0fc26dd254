"""Reading the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Sum

from signoff.journal.models import Entry, Posting
from signoff.journal.rules import OPEN_ITEMS, BookedEntry

BATCH = 2000
"""Rows held in memory at a time."""

_HEAD = ("pk", "cause", "kind", "case", "step", "at", "size")
_LINE = ("postings__account", "postings__amount_minor", "postings__currency")


def open_items() -> dict[tuple[UUID, str], int]:
    """What each case still has open, by (case, currency), in minor units; never zero.

    The sum over what is owed under the case and what is in transit. Negative: money that is to
    go to the customer and has not arrived. Positive: money that is to come.
    """
    sums = (
        Posting.objects.filter(
            account__in=[account.value for account in OPEN_ITEMS], entry__case__isnull=False
        )
        .values_list("entry__case", "currency")
        .annotate(total=Sum("amount_minor"))
        .exclude(total=0)
        .order_by()
    )
    return {(case, code): total for case, code, total in sums.iterator(chunk_size=BATCH)}


def unused_cause(cause: str) -> str:
    """`cause`, or, if it is booked, the same with the next number behind it: `refund:17:1:fail:2`.

    For what truly happens more than once. The caller holds what it is about, so that no other
    asks meanwhile.
    """
    if not Entry.objects.filter(cause=cause).exists():
        return cause
    later = Entry.objects.filter(cause__startswith=f"{cause}:").count()
    return f"{cause}:{later + 2}"


def entries_of(case: UUID) -> list[Entry]:
    """What was booked for a case, oldest first, each with its `postings` in their order."""
    in_order = Prefetch("postings", Posting.objects.order_by("position"))
    return list(Entry.objects.filter(case=case).order_by("at", "id").prefetch_related(in_order))


def newest_entries(case: UUID | None = None) -> QuerySet[Entry]:
    """Entries with their postings, newest first; of one case, or all."""
    rows = Entry.objects.filter(case=case) if case else Entry.objects.all()
    in_order = Prefetch("postings", Posting.objects.order_by("position"))
    return rows.prefetch_related(in_order).order_by("-at", "-pk")


def booked(
    *, since: datetime | None = None, before: datetime | None = None
) -> Iterator[BookedEntry]:
    """All entries from `since` until just before `before`, oldest first, one at a time.

    An entry whose postings are gone (only tampering can do that) comes without them.
    """
    rows = Entry.objects.order_by("at", "id", "postings__position").values_list(*_HEAD, *_LINE)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if before is not None:
        rows = rows.filter(at__lt=before)
    heads = len(_HEAD)
    for head, lines in groupby(rows.iterator(chunk_size=BATCH), key=lambda row: row[:heads]):
        yield _booked(head, tuple(line[heads:] for line in lines))


def _booked(head: tuple[Any, ...], lines: tuple[tuple[Any, ...], ...]) -> BookedEntry:
    there = tuple((account, minor, code) for account, minor, code in lines if account is not None)
    _pk, cause, kind, case, step, at, size = head
    return BookedEntry(cause, kind, case, step, at, size, there)


def orphans() -> int:
    """Postings without an entry: none, unless somebody switched the foreign keys off."""
    return Posting.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id")))).count()


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the same state, whatever others commit meanwhile.

    On SQLite others wait with their writes: keep it short.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
