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
