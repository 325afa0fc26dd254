"""`signoff keys new-push`, as typed, and what `signoff check` says of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from signoff.cli.checks.configured import push_setting
from signoff.cli.checks.finding import State
from signoff.cli.main import app
from signoff.config import config
from signoff.feeds.browsers import is_offered, key_for_browsers
from signoff.kernel import keys, push_key


def made(home: Path) -> Path:
    done = CliRunner().invoke(app, ["keys", "new-push"], env={"SIGNOFF_HOME": str(home)})
    assert done.exit_code == 0
    path = home / "push-key.pem"
    assert f"SIGNOFF_PUSH_KEY={path}" in done.output.replace("\n", "")
    return path


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    first = push_key.told_to_browsers(push_key.load(path))
    assert len(first) == 87
    again = CliRunner().invoke(app, ["keys", "new-push"], env={"SIGNOFF_HOME": str(tmp_path)})
    assert again.exit_code == 1
    assert push_key.told_to_browsers(push_key.load(path)) == first


def test_check_says_off_on_or_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert push_setting(config()).detail.startswith("off")
    assert not is_offered()
    path = made(tmp_path)
    monkeypatch.setattr(config(), "push_key", path)
    assert push_setting(config()).state is State.GOOD
    assert "fcm.googleapis.com" in push_setting(config()).detail
    assert is_offered()

    path.chmod(0o644)
    other = tmp_path / "other.pem"
    keys.create(other)
    for wrong, said in (
        (path, "read by others"), (other, "P-256"), (tmp_path / "no.pem", "new-push"),
    ):  # fmt: skip
        monkeypatch.setattr(config(), "push_key", wrong)
        finding = push_setting(config())
        assert finding.state is State.MISSING
        assert said in finding.detail
    assert key_for_browsers() == "", "a wrong file is not offered, and breaks no page"

    path.chmod(0o600)
    monkeypatch.setattr(config(), "push_key", path)
    monkeypatch.setattr(config(), "push_services", [])
    assert push_setting(config()).state is State.MISSING
