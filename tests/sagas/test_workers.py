"""Real worker processes: killed, doubled, stopped; the closings go on."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.policies.load import policies as load_policies
from signoff.sagas.models import Worker
from signoff.termination.models import Receipt
from tests.engine_rows import engine_rows, forget_runs
from tests.peers.box import RunningBox
from tests.peers.workers import running_worker
from tests.world import Customer, approved, at_the_carrier, customer

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = {"dead_after_seconds": 2, "sweep_seconds": 0.5, "poll_seconds": 0.1}
PATIENCE = 45


@pytest.fixture(autouse=True)
def no_time_to_think(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An operator who lets nobody wait: what is approved is begun at once."""
    own = tmp_path / "policy.toml"
    own.write_text('[all]\ncooling_off = "PT0S"\n')
    policies = load_policies(own)
    for reader in ("queries", "promises"):
        monkeypatch.setattr(f"signoff.closing.{reader}.policies", lambda: policies)


@pytest.fixture(autouse=True)
def no_runs_before() -> None:
    """The engine's tables are not Django's: nobody empties them between tests."""
    forget_runs("")


def due(box: RunningBox, count: int) -> list[tuple[Customer, Case]]:
    """Closings that a worker may begin now."""
    whos = [customer() for _ in range(count)]
    for who in whos:
        at_the_carrier(who, box)
    return [(who, approved(who, now=now())) for who in whos]


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def states() -> Counter[str]:
    """How many cases are where."""
    return Counter(Case.objects.values_list("state", flat=True))


def all_closed() -> bool:
    """Nothing is left to do, and everybody has been told."""
    waiting = Notice.objects.filter(state="waiting").exists()
    return set(states()) == {CaseState.CLOSED.value} and not waiting


def everything_once(whos: list[Customer], box: RunningBox) -> None:
    """At the carrier, not in our books."""
    effects = box.effects()
    done = Counter((e["system"], e["operation"], e["subject"], e["key"]) for e in effects)
    assert {what: n for what, n in done.items() if n > 1} == {}
    subjects = Counter((e["system"], e["operation"], e["subject"]) for e in effects)
    for who in whos:
        line = who.lines[0]
        service = line.services.get().reference
        number = int(who.account.number[1:])
        expected = {
            ("smsc", "deliver", line.msisdn[1:]): 1,  # the last one
            ("smsc", "deliver", who.account.contact_phone[1:]): 2,  # received, done
            ("mail", "deliver", who.account.email): 3,  # received, approved, done
            ("hlr", "stop_service", line.imsi): 1,
            ("hlr", "remove", line.imsi): 1,
            ("payments", "refund", f"ch_{number}_0"): 1,
            ("payments", "refund", f"ch_{number}_1"): 1,
            ("smdp", "cancelOrder", line.profile.iccid): 1,
            ("services", "create", service): 1,
            ("services", "cease", service): 1,
        }
        assert {what: subjects[what] for what in expected} == expected
        assert box.row("subscribers", line.imsi) is None


def test_another_worker_takes_over_from_one_that_was_killed(
    box: RunningBox, tmp_path: Path
) -> None:
    closings = due(box, 5)
    with running_worker(box, tmp_path / "first.log", **QUICK) as first:
        begun = wait_for(
            lambda: Receipt.objects.filter(kind="stop_service", state="done").count() >= 2
        )
        first.kill()
    assert begun, (tmp_path / "first.log").read_text()
    assert not all_closed()
    assert Worker.objects.count() == 1  # it said no farewell
    with running_worker(box, tmp_path / "second.log", **QUICK) as second:
        assert wait_for(all_closed), (states(), (tmp_path / "second.log").read_text()[-2000:])
        assert second.stop() == 0
    everything_once([who for who, _ in closings], box)
    assert not Worker.objects.exists()  # the dead one is buried, the other has said farewell
    assert not Receipt.objects.exclude(trouble="").exists()


def test_runs_that_the_engine_lost_are_found_again(box: RunningBox, tmp_path: Path) -> None:
    closings = due(box, 2)
    assert forget_runs("close:") == 2
    forget_runs("notice:")
    with running_worker(box, tmp_path / "log", **QUICK):
        assert wait_for(all_closed), (states(), (tmp_path / "log").read_text()[-2000:])
    everything_once([who for who, _ in closings], box)
    for _who, case in closings:
        assert sorted(engine_rows(f"close:{case.pk}:"))[0] == f"close:{case.pk}:2"


def test_two_workers_share_the_work(box: RunningBox, tmp_path: Path) -> None:
    box.fault("hlr", "slow", seconds=0.05)
    quick = {**QUICK, "worker_threads": 1}
    with contextlib.ExitStack() as both:
        for name in ("one", "two"):
            both.enter_context(running_worker(box, tmp_path / name, **quick))
        assert Worker.objects.count() == 2
        closings = due(box, 6)
        assert wait_for(all_closed), (states(), (tmp_path / "one").read_text()[-2000:])
    everything_once([who for who, _ in closings], box)
    runs = engine_rows("close:").values()
    assert {run.status for run in runs} == {"SUCCESS"}
    assert len({run.executor for run in runs}) == 2


def test_a_system_that_comes_back_is_noticed_without_anybody(
    box: RunningBox, tmp_path: Path
) -> None:
    box.fault("smdp", "down")
    closings = due(box, 1)
    with running_worker(box, tmp_path / "log", **QUICK):
        assert wait_for(lambda: Case.objects.filter(waiting_for="smdp", attempt__gte=3).exists())
        box.clear_faults()
        assert wait_for(all_closed), (states(), (tmp_path / "log").read_text()[-2000:])
    everything_once([who for who, _ in closings], box)


def test_a_worker_that_is_stopped_says_farewell(box: RunningBox, tmp_path: Path) -> None:
    with running_worker(box, tmp_path / "log", **QUICK) as worker:
        assert wait_for(Worker.objects.exists)
        assert worker.stop() == 0, (tmp_path / "log").read_text()
    assert not Worker.objects.exists()
    assert "Traceback" not in (tmp_path / "log").read_text()
    connection.close()
