"""Reads of the outbox."""

from uuid import UUID

from signoff.notice.models import Notice, NoticeState


def notice(number: int) -> Notice:
    """Raises Notice.DoesNotExist."""
    return Notice.objects.get(pk=number)


def notices_of(case: UUID) -> list[Notice]:
    """Everything that we told people about a case, oldest first."""
    return list(Notice.objects.filter(case=case).order_by("created_at", "pk"))


def waiting_notices() -> list[Notice]:
    """What the worker still has to send."""
    return list(Notice.objects.filter(state=NoticeState.WAITING, is_posted=True).order_by("pk"))
