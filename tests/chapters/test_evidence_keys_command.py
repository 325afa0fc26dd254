"""`signoff keys new-evidence` and `rotate-evidence`, as typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from signoff.cli.main import app
from signoff.closing import operations as closing
from signoff.closing.rules import Scope
from signoff.config import config
from signoff.evidence import operations, registered, sandbox
from signoff.evidence.keys import FILE_NAME, load
from signoff.evidence.models import CaseKey, RegisteredNumber
from signoff.evidence.rules import MediaType
from signoff.evidence.sandbox import Cleaned, Picture
from signoff.evidence.sealing import OperatorKeys, key_id
from tests import hostile_files as files
from tests.world import NOON, customer

PLAIN = files.saved(files.picture(), "JPEG")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator without keys yet."""
    monkeypatch.setenv("SIGNOFF_HOME", str(tmp_path))
    monkeypatch.setenv("SIGNOFF_EVIDENCE_KEYS", "")
    config.cache_clear()
    return tmp_path


@pytest.fixture(autouse=True)
def settings_back(request: pytest.FixtureRequest) -> None:
    """After the variables are what they were."""
    request.addfinalizer(config.cache_clear)


def test_making_and_rotating_leads_to_a_file_of_which_only_the_first_key_is_needed(
    home: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    run = CliRunner().invoke
    page = Cleaned(MediaType.JPEG, (Picture(PLAIN, 320, 240),), 0)
    monkeypatch.setattr(sandbox, "clean", lambda _: page)
    assert run(app, ["keys", "new-evidence"]).exit_code == 0
    who = customer()
    case = closing.start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    row = operations.add(case=case, kind="card", content=PLAIN, allowed=["card"], now=NOON)
    old = load(home / FILE_NAME)

    made = run(app, ["keys", "new-evidence"])
    assert "it holds 2 now" in made.output
    both = load(home / FILE_NAME)
    rotated = run(app, ["keys", "rotate-evidence"])
    assert (rotated.exit_code, "No other key is needed." in rotated.output) == (0, True)
    assert CaseKey.objects.get().key_id == both.first_id != old.first_id

    (home / FILE_NAME).write_text((home / FILE_NAME).read_text().splitlines()[0])
    assert operations.open_for_check(case=case, evidence_id=row.pk, now=NOON) == PLAIN

    (home / FILE_NAME).unlink()
    run(app, ["keys", "new-evidence"])
    lost = run(app, ["keys", "rotate-evidence"])
    assert lost.exit_code == 1 and f"Key {both.first_id} is needed for 1 cases" in lost.output
    assert "missing" in lost.output


def test_what_an_old_web_server_seals_meanwhile_still_needs_its_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    run = CliRunner().invoke
    for _ in range(2):
        run(app, ["keys", "new-evidence"])
    new, old = load(home / FILE_NAME).keys
    account = customer().account

    def meanwhile(_keys: OperatorKeys) -> tuple[int, frozenset[str]]:
        sealed = OperatorKeys((old,)).seal_number("1", account.pk)
        RegisteredNumber.objects.create(
            account=account, sealed=sealed, key_id=key_id(old), as_of=NOON
        )
        return 0, frozenset()

    with monkeypatch.context() as patched:
        patched.setattr(registered, "rewrap", meanwhile)
        first = run(app, ["keys", "rotate-evidence"])
    assert (first.exit_code, "No other key" in first.output) == (1, False)
    assert f"Key {key_id(old)} is needed for" in first.output
    again = run(app, ["keys", "rotate-evidence"])
    assert (again.exit_code, "No other key is needed." in again.output) == (0, True)
    assert RegisteredNumber.objects.get().key_id == key_id(new)


def test_a_key_for_the_environment_is_printed_and_no_file_is_made(home: Path) -> None:
    printed = CliRunner().invoke(app, ["keys", "new-evidence", "--print"]).output
    assert len(printed.strip()) == 44 and not (home / FILE_NAME).exists()
