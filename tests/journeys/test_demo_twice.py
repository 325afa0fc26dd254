"""A second `signoff demo` where one is running already."""

import os
import subprocess
import sys

from tests.peers.demo import ROOT, Demo


def test_a_folder_is_used_by_one_demo_at_a_time(stack: Demo) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "signoff.cli", "demo", "--port", "0", "--home", str(stack.home)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "running in" in said.stderr and "--home" in said.stderr
    assert stack.box("state/authenticator/reviewer")["user"] == "reviewer"
