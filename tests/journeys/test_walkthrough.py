"""`signoff walkthrough`: its exit status says what the network says."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from rich.console import Console

from signoff.cli.walk.browser import WalkError
from signoff.cli.walk.journey import Journey, imsi_of
from signoff.cli.walk.page import Page
from signoff.cli.walk.show import Show
from signoff.kernel.identifiers import Imsi
from signoff.termination import certificate
from tests.peers.demo import BOOM, QUICK_POLICY, ROOT

SECONDS = 300


def _walk(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """folder: for what it keeps for the time being only."""
    return subprocess.run(
        [sys.executable, "-m", "signoff.cli", "walkthrough", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(folder)},
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


@pytest.fixture
def database() -> Iterator[list[str]]:
    """Words for the database that these tests are about: PostgreSQL has an empty one made."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield []
        return
    name = f"walk_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield ["--database", f"{server.rpartition('/')[0]}/{name}"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.both_databases
def test_a_line_is_closed_through_the_pages_and_the_network_says_that_it_is_gone(
    tmp_path: Path, database: list[str]
) -> None:
    export = tmp_path / "export"
    shutil.copytree(BOOM, export)
    (export / "policy.toml").write_text(QUICK_POLICY)
    kept, folder = tmp_path / "certificates", tmp_path / "for-now"
    folder.mkdir()
    said = _walk("--export", str(export), "--keep", str(kept), *database, folder=folder)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "does not know" in said.stdout and "asked again" in said.stdout
    (file,) = kept.iterdir()
    content = certificate.verify(file.read_bytes(), None)
    assert content["case"] == file.stem
    assert file.stem in said.stdout and "Gone, checked" in said.stdout
    assert content["lines"][0]["iccid"]
    # What it started has left nothing behind.
    assert list(folder.iterdir()) == []


def test_nobody_there_is_said_in_a_line(tmp_path: Path) -> None:
    said = _walk("--url", "http://127.0.0.1:9", folder=tmp_path)
    assert said.returncode == 1
    assert "does not answer" in said.stderr and "Traceback" not in said.stderr


class _Staff:
    """Stand-in for both people, who see a case closed by the pages."""

    case = "SO-7K4M-92QD-X"
    telephone = "+86 138 0013 8002"

    def __init__(self, *, state: str = "done", has_certificate: bool = True) -> None:
        self._state = state
        self._has_certificate = has_certificate
        self.certificate_kept = b"not a certificate"

    def __getattr__(self, name: str) -> Any:
        return lambda *_words: None

    def look_again(self) -> Page:
        return Page(steps=[(self._state, "Closed")])

    def has_certificate(self) -> bool:
        return self._has_certificate

    def certificate(self) -> bytes:
        return self.certificate_kept


def _journey(tmp_path: Path, people: Any, answers: list[bool], patience: float = 5) -> Journey:
    asked = iter(answers)
    return Journey(
        customer=people, reviewer=people, export=BOOM, is_gone=lambda _imsi: next(asked),
        keys=None, into=tmp_path, patience=patience, stop=threading.Event(),
        show=Show(Console(file=StringIO())),
    )  # fmt: skip


def test_closed_on_the_page_is_not_enough_if_the_network_still_knows(tmp_path: Path) -> None:
    with pytest.raises(WalkError, match="still knows 001017000000037"):
        _journey(tmp_path, _Staff(), [False, False]).go()


def test_a_subscriber_that_never_was_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WalkError, match="nothing could be shown"):
        _journey(tmp_path, _Staff(), [True]).go()


def test_a_certificate_that_is_none_ends_the_walk(tmp_path: Path) -> None:
    with pytest.raises(certificate.CertificateError):
        _journey(tmp_path, _Staff(), [False, True]).go()
    assert not list(tmp_path.iterdir())


def test_a_case_that_needs_a_person_ends_the_walk(tmp_path: Path) -> None:
    people = _Staff(state="problem", has_certificate=False)
    with pytest.raises(WalkError, match="needs a person"):
        _journey(tmp_path, people, [False]).go()


def test_patience_has_an_end(tmp_path: Path) -> None:
    people = _Staff(state="now", has_certificate=False)
    with pytest.raises(WalkError, match="Not closed after 0 s"):
        _journey(tmp_path, people, [False], patience=0).go()


def test_the_subscriber_is_found_by_the_number_on_the_page() -> None:
    assert imsi_of("+86 138 0013 8002", BOOM) == Imsi("001017000000037")
    with pytest.raises(WalkError, match=r"not in .*lines\.csv"):
        imsi_of("+86 138 0013 0000", BOOM)
