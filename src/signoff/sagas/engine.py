"""DBOS Transact as our engine: the side that gives commands.

A command is a row in the engine's table, written on the very connection and in the very
transaction of Django: the domain's rows and the command appear together or not at all.
The web process uses only this side; the worker (`signoff.sagas.worker`) runs the commands.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos._migration import get_migration_versions, get_sqlite_migration_versions
from dbos._serialization import DBOSPortableJSONSerializer
from django.conf import settings
from django.db import connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from signoff.kernel.errors import SignoffError

QUEUE = "signoff"
APPLICATION_VERSION = "1"
"""Changed only when a workflow's meaning changes: runs of another version are not picked up, and
what they were to do is asked for anew (`reconcile`)."""


class NotInTransaction(SignoffError):
    """A command outside a transaction could be lost, or be true too early."""


class _Borrowed:
    """Django's own DBAPI connection, lent to SQLAlchemy: it may write, but nothing else.

    Django owns the transaction, so commit, rollback and close do nothing here, and attributes
    that SQLAlchemy would set (such as autocommit) stay as Django has them.
    """

    def __init__(self, owner: Any) -> None:
        object.__setattr__(self, "_owner", owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._owner, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Ignored: see the class."""

    def commit(self) -> None:
        """Django commits."""

    def rollback(self) -> None:
        """Django rolls back."""

    def close(self) -> None:
        """Django closes."""


def _borrow() -> _Borrowed:
    connection.ensure_connection()
    return _Borrowed(connection.connection)


def system_database_url() -> str:
    """The engine's tables live in Django's database, so that one transaction can hold both."""
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    return sqlalchemy.URL.create(
        "postgresql+psycopg",
        username=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        host=database.get("HOST") or None,
        port=int(database["PORT"]) if database.get("PORT") else None,
        database=connection.settings_dict["NAME"],
    ).render_as_string(hide_password=False)


def make_tables() -> None:
    """Creates the engine's tables in Django's database, or brings them up to date."""
    DBOS.migrate(system_database_url())


@lru_cache(maxsize=1)
def _lent() -> sqlalchemy.Engine:
    if connection.vendor == "sqlite":
        return sqlalchemy.create_engine("sqlite://", creator=_borrow, poolclass=NullPool)
    return sqlalchemy.create_engine(
        "postgresql+psycopg://",
        creator=_borrow,
        poolclass=NullPool,
        use_native_hstore=False,  # looking for it needs the real connection object
    )


def tables_are_current() -> bool:
    """Whether the engine's tables are there and as new as the engine."""
    if connection.vendor == "sqlite":
        has, wants = get_sqlite_migration_versions(_lent())
    else:
        has, wants = get_migration_versions(_lent(), "dbos", use_listen_notify=True)
    return has >= wants


@lru_cache(maxsize=1)
def client() -> DBOSClient:
    """The engine's client of this process. Connects when it is first used."""
    return DBOSClient(
        system_database_engine=_lent(),
        serializer=DBOSPortableJSONSerializer(),
        lazy=True,
    )


class DbosEngine:
    """Implements `signoff.ports.engine.Engine`."""

    def enqueue(
        self, workflow: str, key: str, *arguments: str | int, delay: timedelta = timedelta()
    ) -> None:
        """See the port. Raises NotInTransaction outside of one, and Django's DatabaseError: what
        SQLAlchemy makes of it would be taken for a mistake of ours."""
        if not connection.in_atomic_block:
            raise NotInTransaction(f"{workflow} must be asked for inside a transaction")
        options: EnqueueOptions = {
            "queue_name": QUEUE,
            "workflow_name": workflow,
            "workflow_id": key,
            "app_version": APPLICATION_VERSION,
        }
        if delay > timedelta():
            options["delay_seconds"] = delay.total_seconds()
        try:
            with _lent().connect() as lent:
                client().enqueue_in_transaction(lent, options, *arguments)
        except DBAPIError as error:
            with connection.wrap_database_errors:
                raise (error.orig or error) from error
