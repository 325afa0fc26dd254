"""`signoff audit …`, and the worker's own checkpoints."""

import json
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import OperationalError, connection
from typer.testing import CliRunner, Result

from signoff.audit import triggers, verification
from signoff.audit.models import AuditRow, Checkpoint, CheckpointHead, Growth
from signoff.audit.queries import waiting_since
from signoff.cli.audit import app
from signoff.cli.checks import stored
from signoff.cli.checks.finding import State
from signoff.config import config
from signoff.kernel.keys import load_or_create, public_pem
from signoff.sagas.checkpoints import make_when_due
from tests.record import NOON, sign, write
from tests.world import customer, submitted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def key() -> Ed25519PrivateKey:
    """The operator's."""
    return load_or_create(config().signing_key_file)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_checkpoint_is_made_and_verified() -> None:
    write("case:A", 3)
    assert "Checkpoint 1: 3 rows" in run("checkpoint").output
    assert "Nothing was added" in run("checkpoint").output
    result = run("verify")
    assert result.exit_code == 0
    assert "3 rows in 1 chains read, 3 of them covered by 1 checkpoints." in result.output


def test_an_auditor_without_the_private_key_gives_the_public_one(
    key: Ed25519PrivateKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("case:A")
    run("checkpoint")
    monkeypatch.setattr(config(), "signing_key", tmp_path / "none.pem")
    (tmp_path / "public.pem").write_text(public_pem(key.public_key()))
    assert run("verify").exit_code == 1
    assert run("verify", "--key", tmp_path / "public.pem").exit_code == 0
    assert run("verify", "--key", tmp_path / "absent.pem").exit_code == 2
    assert run("checkpoint").exit_code == 2


def test_a_database_that_does_not_answer_is_no_broken_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(**_arguments: object) -> None:
        raise OperationalError("no such table: audit_checkpoint")

    monkeypatch.setattr("signoff.audit.verification.verify", silent)
    result = run("verify")
    assert result.exit_code == 2
    assert "The database cannot be used: no such table" in result.output


@pytest.mark.parametrize(
    "evil", ["case:\x1b[2J\x1b[HEvery row is as it was written.", "case:\udcff"]
)
def test_what_is_broken_is_told_whatever_was_written_there(
    monkeypatch: pytest.MonkeyPatch, evil: str
) -> None:
    broken = verification.BrokenRow(evil, 7, "it was changed")
    found = verification.Verification(7, 1, 0, 0, (broken,))
    monkeypatch.setattr(verification, "verify", lambda **_arguments: found)
    result = run("verify")
    assert result.exit_code == 1
    assert "row 7: it was changed." in result.output
    assert "\x1b" not in result.output


def test_an_earlier_export_shows_that_the_newest_of_everything_was_removed(tmp_path: Path) -> None:
    write("case:A")
    run("checkpoint")
    write("case:A")
    run("checkpoint")
    kept = tmp_path / "kept.jsonl"
    assert run("export", kept).exit_code == 0
    assert run("verify", "--against", kept).exit_code == 0

    triggers.remove(connection)
    CheckpointHead.objects.filter(checkpoint=2).delete()
    Checkpoint.objects.filter(number=2).delete()
    AuditRow.objects.filter(seq=2).delete()
    connection.check_constraints()
    triggers.install(connection)
    assert run("verify").exit_code == 0, "the database alone cannot show it"
    result = run("verify", "--against", kept)
    assert result.exit_code == 1
    assert "checkpoints, row 2: it is missing" in result.output


@pytest.mark.parametrize(
    "content", ["", "{}", '{"type": "export"}\n[1]', '{"type": "export"}\n{"type": "checkpoint"}']
)
def test_a_file_that_is_no_export_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    result = run("verify", "--against", tmp_path / "file")
    assert result.exit_code == 2
    assert "is not an export" in result.output


def test_one_case_is_exported_by_its_number_and_no_file_is_overwritten(tmp_path: Path) -> None:
    write("case:other")
    case = submitted(customer())
    file = tmp_path / "case.jsonl"
    assert run("export", "--case", case.number, file).exit_code == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    streams = {line["content"]["stream"] for line in lines if line["type"] == "row"}
    assert streams == {f"case:{case.pk}"}
    assert "Li Wei" not in file.read_text(encoding="utf-8")
    assert run("export", file).exit_code == 2
    assert run("export", "--case", "SO-0000-0000", tmp_path / "x").exit_code == 2
    assert not (tmp_path / "x").exists()


def test_half_an_export_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*, file: IO[bytes], **_others: object) -> int:
        file.write(b'{"type": "export"}')
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("signoff.audit.export.export", full)
    result = run("export", tmp_path / "file")
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert list(tmp_path.glob("file*")) == []


# The worker


def test_no_row_waits_longer_than_the_setting_says() -> None:
    assert make_when_due(now=NOON) == NOON + HOUR
    write("case:A")
    assert make_when_due(now=NOON + HOUR / 2) == NOON + HOUR
    assert not Checkpoint.objects.exists()
    assert make_when_due(now=NOON + HOUR) == NOON + 2 * HOUR
    assert Checkpoint.objects.get().at == NOON + HOUR
    assert waiting_since() is None


def test_more_than_one_checkpoint_holds_is_continued_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("signoff.audit.checkpoints.LIMIT", 2)
    write("case:A", 3)
    later = NOON + 2 * HOUR
    assert make_when_due(now=later) == later
    assert make_when_due(now=later) == later + HOUR
    assert Growth.objects.count() == 0


def test_a_missing_key_and_a_strange_checkpoint_stop_only_the_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("case:A")
    monkeypatch.setattr(config(), "signing_key", tmp_path / "none.pem")
    assert make_when_due(now=NOON + HOUR) == NOON + 2 * HOUR
    monkeypatch.undo()
    sign(Ed25519PrivateKey.generate())
    write("case:A")
    assert make_when_due(now=NOON + HOUR) == NOON + 2 * HOUR
    assert Checkpoint.objects.count() == 1
    assert Growth.objects.count() == 1


def test_the_check_says_when_rows_wait_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(hours: int) -> tuple[State, str]:
        monkeypatch.setattr(stored, "now", lambda: NOON + hours * HOUR)
        (row,) = (row for row in stored.tables() if row.what == "checkpoints")
        return row.state, row.detail

    assert found(9) == (State.GOOD, "none needed yet")
    write("case:A")
    assert found(1)[0] is State.GOOD
    assert found(3) == (
        State.MISSING,
        "rows wait for one since 2026-11-22 12:00 UTC: does a worker run, with the signing key? "
        "Else `signoff audit verify` tells",
    )
    run("checkpoint")
    assert found(9)[0] is State.GOOD and found(9)[1].startswith("number 1, of ")
