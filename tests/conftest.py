"""Settings of the tests, made before Django starts; and the database that they run on.

`SIGNOFF_TEST_ON=postgresql` runs everything on a PostgreSQL cluster that the tests start
themselves; otherwise on SQLite in a file, as in the embedded form.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import pytest

_open = contextlib.ExitStack()


def _prepare_environment() -> None:
    home = _open.enter_context(tempfile.TemporaryDirectory(prefix="signoff-test-"))
    os.environ["SIGNOFF_SECRET_KEY"] = "test-only-" + "x" * 40
    os.environ["SIGNOFF_HOME"] = home
    if os.environ.get("SIGNOFF_TEST_ON") == "postgresql" and "PYTEST_XDIST_WORKER" not in os.environ:
        from tests.peers.postgres import cluster

        os.environ["DATABASE_URL"] = _open.enter_context(cluster())


_prepare_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what `_prepare_environment` started."""
    _open.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """SQLite in a file, not in memory: other threads and processes must see it."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(
            Path(os.environ["SIGNOFF_HOME"]) / f"test-{name}.sqlite3"
        )
