"""Reading the record."""

from datetime import datetime

from django.db.models import Min

from signoff.audit.models import AuditRow, Checkpoint, Growth


def history(stream: str) -> list[AuditRow]:
    """What happened in `stream`, oldest first."""
    return list(AuditRow.objects.filter(stream=stream).order_by("seq"))


def last_checkpoint() -> Checkpoint | None:
    """The newest."""
    return Checkpoint.objects.order_by("-number").first()


def waiting_since() -> datetime | None:
    """Time of the oldest row that no checkpoint covers yet; None if all are covered."""
    oldest: datetime | None = Growth.objects.aggregate(oldest=Min("at"))["oldest"]
    return oldest


def rows_before(
    *, limit: int, before: int | None = None, stream: str = "", event: str = ""
) -> list[AuditRow]:
    """The record backwards, newest first, so many rows (one query, however long the record is).

    before: the id of the last row that was read. stream, event: only of these.
    """
    rows = AuditRow.objects.all()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if stream:
        rows = rows.filter(stream=stream)
    if event:
        rows = rows.filter(event=event)
    return list(rows.order_by("-pk")[:limit])
