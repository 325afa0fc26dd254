"""A worker as `signoff worker` is, which counts its commits; at a box, or at a carrier in memory.

Prints a line when it takes runs, and writes the counts to a file when it is stopped.
"""

import argparse
import json
import signal
import threading
from pathlib import Path
from typing import Any

import django

django.setup()

import sqlalchemy  # noqa: E402 - after Django is set up
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from tests.instant import InstantCarrier  # noqa: E402

from signoff import wiring  # noqa: E402
from signoff.sagas.worker import run_worker  # noqa: E402

_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")  # the engine claims with a WITH … UPDATE


class Commits:
    """Commits that changed something: Django's, and the engine's own."""

    def __init__(self) -> None:
        self.domain = 0
        self.engine = 0
        self._lock = threading.Lock()

    def watch(self) -> None:
        """From now on, in this process."""
        commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # Django's own, private

        def counted(wrapper: BaseDatabaseWrapper) -> None:
            commit(wrapper)
            with self._lock:
                self.domain += 1

        BaseDatabaseWrapper._commit = counted  # type: ignore[attr-defined]
        sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", self._statement)
        sqlalchemy.event.listen(sqlalchemy.Engine, "commit", self._committed)

    def _statement(self, connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(_WRITES):
            connection.info["wrote"] = True

    def _committed(self, connection: Any) -> None:
        if connection.info.pop("wrote", False):
            with self._lock:
                self.engine += 1


def main() -> None:
    """Until SIGTERM."""
    options = argparse.ArgumentParser()
    options.add_argument("--carrier", choices=["box", "instant"], required=True)
    options.add_argument("--counts", type=Path, required=True)
    options.add_argument("--profile", type=Path)
    chosen = options.parse_args()
    if chosen.carrier == "instant":
        carrier = InstantCarrier()
        wiring.ports.cache_clear()
        wiring.wire = lambda _config: carrier.ports()  # type: ignore[assignment]  # called by place
    commits = Commits()
    commits.watch()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: threading.Thread(target=stop.set).start())
    if chosen.profile:
        _profile_runs(chosen.profile)
    run_worker(stop, started=lambda: print("ready", flush=True))
    counts = {"domain": commits.domain, "engine": commits.engine}
    chosen.counts.write_text(json.dumps(counts))


def _profile_runs(file: Path) -> None:
    """Where the time of the runs themselves goes, thread by thread, added up at the end."""
    import atexit  # noqa: PLC0415
    import cProfile  # noqa: PLC0415

    from signoff.sagas import closing, notices  # noqa: PLC0415

    profile = cProfile.Profile()
    lock = threading.Lock()

    def profiled(work: Any) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            with lock:
                return profile.runcall(work, *args, **kwargs)

        return run

    closing.close_case = profiled(closing.close_case)
    notices.deliver_notice = profiled(notices.deliver_notice)
    atexit.register(lambda: profile.dump_stats(str(file)))


main()
