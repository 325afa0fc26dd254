"""Django's database connection in a worker's threads."""

import contextlib
from collections.abc import Iterator

from django.db import close_old_connections


@contextlib.contextmanager
def fresh_connection() -> Iterator[None]:
    """A connection that broke while nobody looked is replaced before and after a run."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()
