"""A worker in this very process: it reads the engine's own rows, and runs what they ask for.

As with the engine, a run counts as done only when it has ended: one that was killed is run again.
Delays are not waited for.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from signoff.sagas import bank_files, bill_payments, notices, pauses, pushes, refunds
from signoff.sagas.closing import close_case
from signoff.wiring import Ports
from tests.engine_rows import table

Run = Callable[..., None]


def _runs(ports: Ports, now: Callable[[], datetime]) -> dict[str, Run]:
    """Each workflow by its name in the engine's row, as `sagas.workflows` wires them."""
    both: dict[str, Any] = {"ports": ports, "now": now}
    return {
        "close_case": lambda case, _attempt: close_case(UUID(case), **both),
        "deliver_notice": lambda number, tries: notices.deliver_notice(number, tries, **both),
        "deliver_push": lambda number, tries: pushes.deliver_push(number, tries, **both),
        "follow_pause": lambda number: pauses.follow_pause(number, **both),
        "follow_refund": lambda *which: refunds.follow_refund(*which, **both),
        "follow_payment": lambda key, tries: bill_payments.follow_payment(UUID(key), tries, **both),
        "write_bank_file": lambda number: bank_files.write_bank_file(number, ports=ports),
        "read_bank_status": lambda number: bank_files.read_bank_status(number, **both),
    }


def waiting(part: str) -> list[tuple[str, str, list[Any]]]:
    """(key, workflow, arguments) of the runs whose key begins with `part`, oldest first."""
    arguments = table().replace("status", "input")
    with connection.cursor() as cursor:
        cursor.execute(
            "select run.workflow_uuid, run.name, given.inputs"  # noqa: S608 - all ours
            f" from {table()} run join {arguments} given on given.workflow_uuid = run.workflow_uuid"
            " where run.status in ('ENQUEUED', 'DELAYED') and run.workflow_uuid like %s"
            " order by run.created_at, run.workflow_uuid",
            [f"{part}%"],
        )
        rows = cursor.fetchall()
    return [(key, name, json.loads(inputs)["positionalArgs"]) for key, name, inputs in rows]


def _done(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table()} set status = 'SUCCESS' where workflow_uuid = %s",  # noqa: S608
            [key],
        )


def work_off(
    part: str,
    *,
    ports: Ports,
    now: datetime,
    until: Callable[[], bool] = lambda: False,
    ended: Callable[[], None] = lambda: None,
) -> None:
    """Runs what the engine was told, until `until` or until nothing is left.

    ended: called after each run, before the engine hears that it is over.
    """
    runs = _runs(ports, lambda: now)
    for _ in range(40):
        if until() or not (left := waiting(part)):
            return
        key, workflow, arguments = left[0]
        runs[workflow](*arguments)
        ended()
        _done(key)
    raise AssertionError(f"{part} does not come to an end: {waiting(part)}")
