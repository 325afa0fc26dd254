"""Killing a process at a chosen instant: before or after each remote call and each commit.

The instants are counted in one undisturbed run, and then each is tried: none is left to chance.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any, TypeVar

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from signoff.ports.services import OrderAnswer, OrderState, ServiceOrders
from signoff.wiring import Ports

_WRITES = {"INSERT", "UPDATE", "DELETE"}


class Instants:
    """Counts the instants of a run, and kills the process at one of them."""

    def __init__(self, fatal: int | None) -> None:
        self.fatal = fatal
        self.names: list[str] = []

    def reach(self, name: str) -> None:
        """SIGKILL, if this is the fatal one: no handler, no flush, no goodbye."""
        self.names.append(name)
        if self.fatal == len(self.names):
            os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """A port whose every call is an instant before and an instant after."""

    def __init__(self, port: Any, name: str, instants: Instants) -> None:
        self._port, self._name, self._instants = port, name, instants

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)

        def watched(*args: Any, **kwargs: Any) -> Any:
            self._instants.reach(f"before {self._name}.{method}")
            answer = call(*args, **kwargs)
            self._instants.reach(f"after {self._name}.{method}")
            return answer

        return watched


class _OnceNotReady:
    """Service orders that are unfinished when first looked at, and finished when looked at again.

    The remote's own pace would make the number of instants different from run to run.
    """

    def __init__(self, services: ServiceOrders) -> None:
        self._services = services
        self._looked = False

    def cease(self, *, service: str, key: str) -> OrderAnswer:
        return self._services.cease(service=service, key=key)

    def find_order(self, *, key: str) -> OrderAnswer | None:
        answer = self._services.find_order(key=key)
        if not self._looked:
            self._looked = True
            return answer and replace(answer, state=OrderState.IN_PROGRESS)
        while answer and answer.state is OrderState.IN_PROGRESS:
            time.sleep(0.05)
            answer = self._services.find_order(key=key)
        return answer


def watched_ports(ports: Ports, instants: Instants) -> Ports:
    """The same ports, watched."""
    ports = replace(ports, services=_OnceNotReady(ports.services))
    remote = [f.name for f in fields(ports) if f.name != "bank_files"]
    watched = {name: _Watched(getattr(ports, name), name, instants) for name in remote}
    files = {name: _Watched(f, "bank_files", instants) for name, f in ports.bank_files.items()}
    return replace(ports, **watched, bank_files=files)


def watch_commits(instants: Instants) -> None:
    """Every commit of this process is an instant before and an instant after. For children only."""
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # Django's own, private

    def watched(self: BaseDatabaseWrapper) -> None:
        instants.reach("before commit")
        commit(self)
        instants.reach("after commit")

    BaseDatabaseWrapper._commit = watched  # type: ignore[attr-defined]


def watch_writes(instants: Instants) -> None:
    """As `watch_commits`, and each write that commits by itself is a commit too."""
    watch_commits(instants)

    def watched(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        database = context["connection"]
        alone = not database.in_atomic_block and sql.lstrip()[:6].upper() in _WRITES
        if alone:
            instants.reach("before a write")
        answer = execute(sql, params, many, context)
        if alone:
            instants.reach("after a write")
        return answer

    connection.execute_wrappers.append(watched)


Thing = TypeVar("Thing")


def try_every_instant(
    *,
    begin: Callable[[], Thing],
    work: Callable[[Thing, Instants], None],
    check: Callable[[Thing], None],
    least: int,
) -> None:
    """Counts the instants of `work`, then kills it at each of them, and lets another finish.

    begin: makes the same thing anew, in this process. work: runs in a child, to the end, also
    after it was begun by another. check: asserts. least: fewer instants would mean that nothing
    was watched.
    """
    thing = begin()
    names = _instants_of(partial(work, thing))
    check(thing)
    assert len(names) >= least, names
    for fatal, name in enumerate(names, start=1):
        thing = begin()
        assert in_child(partial(work, thing, Instants(fatal=fatal))) == -signal.SIGKILL, name
        assert in_child(partial(work, thing, Instants(fatal=None))) == 0, f"killed {name}"
        try:
            check(thing)
        except AssertionError as error:
            error.add_note(f"killed at {fatal} of {len(names)}: {name}")
            raise


def _instants_of(work: Callable[[Instants], None]) -> list[str]:
    reading, writing = os.pipe()

    def told() -> None:
        instants = Instants(fatal=None)
        work(instants)
        os.write(writing, json.dumps(instants.names).encode())

    status = in_child(told)
    os.close(writing)
    with os.fdopen(reading) as names:
        assert status == 0
        return list(json.loads(names.read()))


def in_child(work: Callable[[], None]) -> int:
    """Runs `work` in a forked process of its own; returns its exit status, −9 if it was killed."""
    connections.close_all()  # neither process may use or close the other's connection
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - the child must never return into the test
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended)
