"""For whoever watches over the processes. Says what is wrong in a word, and nothing else."""

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from signoff.kernel.clock import now
from signoff.sagas.queries import live_workers

_log = structlog.get_logger()


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while the database answers and a worker lives; else 503."""
    try:
        workers = len(live_workers(now=now()))
    except DatabaseError as error:
        _log.error("database_out_of_reach", error=type(error).__name__)
        return _answer(database="out of reach", worker="unknown")
    return _answer(database="ok", worker="ok" if workers else "none lives")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when this process can serve pages: the database answers and has our tables."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        _log.error("database_out_of_reach", error=type(error).__name__)
        return _answer(database="out of reach")
    return _answer(database="to be migrated" if missing else "ok")


def _answer(**parts: str) -> JsonResponse:
    fine = all(word == "ok" for word in parts.values())
    return JsonResponse(parts, status=200 if fine else 503)
