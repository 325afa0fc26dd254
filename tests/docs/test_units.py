"""The systemd units: systemd understands every line, and they start commands that there are."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.peers.debian import need

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
INSTANCE = {"signoff-worker@.service": "signoff-worker@1.service"}


def test_there_is_one_for_each_process() -> None:
    assert [unit.name for unit in UNITS] == ["signoff-web.service", "signoff-worker@.service"]


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_systemd_has_nothing_to_say_against_it(unit: Path, tmp_path: Path) -> None:
    """It warns of unknown keys and goes on: silence is what counts, not the exit status."""
    analyze = need("systemd", "systemd-analyze")
    # Signoff is not installed there on the machine of the tests.
    text = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
    for name in {unit.name, INSTANCE.get(unit.name, unit.name)}:
        (tmp_path / name).write_text(text)
    wanted = tmp_path / INSTANCE.get(unit.name, unit.name)
    said = subprocess.run(
        [str(analyze), "verify", "--man=no", str(wanted)],
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in said.stderr.splitlines() if "signoff" in line]
    assert said.returncode == 0 and ours == []


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_secrets_come_from_a_file_that_is_not_in_the_unit(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "EnvironmentFile=/etc/signoff/environment" in lines
    assert not any(line.startswith("Environment=") for line in lines)
    assert "User=signoff" in lines
