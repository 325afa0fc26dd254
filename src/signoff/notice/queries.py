"""Reads of the outbox."""

from uuid import UUID

from django.db.models import Q, QuerySet

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


def unsent_notices() -> QuerySet[Notice]:
    """What did not arrive, and what the worker still has to send; failed ones and the newest first.

    A message that is a step of a closing is in its plan until it has failed.
    """
    failed = Q(state=NoticeState.FAILED)
    return Notice.objects.filter(failed | Q(state=NoticeState.WAITING, is_posted=True)).order_by(
        "state", "-created_at", "-pk"
    )
