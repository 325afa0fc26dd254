"""What the worker does by the clock, it does case by case."""

import contextlib
from collections.abc import Iterator

import structlog
from django.db import DatabaseError, DataError, IntegrityError

log = structlog.get_logger()

OUR_FAULT = (IntegrityError, DataError)
"""The database is well and will not have what we write: to repeat it would change nothing. Every
other trouble of it passes, and is everybody's."""


@contextlib.contextmanager
def by_itself(what: str, about: object) -> Iterator[None]:
    """Around the work on one row of a sweep: if it breaks, that is logged, and the next has its turn.

    what: the sweep; about: the row's number or id. Call it outside any transaction. Raises
    DatabaseError when the database is in trouble, which is everybody's.
    """
    try:
        yield
    except OUR_FAULT:
        log.exception("broke_in_sweep", sweep=what, about=str(about))
    except DatabaseError:
        raise
    except Exception:
        log.exception("broke_in_sweep", sweep=what, about=str(about))
