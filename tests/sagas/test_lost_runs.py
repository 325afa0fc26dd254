"""What our rows say must happen, and no run will do: asked for anew, whatever the reason."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from signoff.kernel.clock import now
from signoff.ports.engine import engine
from signoff.sagas import operations, reconcile, worker
from signoff.sagas.engine import client
from signoff.sagas.models import Worker
from tests.engine_rows import engine_rows, table
from tests.sagas.running import LATER
from tests.world import approved, customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_engine_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a worker has launched the engine; its client reads the same rows."""
    monkeypatch.setattr(reconcile, "DBOS", client())


def _of_another_version(run: str, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table()} set application_version = '0', status = %s"  # noqa: S608 - ours
            " where workflow_uuid = %s",
            [status, run],
        )


@pytest.mark.parametrize("status", ["ENQUEUED", "DELAYED"])
def test_what_waits_for_workers_of_an_older_version_is_asked_for_anew(status: str) -> None:
    case = approved(customer())
    run = f"close:{case.pk}"
    _of_another_version(f"{run}:1", status)
    reconcile.start_lost_runs(now=LATER)
    assert engine_rows(run)[f"{run}:2"].status == "ENQUEUED"
    reconcile.start_lost_runs(now=LATER)
    assert set(engine_rows(run)) == {f"{run}:1", f"{run}:2"}


def test_what_a_worker_of_an_older_version_has_begun_is_left_to_it() -> None:
    case = approved(customer())
    _of_another_version(f"close:{case.pk}:1", "PENDING")
    reconcile.start_lost_runs(now=LATER)
    assert set(engine_rows(f"close:{case.pk}")) == {f"close:{case.pk}:1"}


def test_a_database_that_takes_no_command_is_not_taken_for_a_mistake_of_ours() -> None:
    read_only = {"sqlite": "pragma query_only = on", "postgresql": "set transaction read only"}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(read_only[connection.vendor])
        try:
            engine().enqueue("close_case", "close:0:1", "0", 1)
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("pragma query_only = off")
    assert engine_rows("close:0:1") == {}


def test_however_much_is_lost_and_whatever_breaks_the_rest_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def ask(number: int) -> None:
        if number == 3:
            raise ValueError("ours")
        asked.append(number)

    runs = {f"run:{number:06}": partial(ask, number) for number in range(70_000)}
    monkeypatch.setattr(reconcile, "expected_runs", lambda _now: runs)
    assert reconcile.start_lost_runs(now=LATER) == len(asked) + 1 == 1_000


def test_a_worker_is_dead_by_the_databases_clock_whatever_its_own_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ahead = now() + timedelta(days=1)
    monkeypatch.setattr("signoff.sagas.worker.now", lambda: ahead, raising=False)
    for beats in (1, 2):  # its first, and any other
        assert worker._beats("ahead"), beats
        assert abs(Worker.objects.get().seen_at - now()) < timedelta(minutes=1)
    operations.bury_dead()
    assert operations.live_executors() == {"ahead"}
    Worker.objects.update(seen_at=now() - operations.dead_after() - timedelta(seconds=1))
    assert operations.live_executors() == set()
    operations.bury_dead()
    assert not Worker.objects.exists()
