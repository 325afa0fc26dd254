"""The engine's own rows, read as they are: the tests believe no interface here."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class EngineRow:
    """A run as the engine keeps it. `delayed_until_ms` since 1970, None for one that may start."""

    name: str
    status: str
    executor: str | None
    delayed_until_ms: int | None


def table() -> str:
    """Name of the engine's table of runs."""
    return "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"


def engine_rows(part: str = "") -> dict[str, EngineRow]:
    """Runs whose name contains `part`, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select workflow_uuid, status, executor_id, delay_until_epoch_ms"  # noqa: S608 - ours
            f" from {table()} where workflow_uuid like %s",
            [f"%{part}%"],
        )
        return {row[0]: EngineRow(*row) for row in cursor.fetchall()}


def forget_runs(part: str) -> int:
    """What an operator does who clears the engine's tables; returns how many are gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {table()} where workflow_uuid like %s", [f"%{part}%"])  # noqa: S608 - ours
        return int(cursor.rowcount)
