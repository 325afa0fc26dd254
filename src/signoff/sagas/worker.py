"""The worker: runs the engine's commands, and looks after what is due.

Any number of them may run, each a process of its own. The web server is never one of them.
"""

import threading
import uuid
from collections.abc import Callable

import structlog
from dbos import DBOS, DBOSConfig
from dbos._serialization import DBOSPortableJSONSerializer
from django.db import DatabaseError, connection

from signoff.config import config
from signoff.sagas.database import fresh_connection
from signoff.sagas.duties import Duties
from signoff.sagas.engine import APPLICATION_VERSION, QUEUE, system_database_url
from signoff.sagas.operations import beat, farewell

log = structlog.get_logger()


def _beat_seconds() -> float:
    """Often enough that a few missed ones are not a death."""
    return min(2.0, config().dead_after_seconds / 5)


def _threads() -> int:
    """SQLite has one writer at a time: more threads would only wait for each other."""
    return config().worker_threads or (1 if connection.vendor == "sqlite" else 4)


CLAIMED = 32
"""Runs that a worker has claimed at most; what its threads cannot begin yet waits in memory.
Otherwise a thread that is done would stand idle until the next look at the queue: with one run
claimed for each thread a worker reached a tenth of what it can do. Few enough that a second
worker finds something to do, too."""


def run_worker(stop: threading.Event, *, started: Callable[[], None] = lambda: None) -> None:
    """Works until `stop` is set; then lets the runs at hand finish their step.

    `started` is called once, when it takes runs.
    """
    executor = uuid.uuid4().hex  # fresh at every start: two with one id would run a case twice
    settings: DBOSConfig = {
        "name": "signoff",
        "system_database_url": system_database_url(),
        "executor_id": executor,
        "application_version": APPLICATION_VERSION,
        "serializer": DBOSPortableJSONSerializer(),
        "run_migrations": False,
        "max_executor_threads": _threads(),
        "log_level": "WARNING",
    }
    with fresh_connection():
        beat(executor=executor)
    DBOS(config=settings)
    from signoff.sagas import workflows  # noqa: F401, PLC0415 - registers itself with DBOS above

    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=max(CLAIMED, _threads()),
        polling_interval_sec=config().poll_seconds,
        on_conflict="always_update",
    )
    log.info("worker_started", executor=executor, threads=_threads())
    started()
    try:
        _look_after(executor, stop)
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=10)
        with fresh_connection():
            farewell(executor=executor)


def _look_after(executor: str, stop: threading.Event) -> None:
    """Beats, and does what is due."""
    duties = Duties()
    while True:
        with fresh_connection():
            if _beats(executor):
                duties.do_what_is_due()
        if stop.wait(_beat_seconds()):
            return


def _beats(executor: str) -> bool:
    try:
        beat(executor=executor)
    except DatabaseError as error:
        log.warning("database_out_of_reach", error=type(error).__name__)
        return False
    return True
