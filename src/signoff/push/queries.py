"""Reads of who is told, and of what is on its way."""

from uuid import UUID

from signoff.ports.pushes import Browser
from signoff.push.models import Push, PushState, Receiver


def digests_of(case: UUID) -> list[str]:
    """Of the browsers that a case tells (see `rules.digest_of`)."""
    return list(Receiver.objects.filter(case=case).order_by("pk").values_list("digest", flat=True))


def digests_elsewhere(case: UUID) -> list[str]:
    """Of these browsers those that another case tells as well."""
    here = Receiver.objects.filter(case=case).values("digest")
    others = Receiver.objects.exclude(case=case).filter(digest__in=here)
    return list(others.order_by("digest").values_list("digest", flat=True).distinct())


def is_told_elsewhere(receiver: Receiver) -> bool:
    """Whether the same browser listens for another case that is not over."""
    same = Receiver.objects.filter(digest=receiver.digest, forget_at=None)
    return same.exclude(pk=receiver.pk).exists()


def push(number: int) -> Push | None:
    """With its receiver; None if the customer has switched it off meanwhile."""
    return Push.objects.select_related("receiver").filter(pk=number).first()


def browser_of(receiver: Receiver) -> Browser:
    """Where to send, and for whom to seal."""
    return Browser(receiver.endpoint, bytes(receiver.public_key), bytes(receiver.secret))


def unsent_pushes() -> list[Push]:
    """What the worker still has to send."""
    unsent = Push.objects.filter(state__in=[PushState.WAITING, PushState.BEGUN])
    return list(unsent.order_by("pk"))
