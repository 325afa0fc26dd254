"""What is said by the database: its tables, its guards, and who works on it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from signoff.cli.checks.finding import Finding, State
from signoff.config import Config, config
from signoff.kernel.clock import now


def database() -> Finding:
    """Without password and user: only what tells one database from another."""
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs Django set up first

    row = connection.settings_dict
    where = str(row["NAME"])
    if connection.vendor != "sqlite":
        where = f"{row['NAME']} at {row['HOST'] or 'the local socket'}"
    try:
        connection.ensure_connection()
        version = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError as error:
        return Finding("database", State.MISSING, f"{where}: {str(error).splitlines()[0]}")
    return Finding("database", State.GOOD, f"{connection.display_name} {version}, {where}")


def static_files(settings: Config) -> Finding:
    """Without them, pages have no looks."""
    if (settings.home / "static" / "staticfiles.json").is_file():
        return Finding("static files", State.GOOD, str(settings.home / "static"))
    return Finding("static files", State.MISSING, "not collected: run `signoff migrate`")


def tables() -> Iterator[Finding]:
    """Whether they are those of this version, and guarded."""
    # These need Django set up first.
    from django.db import connection  # noqa: PLC0415

    from signoff.audit import triggers  # noqa: PLC0415
    from signoff.journal import triggers as of_the_journal  # noqa: PLC0415
    from signoff.sagas.engine import tables_are_current  # noqa: PLC0415
    from signoff.sagas.health import missing_migrations  # noqa: PLC0415

    behind = missing_migrations()
    if behind:
        yield Finding(
            "tables", State.MISSING, f"{len(behind)} changes are missing: run `signoff migrate`"
        )
        return
    yield Finding("tables", State.GOOD, "up to date")
    yield _judged("tables of the engine", tables_are_current, "run `signoff migrate`")
    yield _judged(
        "guards of the record",
        lambda: not triggers.missing(connection),
        "the database would let the record be changed: run `signoff audit verify`",
    )
    yield _judged(
        "guards of the journal",
        lambda: not of_the_journal.missing(connection),
        "the database would let what was booked be changed: run `signoff journal check`",
    )
    yield _checkpoints()


def _checkpoints() -> Finding:
    """A row should not wait longer than the setting says; twice as long means that none is made."""
    from signoff.audit.queries import last_checkpoint, waiting_since  # noqa: PLC0415 - needs Django

    since, last = waiting_since(), last_checkpoint()
    if since and now() > since + 2 * timedelta(seconds=config().checkpoint_seconds):
        why = "does a worker run, with the signing key? Else `signoff audit verify` tells"
        said = f"rows wait for one since {since:%Y-%m-%d %H:%M} UTC: {why}"
        return Finding("checkpoints", State.MISSING, said)
    said = f"number {last.number}, of {last.at:%Y-%m-%d %H:%M} UTC" if last else "none needed yet"
    return Finding("checkpoints", State.GOOD, said)


def _judged(what: str, is_good: Callable[[], bool], otherwise: str) -> Finding:
    if is_good():
        return Finding(what, State.GOOD, "up to date")
    return Finding(what, State.MISSING, otherwise)


def worker() -> Finding:
    """Without one, nothing that was asked for is done."""
    from django.db import DatabaseError  # noqa: PLC0415 - needs Django set up first

    from signoff.sagas.queries import live_workers  # noqa: PLC0415 - the same

    try:
        alive = live_workers(now=now())
    except DatabaseError:
        return Finding("worker", State.MISSING, "cannot be known before the tables are made")
    if not alive:
        return Finding("worker", State.MISSING, "none lives: start `signoff worker`")
    return Finding("worker", State.GOOD, f"{len(alive)} alive")
