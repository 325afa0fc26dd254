"""`signoff demo` as a process: the carrier box, the web server and a worker, all of them real."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
BOOM = ROOT / "examples" / "boom"
PASSWORD = "boom-demo-2026"
_READY = "Ctrl-C stops everything"
_SECONDS_TO_START = 180
_SECONDS_TO_STOP = 60

QUICK_POLICY = """
[all]
cooling_off = "PT3S"

[EU]
cooling_off = "PT15S"
"""
"""In China a closing goes on at once; in Europe there is time enough to undo one."""


_MORE_STAFF = (
    "reviewer3,reviewer3@boom.example,Rosa Prüfer,MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U,reviewer\n"
)
"""A code is good only once: whoever signs in at the same time must be somebody else."""


@dataclass(frozen=True, slots=True)
class Demo:
    """`url`: of the pages; `box_url`: of the inbox and the box's controls. No slash at the end."""

    url: str
    box_url: str
    home: Path
    export: Path

    def box(self, path: str) -> Any:
        """A part of what the box knows; None if there is no such row."""
        answer = httpx.get(f"{self.box_url}/control/{path}", timeout=20, trust_env=False)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.json()

    def texts_to(self, number: str) -> list[str]:
        """SMS that this telephone got, oldest first. `number`: E.164."""
        rows = self.box("state/messages").values()
        return [row["text"] for row in rows if row["number"] == number.lstrip("+")]

    def letters_to(self, address: str) -> list[dict[str, Any]]:
        """E-mails in this mailbox, oldest first."""
        return [row for row in self.box("state/letters").values() if address in row["recipients"]]


@contextmanager
def demo(folder: Path, policy: str | None = QUICK_POLICY) -> Iterator[Demo]:
    """Runs until the end of the block, and then must end well by Ctrl-C.

    policy: another policy.toml than that of the sample carrier.
    """
    export = folder / "export"
    shutil.copytree(BOOM, export)
    with (export / "staff.csv").open("a") as staff:
        staff.write(_MORE_STAFF)
    if policy is not None:
        (export / "policy.toml").write_text(policy)
    words = ["demo", "--port", "0", "--home", str(folder / "home"), "--export", str(export)]
    said = folder / "demo.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "signoff.cli", *words],
            stdout=file,
            stderr=file,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
    try:
        url, box_url = _addresses(process, said)
        yield Demo(url, box_url, folder / "home", export)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert process.returncode == 0, said.read_text()


def _addresses(process: subprocess.Popen[bytes], said: Path) -> tuple[str, str]:
    until = time.monotonic() + _SECONDS_TO_START
    while _READY not in said.read_text():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < until, f"the demo is not ready: {said.read_text()}"
        time.sleep(0.1)
    url, box_url = re.findall(r"(http://127\.0\.0\.1:\d+)/", said.read_text())[:2]
    return url, box_url
