"""Settings of the tests, made before Django starts: pytest loads this as a plugin (`-p`).

A conftest.py would come too late: pytest-django reads the settings before it.
`SIGNOFF_TEST_ON=postgresql` runs everything on a PostgreSQL cluster that the tests start
themselves; otherwise on SQLite in a file, as in the embedded form.
"""

import base64
import contextlib
import os
import tempfile

import pytest

from tests.peers.postgres import cluster

_open = contextlib.ExitStack()


def _prepare_environment() -> None:
    home = _open.enter_context(tempfile.TemporaryDirectory(prefix="signoff-test-"))
    os.environ["SIGNOFF_SECRET_KEY"] = "test-only-" + "x" * 40
    os.environ["SIGNOFF_HOME"] = home
    os.environ["SIGNOFF_EVIDENCE_KEYS"] = base64.b64encode(
        b"test-only-key-of-thirty-two-byte"
    ).decode()
    if (
        os.environ.get("SIGNOFF_TEST_ON") == "postgresql"
        and "PYTEST_XDIST_WORKER" not in os.environ
    ):
        os.environ["DATABASE_URL"] = _open.enter_context(cluster())


_prepare_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what `_prepare_environment` started."""
    _open.close()
