"""Heartbeats of workers."""

from datetime import timedelta

from django.db.models.functions import Now

from signoff.config import config
from signoff.sagas.models import Worker


def dead_after() -> timedelta:
    """A worker that has not been seen for so long is taken for dead. If it was only slow, its
    runs find that their case is held by another, and stop."""
    return timedelta(seconds=config().dead_after_seconds)


def beat(*, executor: str) -> None:
    """This worker lives. By the database's clock: those of the workers may differ, and one that died
    with its clock ahead would be waited for all that time."""
    seen = {"seen_at": Now()}
    Worker.objects.update_or_create(
        executor=executor,
        defaults=seen,
        create_defaults={"executor": executor, "started_at": Now(), **seen},
    )


def farewell(*, executor: str) -> None:
    """This worker ends in good order."""
    Worker.objects.filter(executor=executor).delete()


def live_executors() -> set[str]:
    """Workers that were seen lately: they alone may hold runs."""
    seen = Worker.objects.filter(seen_at__gte=Now() - dead_after())
    return set(seen.values_list("executor", flat=True))


def bury_dead() -> None:
    """Forgets workers that ended without a farewell."""
    Worker.objects.filter(seen_at__lt=Now() - dead_after()).delete()
