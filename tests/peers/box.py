"""The carrier box as a real process on free ports, and a client for its controls.

Use it with `from tests.peers.box import box, box_process` in a conftest: one process for all tests
of a worker, put back to empty before each.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from signoff.carrier_box.addresses import BoxAddresses

_SECONDS_TO_START = 30
_SOURCES = Path(__file__).parents[2] / "src"


class RunningBox:
    """A box that listens at `addresses`. Everything here goes over its control API."""

    def __init__(self, addresses: BoxAddresses, process: subprocess.Popen[str]) -> None:
        self.addresses = addresses
        self.process = process
        self._http = httpx.Client(
            base_url=addresses.http_url, timeout=20, trust_env=False, follow_redirects=False
        )

    def fault(
        self,
        system: str,
        kind: str,
        operation: str = "*",
        *,
        times: int | None = None,
        seconds: float = 0,
    ) -> None:
        """Tells it to misbehave; see `signoff.carrier_box.faults`."""
        body: dict[str, Any] = {"system": system, "kind": kind, "operation": operation}
        body |= {"seconds": seconds} if seconds else {}
        body |= {"times": times} if times else {}
        self._answered(self._http.post("/control/faults", json=body))

    def clear_faults(self) -> None:
        """Well behaved again."""
        self._answered(self._http.delete("/control/faults"))

    def effects(self, system: str | None = None, operation: str | None = None) -> list[Any]:
        """What really changed, in order: system, operation, subject, key, sequence."""
        params = {"system": system} if system else {}
        found = self._answered(self._http.get("/control/effects", params=params)).json()
        return [row for row in found if operation in (None, row["operation"])]

    def rows(self, kind: str) -> dict[str, Any]:
        """All rows of a kind by id, oldest first."""
        rows: dict[str, Any] = self._answered(self._http.get(f"/control/state/{kind}")).json()
        return rows

    def row(self, kind: str, identity: str) -> Any:
        """One row, or None."""
        return self.rows(kind).get(identity)

    def put(self, kind: str, identity: str, row: dict[str, Any]) -> None:
        """Seeds one row."""
        self._answered(self._http.post(f"/control/state/{kind}/{identity}", json=row))

    def subscriber(self, imsi: str, msisdn_digits: str) -> None:
        """Seeds a subscriber with service and a phone in the network."""
        row = {"msisdn": msisdn_digits, "nam_cs": True, "nam_ps": True, "attached": True}
        self.put("subscribers", imsi, row | {"id": int(imsi[-6:])})

    def profile(self, iccid: str, *, state: str = "released", eid: str = "") -> None:
        """Seeds a profile with the MatchingID "AB-12"."""
        row = {"eid": eid, "matching_id": "AB-12", "profile_type": "boom", "state": state}
        self.put("profiles", iccid, row)

    def phone(self, iccid: str, does: str) -> Any:
        """The phone with this profile does something: state, operator_answered."""
        answer = self._http.post(f"/control/phones/{iccid}", json={"does": does})
        return self._answered(answer).json()

    def pays(self, page: str, does: str) -> Any:
        """A customer or their bank does something with a payment page; the page's row."""
        answer = self._http.post(f"/control/checkout_sessions/{page}", json={"does": does})
        return self._answered(answer).json()

    def ends_refund(self, refund: str, does: str, **more: str) -> Any:
        """The bank answers a refund: succeed, or fail with a reason; the refund's row."""
        answer = self._http.post(f"/control/refunds/{refund}", json={"does": does, **more})
        return self._answered(answer).json()

    def sends_again(self, event: str) -> Any:
        """The payment service sends an event once more; the event's row."""
        answer = self._http.post(f"/control/payment_events/{event}", json={"does": "send_again"})
        return self._answered(answer).json()

    def reset(self) -> None:
        """As when it started."""
        self._answered(self._http.post("/control/reset"))

    def close(self) -> None:
        """Lets the client's connections go."""
        self._http.close()

    @staticmethod
    def _answered(answer: httpx.Response) -> httpx.Response:
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer


@contextlib.contextmanager
def running_box(
    *,
    ports: int = 0,
    state: Path | None = None,
    seed: Path | None = None,
    operator_url: str | None = None,
    text_seconds: float | None = None,
) -> Iterator[RunningBox]:
    """Starts a box of one's own; ends it with SIGTERM and sees that it ended cleanly."""
    command = [sys.executable, "-m", "signoff.carrier_box", "--ports", str(ports)]
    wanted = {
        "--state": state,
        "--seed": seed,
        "--operator-url": operator_url,
        "--text-seconds": text_seconds,
    }
    for name, value in wanted.items():
        command += [name, str(value)] if value is not None else []
    environment = {**os.environ, "PYTHONPATH": str(_SOURCES)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        box = RunningBox(BoxAddresses.from_json(_first_line(process)), process)
        yield box
        box.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, "the box did not end cleanly"
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(_SECONDS_TO_START), "the box did not start in time"
    return process.stdout.readline()


@pytest.fixture(scope="session")
def box_process() -> Iterator[RunningBox]:
    """One for all tests of this process."""
    with running_box() as box:
        yield box


@pytest.fixture
def box(box_process: RunningBox) -> RunningBox:
    """Empty and well behaved."""
    box_process.reset()
    return box_process
