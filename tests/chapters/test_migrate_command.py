"""`signoff migrate` on a database that it cannot bring up to date."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path


def test_a_database_that_an_unreleased_version_left_half_way_is_named_and_left_alone(
    tmp_path: Path,
) -> None:
    file = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(file)) as old:
        old.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)"
        )
        for app in ("accounts", "closing"):
            old.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, '0001_initial', ?)",
                [app, "2026-11-01 00:00:00"],
            )
        old.commit()
    done = subprocess.run(
        [sys.executable, "-m", "signoff.cli", "migrate"],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{file}", "SIGNOFF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "begun by a version that was never released" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(file)) as kept:
        tables = kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [("django_migrations",)]
