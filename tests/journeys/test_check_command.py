"""`signoff check`: line by line what is configured, reachable and missing, and no secret."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.peers.box import RunningBox, running_box
from tests.peers.demo import ROOT
from tests.peers.workers import box_environment

SECRETS = {
    "SIGNOFF_SECRET_KEY": "check-" + "s" * 40,
    "SIGNOFF_STRIPE_KEY": "sk_test_verysecret",
    "SIGNOFF_SMSC_PASSWORD": "pw-smsc",
}


def _environment(home: Path, **settings: str) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("SIGNOFF_", "DATABASE_URL"))}
    return {
        **kept, "PYTHONPATH": str(ROOT / "src"), "SIGNOFF_HOME": str(home),
        "SIGNOFF_REMOTE_TIMEOUT": "5", **SECRETS, **settings,
    }  # fmt: skip


def _signoff(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "signoff.cli", *words],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def _check(environment: dict[str, str]) -> tuple[int, dict[str, Any]]:
    done = _signoff(["check", "--json"], environment)
    found = json.loads(done.stdout)
    for secret in SECRETS.values():
        assert secret not in done.stdout + done.stderr
    assert found["ok"] is (done.returncode == 0)
    return done.returncode, {row["what"]: row for row in found["checks"]}


def _at(box: RunningBox) -> dict[str, str]:
    return {**box_environment(box), **SECRETS}


def test_nothing_is_missing_where_everything_runs_and_then_what_is_gone_is_named(
    tmp_path: Path,
) -> None:
    with running_box() as box:
        environment = _environment(tmp_path / "home", **_at(box))
        assert _signoff(["migrate"], environment).returncode == 0
        assert _signoff(["keys", "new"], environment).returncode == 0
        assert _signoff(["keys", "new-evidence"], environment).returncode == 0

        status, found = _check(environment)
        assert status == 1
        assert [what for what, row in found.items() if row["state"] == "missing"] == ["worker"]

        worker = subprocess.Popen(
            [sys.executable, "-m", "signoff.cli", "worker"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert worker.stdout is not None and "ready" in worker.stdout.readline()
            status, found = _check(environment)
            assert status == 0, found
            assert found["look at documents"]["detail"] == "installed"
        finally:
            worker.terminate()
            assert worker.wait(30) == 0
    status, found = _check(environment)
    gone = {what for what, row in found.items() if row["state"] == "missing"}
    assert status == 1
    assert gone == {
        "worker", "network (HLR)", "profiles (SM-DP+)", "service orders", "SMS (SMSC)", "mail",
        "payments",
    }  # fmt: skip
    assert f"127.0.0.1:{box.addresses.hlr_ctrl[1]}" in found["network (HLR)"]["detail"]


def test_one_system_that_does_not_answer_is_the_only_one_missing(tmp_path: Path) -> None:
    with running_box() as box:
        box.fault("services", "down")
        _, found = _check(_environment(tmp_path / "home", **_at(box)))
    assert found["service orders"]["state"] == "missing"
    assert found["profiles (SM-DP+)"]["state"] == "good"
    assert found["payments"]["state"] == "good"


def test_an_empty_folder_lacks_everything_and_each_thing_says_what_to_do(tmp_path: Path) -> None:
    status, found = _check(_environment(tmp_path / "nowhere"))
    assert status == 1
    assert "signoff keys new" in found["signing key"]["detail"]
    assert "signoff keys new-evidence" in found["keys of photos"]["detail"]
    assert "signoff migrate" in found["static files"]["detail"]
    assert found["database"]["state"] == "missing"
    assert "SIGNOFF_SMDP_URL" in found["profiles (SM-DP+)"]["detail"]


def test_a_database_out_of_reach_is_told_without_its_password(tmp_path: Path) -> None:
    environment = _environment(
        tmp_path / "home", DATABASE_URL="postgresql://signoff:verysecret@127.0.0.1:9/signoff"
    )
    done = _signoff(["check"], environment)
    assert done.returncode == 1
    assert "signoff at 127.0.0.1" in done.stdout
    assert "verysecret" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGNOFF_SECRET_KEY", "short"),
        ("SIGNOFF_HLR_CTRL", "no port"),
        ("SIGNOFF_BRAND_COLOUR", "green"),
        ("SIGNOFF_POLICY_FILE", "/nowhere/policy.toml"),
    ],
)
def test_a_setting_that_is_not_right_is_named(tmp_path: Path, name: str, value: str) -> None:
    status, found = _check(_environment(tmp_path / "home", **{name: value}))
    assert status == 1
    what = "rule packs" if name == "SIGNOFF_POLICY_FILE" else name
    assert found[what]["state"] == "missing"


def test_a_page_that_every_browser_would_be_refused_is_noticed(tmp_path: Path) -> None:
    _, found = _check(
        _environment(tmp_path / "home", SIGNOFF_PUBLIC_URL="https://close.boom.example")
    )
    assert found["public address"]["state"] == "missing"
    assert "SIGNOFF_ALLOWED_HOSTS" in found["public address"]["detail"]


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_process_that_cannot_run_says_what_to_do(tmp_path: Path, command: str) -> None:
    (tmp_path / "home").mkdir()
    done = _signoff([command], _environment(tmp_path / "home"))
    assert done.returncode == 1
    assert "signoff migrate" in done.stderr and "Traceback" not in done.stderr
