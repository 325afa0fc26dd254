"""What a worker looks after beside its runs, by the clock: each by itself."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from signoff.closing.sweeping import OUR_FAULT
from signoff.config import config
from signoff.kernel.clock import now as clock
from signoff.sagas.checkpoints import make_when_due
from signoff.sagas.photos import erase_when_due
from signoff.sagas.pushes import forget_when_due
from signoff.sagas.reconcile import forget_finished_runs, start_lost_runs, take_over
from signoff.sagas.reminders import sweep_when_due

log = structlog.get_logger()

AGAIN_AFTER_TROUBLE = 10.0
"""Seconds. What breaks has its turn later, and everything else before it."""


Duty = Callable[..., datetime]
"""Called with `now`: does what is due, and returns when it wants to be asked again."""


def find_runs(*, now: datetime) -> datetime:
    """Takes over from dead workers, starts what was lost, forgets what is long over."""
    take_over()
    start_lost_runs(now=now)
    forget_finished_runs(now=now)
    return now + timedelta(seconds=config().sweep_seconds)


DUTIES: Sequence[Duty] = (
    find_runs,
    make_when_due,
    erase_when_due,
    sweep_when_due,
    forget_when_due,
)


class Duties:
    """When each is due again: by a clock that nobody sets."""

    def __init__(
        self, duties: Sequence[Duty] = DUTIES, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """`seconds` only ever goes on. At first everything is due."""
        self._seconds = seconds
        self._due = dict.fromkeys(duties, seconds())

    def do_what_is_due(self) -> None:
        """One duty that breaks does not end the worker, and keeps no other from its turn."""
        for duty, due in self._due.items():
            if due > self._seconds():
                continue
            self._due[duty] = self._seconds() + AGAIN_AFTER_TROUBLE
            try:
                now = clock()
                wait = (duty(now=now) - now).total_seconds()
            except OUR_FAULT:
                log.exception("duty_broke", duty=duty.__name__)
            except DatabaseError as error:
                log.warning("database_out_of_reach", error=type(error).__name__)
                return  # the others would only wait for it, too
            except Exception:
                log.exception("duty_broke", duty=duty.__name__)
            else:
                self._due[duty] = self._seconds() + wait
