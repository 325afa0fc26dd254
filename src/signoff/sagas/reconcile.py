"""What should be running, and is not: found by comparing our rows with the engine's.

The engine can lose a run: a database that restarts under load made permanent errors of a few in a
test, and an operator may clear its tables. Our rows know what must still happen.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from dbos import DBOS, WorkflowStatus
from django.db import transaction

from signoff.alternatives import operations as alternatives
from signoff.alternatives.queries import unsettled_pauses
from signoff.closing import queries as cases
from signoff.closing.runs import ask_again, run_key
from signoff.closing.sweeping import by_itself
from signoff.evidence import advising
from signoff.notice import operations as outbox
from signoff.notice.queries import waiting_notices
from signoff.push import operations as pushes
from signoff.push.queries import unsent_pushes
from signoff.sagas.engine import APPLICATION_VERSION, QUEUE
from signoff.sagas.operations import bury_dead, live_executors
from signoff.settlement.payments import operations as payments
from signoff.settlement.payments.queries import unfollowed_payments
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.queries import unread_statuses, unwritten_batches
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.queries import to_look_after

log = structlog.get_logger()

T = TypeVar("T")

ALIVE = ["ENQUEUED", "DELAYED", "PENDING"]
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
KEEP_FINISHED = timedelta(days=14)
ASKED_AT_A_TIME = 5_000
STARTED_AT_A_TIME = 1_000
"""Under a second's work: the worker must beat in between. The next look begins with what is left."""


def take_over() -> int:
    """Gives runs that no living worker holds back to the queue; returns how many.

    The engine itself would wait for the same executor to come back, and ours never do: each start
    of a worker is a new one.
    """
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    alive = live_executors()  # after that: whoever holds a run has begun to beat before
    ids = [run.workflow_id for run in pending if run.executor_id not in alive]
    if ids:
        log.warning("runs_taken_over", runs=len(ids))
        DBOS.resume_workflows(ids, queue_name=QUEUE)
    bury_dead()
    return len(ids)


def forget_finished_runs(*, now: datetime) -> int:
    """Deletes the engine's rows of runs that ended long ago, some at a time; returns how many.

    What happened is in our own receipts; the engine's rows are only kept to look into a fault.
    """
    finished = DBOS.list_workflows(
        status=FINISHED,
        completed_before=(now - KEEP_FINISHED).isoformat(),
        limit=500,
        load_input=False,
        load_output=False,
    )
    ids = [run.workflow_id for run in finished]
    if ids:
        DBOS.delete_workflows(ids)
    return len(ids)


def start_lost_runs(*, now: datetime) -> int:
    """Asks again for runs that should be alive and are not, some at a time; returns how many."""
    expected = expected_runs(now)
    lost = sorted(expected.keys() - _alive(list(expected)))
    for key in lost[:STARTED_AT_A_TIME]:
        log.warning("run_lost", run=key)
        with by_itself("lost_runs", key):
            expected[key]()
    return len(lost[:STARTED_AT_A_TIME])


def _alive(keys: list[str]) -> set[str]:
    """A database takes only so many parameters in one question."""
    found = set[str]()
    for first in range(0, len(keys), ASKED_AT_A_TIME):
        runs = DBOS.list_workflows(
            workflow_ids=keys[first : first + ASKED_AT_A_TIME],
            status=ALIVE,
            load_input=False,
            load_output=False,
        )
        found |= {run.workflow_id for run in runs if _will_be_run(run)}
    return found


def _will_be_run(run: WorkflowStatus) -> bool:
    """What waits for workers of another version of ours would wait for good: they are gone, or
    will be. What one of them has begun, it may end (or `take_over` finds that it died)."""
    return run.status == "PENDING" or run.app_version == APPLICATION_VERSION


def expected_runs(now: datetime) -> dict[str, Callable[[], None]]:
    """Names of the runs that should be alive, each with how to ask for it once more."""
    return {
        **_case_runs(now),
        **_notice_runs(now),
        **_push_runs(),
        **_pause_runs(now),
        **_refund_runs(now),
        **_payment_runs(),
        **_bank_file_runs(),
        **_looks(now),
    }


def _case_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    rows = [*cases.due_cases(now), *cases.running_cases()]
    return {run_key(case, case.attempt): partial(ask_again, case) for case in rows}


def _notice_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    return {
        outbox.run_key(row.pk, row.tries): partial(
            outbox.try_later, notice=row.pk, tries=row.tries, failure=row.failure, delay_seconds=0
        )
        for row in waiting_notices(now)
    }


def _push_runs() -> Mapping[str, Callable[[], None]]:
    return {
        pushes.run_key(row.pk, row.tries): partial(
            pushes.try_later, push=row, failure=row.failure, delay_seconds=0
        )
        for row in unsent_pushes()
    }


def _pause_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    return {
        alternatives.run_key(row.pk, row.tries): partial(
            alternatives.follow_again, row, delay=timedelta(), trouble=row.trouble
        )
        for row in unsettled_pauses(now)
    }


def _refund_runs(now: datetime) -> Mapping[str, Callable[[], None]]:
    return {
        refunds.run_key(row.pk, row.attempt, row.tries): partial(
            _in_one_commit, refunds.follow, row
        )
        for row in to_look_after(now)
    }


def _payment_runs() -> Mapping[str, Callable[[], None]]:
    return {
        payments.run_key(row.pk, row.tries): partial(payments.follow, row)
        for row in unfollowed_payments()
    }


def _bank_file_runs() -> Mapping[str, Callable[[], None]]:
    writing = {
        payouts.write_key(row.pk, row.tries): partial(_in_one_commit, payouts.write, row)
        for row in unwritten_batches()
    }
    reading = {
        payouts.read_key(row.pk, row.tries): partial(_in_one_commit, payouts.read, row)
        for row in unread_statuses()
    }
    return {**writing, **reading}


def _looks(now: datetime) -> Mapping[str, Callable[[], None]]:
    return {
        advising.run_key(row.evidence_id, row.tries): partial(advising.look_again, row)
        for row in advising.unanswered(now)
    }


def _in_one_commit(ask: Callable[[T], None], row: T) -> None:
    with transaction.atomic():
        ask(row)
