"""Backup and restore with the very commands of docs/operate.md, and a case that goes on after it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from tests.docs.pages import ROOT, blocks
from tests.peers.box import RunningBox, running_box
from tests.peers.debian import need
from tests.peers.postgres import cluster
from tests.peers.workers import box_environment

BOOM = ROOT / "examples" / "boom"
COMMANDS = {
    block.language.removeprefix("sh "): block.content
    for block in blocks(ROOT / "docs" / "operate.md")
    if block.language.startswith("sh ")
}


class Place:
    """A server's worth of settings."""

    def __init__(self, home: Path, backup: Path, settings: Mapping[str, str]) -> None:
        self.home = home
        home.mkdir(mode=0o700)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SIGNOFF_")}
        kept.pop("DATABASE_URL", None)
        self.environment = {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "SIGNOFF_HOME": str(home),
            "BACKUP": str(backup),
            **settings,
        }

    def run(self, *command: str) -> str:
        """Standard output; fails with what went wrong."""
        ended = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout.strip()

    def documented(self, name: str) -> str:
        """Runs a block of the page as it stands there."""
        return self.run("sh", "-eu", "-c", COMMANDS[name])

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        """Ended as systemd would end it."""
        command = [sys.executable, "-m", "signoff.cli", "worker"]
        process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def carrier() -> Iterator[RunningBox]:
    """The sample carrier, which knows its own export."""
    with running_box(seed=BOOM) as box:
        yield box


def _settings(box: RunningBox, folder: Path) -> dict[str, str]:
    policy = folder / "policy.toml"
    policy.write_text('[all]\ncooling_off = "PT0S"\n')
    return {
        **box_environment(box),
        "SIGNOFF_SECRET_KEY": "of-a-test-" + "x" * 40,
        "SIGNOFF_POLICY_FILE": str(policy),
    }


def _new_database(server: str) -> str:
    name = f"backup_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
        )
    return server.rpartition("/")[0] + f"/{name}"


@contextlib.contextmanager
def _two_databases(kind: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Settings for the old place and for the new one."""
    if kind == "sqlite":
        need("sqlite3", "sqlite3")
        yield {}, {}
        return
    need("postgresql", "pg_dump")
    with cluster() as server:
        yield {"DATABASE_URL": _new_database(server)}, {"DATABASE_URL": _new_database(server)}


@pytest.mark.both_databases
def test_a_case_goes_on_after_backup_and_restore(carrier: RunningBox, tmp_path: Path) -> None:
    """On the database that the other tests run on: `make test` runs all of them on both."""
    kind = "postgresql" if os.environ.get("SIGNOFF_TEST_ON") == "postgresql" else "sqlite"
    carrier.reset()
    settings = _settings(carrier, tmp_path)
    backup = tmp_path / "backup"
    backup.mkdir()
    with _two_databases(kind) as (before, after):
        old = Place(tmp_path / "old", backup, settings | before)
        old.run("signoff", "migrate")
        old.run("signoff", "keys", "new")
        old.run("signoff", "keys", "new-evidence")
        old.run("signoff", "import", str(BOOM))
        number = old.run(sys.executable, "-m", "tests.docs.approved", "make")
        old.documented(f"backup-{kind}")

        new = Place(tmp_path / "new", backup, settings | after)
        for kept in ("signing-key.pem", "evidence-keys"):
            shutil.copy(old.home / kept, new.home)
        new.documented(f"restore-{kind}")
        assert "Every row is as it was written." in new.documented("after-restore")
        again = new.run("signoff", "import", "--json", str(BOOM))
        assert '"changed": false' in again, "something of the export was lost"
        with new.worker():
            assert new.run(sys.executable, "-m", "tests.docs.approved", "wait", number) == "closed"
