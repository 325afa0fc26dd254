"""Is everything there that the workers need? Asked by `signoff check`, never by a page."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from signoff.ports.errors import RemoteError
from signoff.ports.health import Reachable
from signoff.sagas.engine import tables_are_current
from signoff.wiring import ports

_MADE_HERE = frozenset({"bank_files"})
"""Fields of `Ports` that are no remote systems."""
_OPTIONAL = frozenset({"pushes"})
"""Those that an operator may leave off."""


@dataclass(frozen=True, slots=True)
class RemoteHealth:
    """`port`: its name in `signoff.wiring.Ports`. `says`: of itself, or why it is out of reach."""

    port: str
    is_there: bool
    says: str


def remote_systems(*, skip: Collection[str] = ()) -> list[RemoteHealth]:
    """Asks every remote system, all at once: one that does not answer costs its time-out only.

    skip: names of ports that there is no use in asking, since they are not configured.
    """
    known = [(name, system) for name, system in _known() if name not in skip]
    with ThreadPoolExecutor(max_workers=max(1, len(known))) as pool:
        return list(pool.map(lambda pair: _asked(*pair), known))


def _known() -> Iterator[tuple[str, Reachable]]:
    wired = ports()
    for field in fields(wired):
        adapter = getattr(wired, field.name)
        if field.name in _MADE_HERE or (field.name in _OPTIONAL and adapter is None):
            continue
        if not isinstance(adapter, Reachable):
            raise TypeError(f"the adapter of {field.name} has no ping()")
        yield field.name, adapter


def _asked(name: str, system: Reachable) -> RemoteHealth:
    try:
        return RemoteHealth(name, is_there=True, says=system.ping())
    except RemoteError as error:
        return RemoteHealth(name, is_there=False, says=str(error))


def missing_migrations() -> list[str]:
    """Changes of our tables that the database has not seen. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def is_prepared() -> bool:
    """Whether our tables and the engine's are as this version wants. Raises DatabaseError."""
    return not missing_migrations() and tables_are_current()
