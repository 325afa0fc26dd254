"""Heartbeats of workers."""

from datetime import datetime, timedelta

from signoff.config import config
from signoff.sagas.models import Worker


def dead_after() -> timedelta:
    """A worker that has not been seen for so long is taken for dead. If it was only slow, its
    runs find that their case is held by another, and stop."""
    return timedelta(seconds=config().dead_after_seconds)


def beat(*, executor: str, now: datetime) -> None:
    """This worker lives."""
    Worker.objects.update_or_create(
        executor=executor,
        defaults={"seen_at": now},
        create_defaults={"executor": executor, "seen_at": now, "started_at": now},
    )


def farewell(*, executor: str) -> None:
    """This worker ends in good order."""
    Worker.objects.filter(executor=executor).delete()


def live_executors(*, now: datetime) -> set[str]:
    """Workers that were seen lately: they alone may hold runs."""
    seen = Worker.objects.filter(seen_at__gte=now - dead_after())
    return set(seen.values_list("executor", flat=True))


def bury_dead(*, now: datetime) -> None:
    """Forgets workers that ended without a farewell."""
    Worker.objects.filter(seen_at__lt=now - dead_after()).delete()
