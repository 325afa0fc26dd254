"""Reading more rows than fit into memory, whatever somebody has put into them."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from signoff.audit.models import AuditRow

BATCH = 2000
"""Rows held in memory at a time."""


def rows_as_text() -> QuerySet[Any]:
    """Rows with time and facts as the text that the database has: for `links.COLUMNS`.

    What Django would read of them is not everything (of a name that stands twice only the last),
    and what is no time at all would end the reading instead of being found.
    """
    return AuditRow.objects.annotate(
        at_text=Cast("at", TextField()), facts_text=Cast("facts", TextField())
    )


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
        with _any_bytes():
            yield


@contextlib.contextmanager
def _any_bytes() -> Iterator[None]:
    """SQLite keeps a text that is no UTF-8 too; it is to be found, and not to end the reading."""
    connection.ensure_connection()
    held = connection.connection
    before, held.text_factory = held.text_factory, _text
    try:
        yield
    finally:
        held.text_factory = before


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
