"""One measurement, in a process of its own: one database, one number of workers, one carrier.

Prints one line of JSON. Called by `benchmarks/closings.py`.
"""

import argparse
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import django

django.setup()

from django.db import connection, connections  # noqa: E402 - after Django is set up
from tests.instant import InstantCarrier  # noqa: E402
from tests.peers.box import RunningBox, running_box  # noqa: E402
from tests.peers.ports import free_port  # noqa: E402
from tests.peers.workers import box_environment  # noqa: E402
from tests.world import at_the_carrier, customer, reviewer, submitted  # noqa: E402

from benchmarks.surroundings import memory_mb, percentile, running, stop_cleanly  # noqa: E402
from signoff.closing import queries as cases  # noqa: E402
from signoff.closing.models import Case  # noqa: E402
from signoff.kernel.clock import now  # noqa: E402
from signoff.notice.models import Notice  # noqa: E402
from signoff.review import operations as review  # noqa: E402
from signoff.review.models import Decision  # noqa: E402
from signoff.sagas.closing import close_case  # noqa: E402
from signoff.sagas.notices import deliver_notice  # noqa: E402
from signoff.termination.models import Receipt  # noqa: E402

_LONGEST = 600


def main() -> None:
    """Measures the rate of a backlog, then the time that one closing takes."""
    stop_cleanly()
    options = argparse.ArgumentParser()
    options.add_argument("--closings", type=int, required=True)
    options.add_argument("--at-a-time", type=int, required=True)
    options.add_argument("--workers", type=int, required=True)
    options.add_argument("--carrier", choices=["box", "instant"], required=True)
    options.add_argument("--profile", default="")
    chosen = options.parse_args()
    with contextlib.ExitStack() as stack:
        box = None
        if chosen.carrier == "box":
            box = stack.enter_context(running_box(text_seconds=0.05))
        measured = _measure(chosen, box)
    print(json.dumps(measured))


def _measure(chosen: argparse.Namespace, box: RunningBox | None) -> dict[str, Any]:
    by = reviewer()
    ready = _submitted(chosen.closings, box)
    backlog = [review.take(case=case, reviewer=by, now=now()) for case in ready]
    for case in backlog:
        review.approve(case=case, reviewer=by, now=now())
    threads = max(1, chosen.at_a_time // chosen.workers)
    environment = {
        **os.environ,
        **(box_environment(box) if box else {}),
        "SIGNOFF_WORKER_THREADS": str(threads),
    }
    folder = Path(tempfile.mkdtemp(dir=os.environ["SIGNOFF_HOME"]))
    measured: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        begun = time.monotonic()
        workers = [
            stack.enter_context(_worker(environment, folder / str(n), chosen))
            for n in range(chosen.workers)
        ]
        started = time.monotonic()
        _wait_until_idle()
        measured["seconds"] = round(time.monotonic() - started, 2)
        measured["seconds_with_start"] = round(time.monotonic() - begun, 2)
        measured["worker_mb"] = max(memory_mb(worker.pid) for worker in workers)
    measured["closings_a_second"] = round(chosen.closings / measured["seconds"], 2)
    counts = [json.loads((folder / str(n)).read_text()) for n in range(chosen.workers)]
    for side in ("domain", "engine"):
        total = sum(count[side] for count in counts)
        measured[f"{side}_commits_a_closing"] = round(total / chosen.closings, 1)
    with contextlib.ExitStack() as stack:
        for n in range(chosen.workers):
            stack.enter_context(_worker(environment, folder / f"again{n}", chosen))
        measured |= _times(chosen, box)
        measured["web_mb"] = _web_mb(environment) if chosen.workers == 1 else None
    if chosen.carrier == "instant" and chosen.workers == 1:
        measured["without_engine_a_second"] = _without_engine(chosen)
    measured["false_errors"] = Receipt.objects.exclude(trouble="").count()
    return measured


def _submitted(count: int, box: RunningBox | None) -> list[Case]:
    whos = [customer() for _ in range(count)]
    if box:
        for who in whos:
            at_the_carrier(who, box)
    return [submitted(who, now=now()) for who in whos]


def _worker(
    environment: dict[str, str], counts: Path, chosen: argparse.Namespace
) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    command: list[object] = [sys.executable, "-m", "benchmarks.bench_worker"]
    command += ["--carrier", chosen.carrier, "--counts", counts]
    if chosen.profile and "again" not in counts.name:
        command += ["--profile", chosen.profile]
    return running(command, environment, ready="ready")


def _wait_until_idle() -> None:
    """Everything is closed and everybody has been told."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        left = Case.objects.exclude(state="closed").exists()
        if not left and not Notice.objects.filter(state="waiting").exists():
            return
        time.sleep(0.05)
    raise SystemExit(f"not closed after {_LONGEST} s: {list(Case.objects.values('state'))[:5]}")


def _times(chosen: argparse.Namespace, box: RunningBox | None) -> dict[str, float]:
    """From approval to closed, while so many are under way and no more."""
    by = reviewer()
    todo = [
        review.take(case=case, reviewer=by, now=now())
        for case in _submitted(max(12, chosen.closings // 4), box)
    ]
    _wait_for_notices()
    mine = [case.pk for case in todo]
    under_way: set[Any] = set()
    while todo or under_way:
        while todo and len(under_way) < chosen.at_a_time:
            case = review.approve(case=cases.case_by_id(todo.pop().pk), reviewer=by, now=now())
            under_way.add(case.pk)
        under_way -= set(
            Case.objects.filter(pk__in=under_way, state="closed").values_list("pk", flat=True)
        )
        time.sleep(0.02)
    decided = dict(Decision.objects.filter(case__in=mine).values_list("case", "decided_at"))
    ended = cast(  # all are closed by now, and a closed case has ended
        "dict[UUID, datetime]",
        dict(Case.objects.filter(pk__in=mine).values_list("pk", "ended_at")),
    )
    seconds = [(ended[case] - decided[case]).total_seconds() for case in mine]
    return {"p50": round(percentile(seconds, 50), 2), "p99": round(percentile(seconds, 99), 2)}


def _without_engine(chosen: argparse.Namespace) -> float:
    """Closings a second if the very same steps are called one after the other, by nobody's queue."""
    by = reviewer()
    carrier = InstantCarrier().ports()
    todo: queue.SimpleQueue[Case] = queue.SimpleQueue()
    for case in _submitted(chosen.closings, None):
        taken = review.take(case=case, reviewer=by, now=now())
        todo.put(review.approve(case=taken, reviewer=by, now=now()))

    def work() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                case = todo.get_nowait()
                close_case(case.pk, ports=carrier, now=now)
                for number in Notice.objects.filter(case=case.pk, state="waiting"):
                    deliver_notice(number.pk, 0, ports=carrier, now=now)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(chosen.at_a_time)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closings: int = chosen.closings
    return round(closings / (time.monotonic() - begun), 2)


def _wait_for_notices() -> None:
    while Notice.objects.filter(state="waiting").exists():
        time.sleep(0.05)


def _web_mb(environment: dict[str, str]) -> float:
    """The web server after it has served some pages."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "signoff.cli", "web", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        served = 0
        until = time.monotonic() + 30
        while served < 20 and time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/login/") as page:
                    served += page.status == 200
            except OSError:
                time.sleep(0.1)
        return memory_mb(server.pid)
    finally:
        server.terminate()
        server.wait(20)


main()
connection.close()
