"""What the database itself does for the record.

Guards refuse to change or to remove what is append-only, whoever asks. The growth trigger notes
each new row as waiting for a checkpoint, in the same transaction.

Migrations install them; a later migration that rebuilds a table on SQLite loses its triggers and
must install them again (`signoff audit verify` says when they are missing).
"""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

ROWS, CHECKPOINTS, HEADS = "audit_auditrow", "audit_checkpoint", "audit_checkpointhead"
GUARDED = (ROWS, CHECKPOINTS, HEADS)

_SHORT = {ROWS: "audit", CHECKPOINTS: "audit_checkpoint", HEADS: "audit_head"}
_UNIQUE = {
    ROWS: ("stream = NEW.stream AND seq = NEW.seq", "id = NEW.id"),
    CHECKPOINTS: ("number = NEW.number",),
    HEADS: ("stream = NEW.stream AND seq = NEW.seq", "id = NEW.id"),
}
_REFUSAL = "the audit record is append-only"
_REFUSE = (
    f"BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END"
)
GROWTH = "audit_growth_noted"
_NOTE = "INSERT INTO audit_growth (stream, at) VALUES (NEW.stream, NEW.at);"

_GROWTH = {
    "sqlite": [f"CREATE TRIGGER {GROWTH} AFTER INSERT ON {ROWS} BEGIN {_NOTE} END"],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_note_growth() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN {_NOTE} RETURN NULL; END$$""",
        f"""CREATE TRIGGER {GROWTH} AFTER INSERT ON {ROWS}
            FOR EACH ROW EXECUTE FUNCTION audit_note_growth()""",
    ],
}
_PRESENT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # Without a condition, on all columns, and switched on for everybody but a replica.
    "postgresql": """
        SELECT tgname, c.relname || ' ' || tgtype || ' ' || p.prosrc
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgqual IS NULL
              AND tgattr = ''::int2vector AND pg_table_is_visible(c.oid)""",
}
# Bits of pg_trigger.tgtype: 1 each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
_BEFORE_CHANGE, _BEFORE_TRUNCATE, _AFTER_INSERT = 1 | 2 | 8 | 16, 2 | 32, 1 | 4


def guards(vendor: str, table: str) -> tuple[str, ...]:
    """Names of the triggers that keep `table` append-only. Raises KeyError as `install` does."""
    kinds = {
        "sqlite": ("no_update", "no_delete", "no_replace"),
        "postgresql": ("append_only", "no_truncate"),
    }
    return tuple(f"{_SHORT[table]}_{kind}" for kind in kinds[vendor])


def install(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Guards these tables; without a name, all.

    Raises KeyError on a database that is neither SQLite nor PostgreSQL.
    """
    statements = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for table in tables or GUARDED:
            for statement in statements(table):
                cursor.execute(statement)


def _on_sqlite(table: str) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    no_update, no_delete, no_replace = guards("sqlite", table)
    yield f"CREATE TRIGGER {no_update} BEFORE UPDATE ON {table} {refuse}"
    yield f"CREATE TRIGGER {no_delete} BEFORE DELETE ON {table} {refuse}"
    # INSERT OR REPLACE deletes without asking the trigger for DELETE.
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608 - fixed words
        for condition in _UNIQUE[table]
    )
    yield f"CREATE TRIGGER {no_replace} BEFORE INSERT ON {table} WHEN {same} {refuse}"


def _on_postgresql(table: str) -> Iterator[str]:
    append_only, no_truncate = guards("postgresql", table)
    yield f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
              $${_REFUSE}$$"""
    yield f"""CREATE TRIGGER {append_only} BEFORE UPDATE OR DELETE ON {table}
              FOR EACH ROW EXECUTE FUNCTION audit_refuse()"""
    yield f"""CREATE TRIGGER {no_truncate} BEFORE TRUNCATE ON {table}
              FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"""


def install_growth(connection: BaseDatabaseWrapper) -> None:
    """Notes new rows from now on. Raises KeyError as `install` does."""
    with connection.cursor() as cursor:
        for statement in _GROWTH[connection.vendor]:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Takes the guards off: for taking back a migration, and for tests that empty their database."""
    for table in tables or GUARDED:
        _drop(connection, table, guards(connection.vendor, table))


def remove_growth(connection: BaseDatabaseWrapper) -> None:
    """For taking back the migration."""
    _drop(connection, ROWS, (GROWTH,))


def _drop(connection: BaseDatabaseWrapper, table: str, names: tuple[str, ...]) -> None:
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Names of the triggers that are not there, are switched off, or do not what they should."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT[connection.vendor])
        present = {name: _in_one_line(text) for name, text in cursor.fetchall()}
    return tuple(
        name for name, text in _wanted(connection.vendor) if present.get(name) != _in_one_line(text)
    )


def _wanted(vendor: str) -> Iterator[tuple[str, str]]:
    """Names, and what stands behind each in the answer to `_PRESENT`."""
    for table in GUARDED:
        if vendor == "sqlite":
            yield from zip(guards(vendor, table), _on_sqlite(table), strict=True)
        else:
            append_only, no_truncate = guards(vendor, table)
            yield append_only, f"{table} {_BEFORE_CHANGE} {_REFUSE}"
            yield no_truncate, f"{table} {_BEFORE_TRUNCATE} {_REFUSE}"
    if vendor == "sqlite":
        yield GROWTH, _GROWTH[vendor][0]
    else:
        yield GROWTH, f"{ROWS} {_AFTER_INSERT} BEGIN {_NOTE} RETURN NULL; END"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
