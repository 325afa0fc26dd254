"""The clock of the reviews: reminders, questions whose day is over, refusals that stand; the letter
that tells the staff what waits; and the end of what sessions kept."""

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from signoff.accounts.operations import SWEEPS as OF_ACCOUNTS
from signoff.briefing.operations import SWEEPS as OF_BRIEFING
from signoff.closing.sweeping import OUR_FAULT
from signoff.review.sweeps import SWEEPS as OF_REVIEW

SWEEPS = (*OF_REVIEW, *OF_BRIEFING, *OF_ACCOUNTS)

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
"""A refusal stands after a minute; days are told by the calendars of the customers."""


def sweep_when_due(*, now: datetime) -> datetime:
    """Does what is due in the reviews; returns when to ask again. Raises DatabaseError.

    What breaks is logged and tried again: the worker has more to do than this.
    """
    for sweep in SWEEPS:
        try:
            done = sweep(now=now)
        except OUR_FAULT:
            log.exception("sweep_broke", sweep=sweep.__name__)
        except DatabaseError:
            raise
        except Exception:
            log.exception("sweep_broke", sweep=sweep.__name__)
        else:
            if done:
                log.info("swept", sweep=sweep.__name__, done=done)
    return now + EVERY
