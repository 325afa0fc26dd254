"""Heartbeats of workers."""

from datetime import datetime, timedelta

from signoff.sagas.models import Worker

DEAD_AFTER = timedelta(seconds=15)
"""A worker that has not been seen for so long is taken for dead. If it was only slow, its runs
find that their case is held by another, and stop."""


def beat(*, executor: str, now: datetime) -> None:
    """This worker lives."""
    Worker.objects.update_or_create(
        executor=executor,
        defaults={"seen_at": now},
        create_defaults={"executor": executor, "seen_at": now, "started_at": now},
    )


def farewell(*, executor: str) -> None:
    """This worker is gone, and its runs are in other hands."""
    Worker.objects.filter(executor=executor).delete()


def dead_workers(*, now: datetime) -> list[str]:
    """Workers whose runs somebody must take over."""
    silent = Worker.objects.filter(seen_at__lt=now - DEAD_AFTER)
    return list(silent.values_list("executor", flat=True))
