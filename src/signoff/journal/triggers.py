"""The database itself keeps the journal balanced and unchanged, whoever writes.

An entry is let in only after its postings, and closes them:

- a posting is refused if its entry is there already;
- an entry is refused unless as many postings as it says are there, two at least, on the places
  0, 1, 2 …, and add up to zero in every currency;
- a posting without an entry cannot be committed: its foreign key is looked at then;
- nothing is ever changed or deleted.

The statements are in `triggers.sqlite.sql` and `triggers.postgresql.sql`. The first migration runs
them; a later migration that rebuilds a table on SQLite loses them and must run them again
(`signoff journal check` says when they are missing).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

_TRIGGER = re.compile(r"^CREATE (?:CONSTRAINT )?TRIGGER (\w+) .* ON (\w+)$", re.MULTILINE)
_PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
        " AND NOT tgisinternal AND tgenabled <> 'D'"
    ),
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """One of ours, by its name and its table."""

    name: str
    table: str


@cache
def _statements(vendor: str) -> tuple[str, ...]:
    """Raises FileNotFoundError for a database that is neither SQLite nor PostgreSQL."""
    text = Path(__file__).with_name(f"triggers.{vendor}.sql").read_text(encoding="utf-8")
    return tuple(part for part in text.split("\n\n") if "CREATE " in part)


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """Those that guard the journal on a database of this kind."""
    return tuple(
        Trigger(*found.groups())
        for statement in _statements(vendor)
        for found in _TRIGGER.finditer(statement)
    )


def install(connection: BaseDatabaseWrapper) -> None:
    """Raises FileNotFoundError on a database that is neither SQLite nor PostgreSQL."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """For taking back the migration, and for tests that empty their own database."""
    with connection.cursor() as cursor:
        for trigger in triggers(connection.vendor):
            on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Names of the triggers that should be there and are not, or are switched off."""
    return tuple(_missing(connection))


def _missing(connection: BaseDatabaseWrapper) -> Iterator[str]:
    with connection.cursor() as cursor:
        for trigger in triggers(connection.vendor):
            cursor.execute(_PRESENT[connection.vendor], [trigger.table])
            if trigger.name not in {row[0] for row in cursor.fetchall()}:
                yield trigger.name
