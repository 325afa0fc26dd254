"""The carrier box as a process, with its controls."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from signoff.carrier_box.addresses import BoxAddresses

_STOPS_WITHIN = 10


@dataclass(frozen=True)
class RunningBox:
    """`addresses` for the adapters, and the box's own controls for the tests."""

    addresses: BoxAddresses
    _controls: httpx.Client

    def reset(self) -> None:
        """As on the first day."""
        self._controls.post("/control/reset").raise_for_status()

    def fault(
        self,
        system: str,
        operation: str,
        kind: str,
        *,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> None:
        """Misbehave so."""
        body: dict[str, Any] = {"system": system, "operation": operation, "kind": kind}
        body |= {"times": times} if times is not None else {}
        body |= {"seconds": seconds} if seconds is not None else {}
        self._controls.post("/control/faults", json=body).raise_for_status()

    def well_again(self) -> None:
        """No faults any more."""
        self._controls.delete("/control/faults").raise_for_status()

    def effects(self, system: str) -> list[dict[str, Any]]:
        """What really changed."""
        answer = self._controls.get("/control/effects", params={"system": system})
        return list(answer.raise_for_status().json())

    def put(self, kind: str, identity: str, row: dict[str, Any]) -> None:
        """Writes a row of the box's state."""
        self._controls.post(f"/control/state/{kind}/{identity}", json=row).raise_for_status()

    def rows(self, kind: str) -> dict[str, dict[str, Any]]:
        """Rows of the box's state by id."""
        return dict(self._controls.get(f"/control/state/{kind}").raise_for_status().json())


@contextlib.contextmanager
def running_box() -> Iterator[RunningBox]:
    """A box on free ports, stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "signoff.carrier_box", "--ports", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        addresses = BoxAddresses.from_json(process.stdout.readline())
        with httpx.Client(base_url=addresses.http_url, timeout=10) as controls:
            yield RunningBox(addresses, controls)
    finally:
        process.terminate()
        process.wait(_STOPS_WITHIN)
