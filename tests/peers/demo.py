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

from signoff.cli.stack.addresses import base_environment
from signoff.cli.stack.home import DemoHome

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

[CN.money]
four_eyes_above = { CNY = "190", JPY = "40000" }
"""
"""In China a closing goes on at once; in Europe there is time enough to undo one. The largest
sums that the sample carrier owes anybody are large enough for two pairs of eyes."""

_MORE_STAFF = """\
reviewer3,reviewer3@boom.example,Rosa Prüfer,MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U,reviewer
reviewer4,reviewer4@boom.example,Ruth Prüferin,COFDA4RXE4DBLGUXLKSQKXS2YZKTQYXZ,reviewer
hotline2,hotline2@boom.example,Hanna Hörer,LPP3X2SLWX2PRU6TBL5NCLNVFI5GIFN6,hotline
finance3,finance3@boom.example,Flora Kasse,LWAX5GHKJMVFIGLJB4LKAHDKYQ7BI6RL,finance
finance4,finance4@boom.example,Feng 出纳,BMIHQVW3PLKSUW4SRUH46IUUGHKD2Z4H,finance
auditor2,auditor2@boom.example,An 审计员,WQGKGCWH2TIEMCS3RAXFPCS3RKLHSVXW,auditor
admin2,admin2@boom.example,Ai 管理员,YWIHR7KY2SYDSEEU3UWNCUXNPX7GJEEU,admin
"""
"""A code is good only once: whoever signs in at the same time must be somebody else."""
_MORE_BALANCES = """\
B499001,BM100036,L200061,deposit,150.00,CNY,
B499002,BM100036,L200061,deposit,3000,JPY,
B499003,BM100003,L200004,deposit,60.00,CNY,
B499004,BM100003,L200004,deposit,3000,JPY,
"""
"""Deposits that were paid in cash, so that no payment can carry them back: one goes into a bank
file, and for the other's currency there is none."""


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

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`signoff WORDS`, as an operator types it on the server of the demo."""
        found = base_environment(DemoHome(self.home), self.url, self.export, "")
        return subprocess.run(
            [sys.executable, "-m", "signoff.cli", *words],
            env={**found, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


@contextmanager
def demo(folder: Path, policy: str | None = QUICK_POLICY) -> Iterator[Demo]:
    """Runs until the end of the block, and then must end well by Ctrl-C.

    policy: another policy.toml than that of the sample carrier.
    """
    export = folder / "export"
    shutil.copytree(BOOM, export)
    for name, rows in (("staff.csv", _MORE_STAFF), ("balances.csv", _MORE_BALANCES)):
        with (export / name).open("a") as file:
            file.write(rows)
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
