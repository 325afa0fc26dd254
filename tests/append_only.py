"""Emptying the test database although its record and its journal refuse to be emptied.

A transactional test ends with an empty database. Django's own way empties all tables, most of
which are empty, then makes the rows of its own tables anew and lets the engine look at its tables:
that takes longer than most tests. Here only what was written is deleted.

Triggers stand in the way, rightly. The tests own their database: they take them off and put the
very same ones back, in the transaction that deletes. Nothing in the product can do this by a
setting.
"""

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from tests.engine_rows import forget_runs

_MADE_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


def let_tests_flush() -> None:
    """Replaces the tear-down of transactional tests."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]  # private


def _empty(_case: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        forget_runs("")  # the engine's tables are not Django's
        if connection.vendor == "postgresql":
            _empty_on_postgresql(cursor)
        else:
            _empty_on_sqlite(cursor)


@cache
def _tables() -> tuple[str, ...]:
    names = set(connection.introspection.django_table_names(only_existing=True))
    return tuple(connection.ops.quote_name(name) for name in sorted(names - _MADE_BY_MIGRATIONS))


def _written(cursor: CursorWrapper) -> list[str]:
    """Tables in which there is something."""
    each = [f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in _tables()]  # noqa: S608 - ours
    cursor.execute(" UNION ALL ".join(each))
    return [row[0] for row in cursor.fetchall()]


def _empty_on_postgresql(cursor: CursorWrapper) -> None:
    # Whoever still writes is waited for, as TRUNCATE would.
    cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN ACCESS EXCLUSIVE MODE")
    # In this role, of a superuser only, neither triggers nor foreign keys are looked at.
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table in _written(cursor):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - ours


def _empty_on_sqlite(cursor: CursorWrapper) -> None:
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    written = _written(cursor)
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards = [row for row in cursor.fetchall() if connection.ops.quote_name(row[1]) in written]
    for name, _table, _sql in guards:
        cursor.execute(f"DROP TRIGGER {name}")
    for table in written:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
    for _name, _table, sql in guards:
        cursor.execute(sql)
