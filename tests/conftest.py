"""The database that the tests run on. The settings are made in `tests/environment.py`."""

import io
import logging
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import override_settings
from xdist.scheduler import LoadScopeScheduling

from tests.append_only import let_tests_flush

_ORDER = ("sagas", "journeys", "docs", "contracts", "chapters", "rules")
"""Folders as they are dealt out: what is long would otherwise be waited for at the end. After the
demo come those that wait rather than compute."""
_ON_POSTGRESQL = os.environ.get("SIGNOFF_TEST_ON") == "postgresql"
_TOGETHER = {"stack": "demo", "live_server": "browser"}
"""Files whose tests name these fixtures stay in one process, which starts the demo only once; the
days of the staff have a demo and a process of their own, for they are long."""


class Dealer(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Deals out test by test, but those of `_TOGETHER` to one process.

    Not by xdist's own groups: with pytest 9.2 the marks no longer reach it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.partition("::")[0]) or nodeid


@cache
def _group(file: str) -> str:
    """Of a test file, by its path from the project's folder; empty for none."""
    if file.endswith("_day.py"):
        return "days"
    source = (Path(__file__).parents[1] / file).read_text("utf-8")
    return next((to for name, to in _TOGETHER.items() if re.search(rf"\b{name}: ", source)), "")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Dealer:
    """Who gets which tests."""
    return Dealer(config, log)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """On PostgreSQL neither a browser nor a reader of the documents, unless they say that they are
    for both: the others do not know which database is in use, and the run on SQLite has them."""
    is_one = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    if not (_ON_POSTGRESQL and is_one and collection_path.parent.name in ("journeys", "docs")):
        return None
    return "both_databases" not in collection_path.read_text("utf-8") or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the tests in order, and leaves some out.

    On PostgreSQL only what meets the database: rules, parsers and peers do not know it either.
    """
    items.sort(key=_place)
    if not _ON_POSTGRESQL:
        return
    left_out = [item for item in items if not _meets_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _meets_the_database(item)]


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _place(item: pytest.Item) -> int:
    if "stack" in _fixtures(item):
        return -1
    folder = item.path.parent.name
    return _ORDER.index(folder) if folder in _ORDER else len(_ORDER)


def _meets_the_database(item: pytest.Item) -> bool:
    by_fixture = {"db", "transactional_db", "live_server"} & _fixtures(item)
    return bool(
        by_fixture
        or item.get_closest_marker("django_db")
        or item.get_closest_marker("both_databases")
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """SQLite in a file, not in memory: other threads and processes must see it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(
            Path(os.environ["SIGNOFF_HOME"]) / f"test-{name}.sqlite3"
        )
        # A process that is killed loses nothing that the kernel holds; no test cuts the power.
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The record of what happened refuses to be emptied; between tests it must be."""
    let_tests_flush()


@pytest.fixture(autouse=True, scope="session")
def plain_static_files() -> Iterator[None]:
    """Pages name their style sheets without the manifest that `collectstatic` would have made."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


class _Errors(io.TextIOBase):
    """The error stream of the moment: each test has its own."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)


@pytest.fixture(autouse=True)
def logs_go_where_a_test_looks() -> None:
    """A command that an earlier test ran has set the log up anew, with a stream closed by now."""
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.stream = _Errors()  # `setStream` would flush the old one


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """The same algorithm with the least work: guessing is not what tests must be kept from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScryptPasswordHasher, "work_factor", 2)
        yield
