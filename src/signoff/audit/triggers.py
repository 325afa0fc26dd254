"""The database itself refuses to change or to remove a row of the record.

Migration 0002 installs them; a later migration that rebuilds the table on SQLite loses them and
must install them again (`signoff audit verify` says when they are missing).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditrow"
TRIGGERS = {
    "sqlite": ("audit_no_update", "audit_no_delete", "audit_no_replace"),
    "postgresql": ("audit_append_only", "audit_no_truncate"),
}

_INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END"""
        for verb in ("UPDATE", "DELETE")
    ]
    + [
        # INSERT OR REPLACE deletes without asking the trigger for DELETE.
        """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditrow
            WHEN EXISTS (SELECT 1 FROM audit_auditrow WHERE stream = NEW.stream AND seq = NEW.seq)
              OR EXISTS (SELECT 1 FROM audit_auditrow WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END"""
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'the audit record is append-only'
                 USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        f"""CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ],
}
_PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
        " AND NOT tgisinternal AND tgenabled <> 'D'"
    ),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Raises KeyError on a database that is neither SQLite nor PostgreSQL."""
    with connection.cursor() as cursor:
        for statement in _INSTALL[connection.vendor]:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """For taking back the migration, and for tests that empty their own database."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Names of the triggers that should be on the table and are not, or are switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT[connection.vendor], [TABLE])
        present = {row[0] for row in cursor.fetchall()}
    return tuple(name for name in TRIGGERS[connection.vendor] if name not in present)
