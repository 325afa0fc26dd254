"""Killing a process at a chosen instant: before or after each remote call and each commit.

The instants are counted in one undisturbed run, and then each is tried: none is left to chance.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from signoff.ports.services import OrderAnswer, OrderState, ServiceOrders
from signoff.wiring import Ports


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
    return replace(
        ports,
        **{f.name: _Watched(getattr(ports, f.name), f.name, instants) for f in fields(ports)},
    )


def watch_commits(instants: Instants) -> None:
    """Every commit of this process is an instant before and an instant after. For children only."""
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # Django's own, private

    def watched(self: BaseDatabaseWrapper) -> None:
        instants.reach("before commit")
        commit(self)
        instants.reach("after commit")

    BaseDatabaseWrapper._commit = watched  # type: ignore[attr-defined]


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
