"""Django's database connection in a worker's threads."""

import contextlib
from collections.abc import Iterator

from django.db import DataError, IntegrityError, close_old_connections

OUR_FAULT = (IntegrityError, DataError)
"""The database is well and will not have what we write: to repeat it would change nothing. Every
other trouble of it passes, and is left to the engine."""


@contextlib.contextmanager
def fresh_connection() -> Iterator[None]:
    """A connection that broke while nobody looked is replaced before and after a run."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()
