"""What should be running, and is not: found by comparing our rows with the engine's.

The engine can lose a run: a database that restarts under load made permanent errors of a few in a
test, and an operator may clear its tables. Our rows know what must still happen.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from dbos import DBOS

from signoff.alternatives import operations as alternatives
from signoff.alternatives.queries import unsettled_pauses
from signoff.closing import queries as cases
from signoff.closing.runs import ask_again, run_key
from signoff.notice import operations as outbox
from signoff.notice.queries import waiting_notices
from signoff.sagas.engine import QUEUE
from signoff.sagas.operations import dead_workers, farewell

log = structlog.get_logger()

ALIVE = ["ENQUEUED", "DELAYED", "PENDING"]


def take_over(*, now: datetime, own: str) -> int:
    """Gives the runs of dead workers back to the queue; returns how many."""
    taken = 0
    for executor in dead_workers(now=now):
        if executor == own:
            continue
        pending = DBOS.list_workflows(
            executor_id=executor, status="PENDING", load_input=False, load_output=False
        )
        ids = [workflow.workflow_id for workflow in pending]
        if ids:
            DBOS.resume_workflows(ids, queue_name=QUEUE)
        farewell(executor=executor)
        log.warning("worker_dead", executor=executor, runs=len(ids))
        taken += len(ids)
    return taken


def start_lost_runs(*, now: datetime) -> int:
    """Asks again for every run that should be alive and is not; returns how many."""
    expected = {**_case_runs(now), **_notice_runs(), **_pause_runs(now)}
    if not expected:
        return 0
    alive = DBOS.list_workflows(
        workflow_ids=list(expected), status=ALIVE, load_input=False, load_output=False
    )
    lost = expected.keys() - {workflow.workflow_id for workflow in alive}
    for key in sorted(lost):
        log.warning("run_lost", run=key)
        expected[key]()
    return len(lost)


def _case_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    rows = [*cases.due_cases(now), *cases.running_cases()]
    return {run_key(case, case.attempt): partial(ask_again, case) for case in rows}


def _notice_runs() -> Mapping[str, Callable[[], None]]:
    return {
        outbox.run_key(row.pk, row.tries): partial(
            outbox.try_later, notice=row.pk, tries=row.tries, failure=row.failure, delay_seconds=0
        )
        for row in waiting_notices()
    }


def _pause_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    return {
        alternatives.run_key(row.pk, row.tries): partial(
            alternatives.follow_again, row, delay=timedelta(), trouble=row.trouble
        )
        for row in unsettled_pauses(now)
    }
