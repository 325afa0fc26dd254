"""Reading more rows than fit into memory."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

BATCH = 2000
"""Rows held in memory at a time."""


@contextlib.contextmanager
def streaming() -> Iterator[None]:
    """Within it, `iterator()` has the server hand out rows as they are wanted.

    On PostgreSQL that needs a transaction: outside of one the cursor would have to outlive it, and
    the server would write all rows into a file first. On SQLite a transaction of ours would keep
    every writer waiting, and a plain read has its own view of the file.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
    else:
        yield
