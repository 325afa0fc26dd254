"""Reads of what the workers say of themselves. Knows nothing of the engine."""

from dataclasses import dataclass
from datetime import datetime

from signoff.sagas.models import Worker
from signoff.sagas.operations import dead_after


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker process; `lives` if it has been seen lately."""

    executor: str
    started_at: datetime
    seen_at: datetime
    lives: bool


def workers(*, now: datetime) -> list[WorkerView]:
    """Every worker that has not said farewell, the newest first."""
    silent_since = now - dead_after()
    return [
        WorkerView(row.executor, row.started_at, row.seen_at, row.seen_at >= silent_since)
        for row in Worker.objects.order_by("-started_at", "pk")
    ]


def live_workers(*, now: datetime) -> list[WorkerView]:
    """The workers that live."""
    return [worker for worker in workers(now=now) if worker.lives]
