"""Reads of the outbox."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from signoff.notice.models import Channel, Notice, NoticeState


def notice(number: int) -> Notice:
    """Raises Notice.DoesNotExist."""
    return Notice.objects.get(pk=number)


def notices_of(case: UUID) -> list[Notice]:
    """Everything that we told people about a case, oldest first."""
    return list(Notice.objects.filter(case=case).order_by("created_at", "pk"))


def newest_letters(cases: Collection[UUID], kind: str) -> dict[UUID, Notice]:
    """The newest letter of a kind that was written about each case (one query)."""
    rows = Notice.objects.filter(case__in=cases, kind=kind, channel=Channel.LETTER)
    return {row.case: row for row in rows.order_by("created_at", "pk") if row.case}


def is_held(case: UUID, kind: str) -> bool:
    """A letter of this kind is held back, or waits to be sent."""
    rows = Notice.objects.filter(case=case, kind=kind, state=NoticeState.WAITING)
    return rows.filter(not_before__isnull=False).exists()


def held_for_account(account: int, kind: str) -> QuerySet[Notice]:
    """Letters to an account that are about no case, and are held back or wait to be sent."""
    rows = Notice.objects.filter(case=None, kind=kind, state=NoticeState.WAITING)
    return rows.filter(key__startswith=f"account:{account}:", not_before__isnull=False)


def is_held_for_account(account: int, kind: str) -> bool:
    """There is one of this kind."""
    return held_for_account(account, kind).exists()


def invitation_key(person: int, number: int) -> str:
    """Of a letter that invites somebody to the desk."""
    return f"staff:{person}:invitation:{number}"


def invitations_of(person: int, *, most: int) -> list[Notice]:
    """The letters that invited somebody to the desk, oldest first; of the first `most` of them."""
    keys = [invitation_key(person, number + 1) for number in range(most)]
    return list(Notice.objects.filter(key__in=keys).order_by("created_at", "pk"))


def dispute_key(dispute: UUID) -> str:
    """Of the answer to a dispute."""
    return f"dispute:{dispute}:letter"


def sent_about(
    *, cases: Collection[UUID], disputes: Collection[UUID], account: int
) -> QuerySet[Notice]:
    """What one customer was sent, newest first; also an SMS of which we do not know yet whether it
    arrived."""
    theirs = Q(case__in=cases) | Q(key__in=[dispute_key(dispute) for dispute in disputes])
    theirs |= Q(case=None, key__startswith=f"account:{account}:")
    out = Q(state=NoticeState.SENT) | Q(state=NoticeState.WAITING, is_begun=True)
    return Notice.objects.filter(theirs, out).order_by("-created_at", "-pk")


def waiting_notices(now: datetime) -> list[Notice]:
    """What the worker still has to send, and that is not held back any more."""
    due = Q(not_before=None) | Q(not_before__lte=now)
    return list(
        Notice.objects.filter(due, state=NoticeState.WAITING, is_posted=True).order_by("pk")
    )


def unsent_notices() -> QuerySet[Notice]:
    """What did not arrive, and what the worker still has to send; failed ones and the newest first.

    A message that is a step of a closing is in its plan until it has failed.
    """
    failed = Q(state=NoticeState.FAILED)
    return Notice.objects.filter(failed | Q(state=NoticeState.WAITING, is_posted=True)).order_by(
        "state", "-created_at", "-pk"
    )
