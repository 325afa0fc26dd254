"""Debian's osmo-hlr with a configuration and a database of its own, and a fake VLR or SGSN.

CTRL has a fixed port, so each osmo-hlr has a loopback address of its own.
"""

import contextlib
import random
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from tests.peers.debian import need

_CTRL_PORT, _VTY_PORT, _GSUP_PORT = 4259, 4258, 4222
_CONFIGURATION = """\
log stderr
 logging color 0
 logging print category 1
 logging timestamp 0
 logging level set-all notice
line vty
 no login
 bind {host} {vty}
ctrl
 bind {host}
hlr
 gsup
  bind ip {host}
"""


@dataclass(frozen=True, slots=True)
class RunningHlr:
    """Where it listens."""

    ctrl: tuple[str, int]
    vty: tuple[str, int]
    gsup: tuple[str, int]


@contextlib.contextmanager
def running_osmo_hlr(folder: Path) -> Iterator[RunningHlr]:
    """Skips if there is no osmo-hlr. Everything that it writes goes to `folder`."""
    program = need("osmo-hlr", "osmo-hlr")
    host = _free_host()
    configuration, log = folder / "osmo-hlr.cfg", folder / "osmo-hlr.log"
    configuration.write_text(_CONFIGURATION.format(host=host, vty=_VTY_PORT))
    command: list[str | Path] = [program, "-c", configuration, "-l", folder / "hlr.db"]
    with log.open("w") as log_file:
        process = subprocess.Popen(command, cwd=folder, stdout=log_file, stderr=log_file)
    try:
        hlr = RunningHlr((host, _CTRL_PORT), (host, _VTY_PORT), (host, _GSUP_PORT))
        for address in (hlr.ctrl, hlr.vty, hlr.gsup):
            _wait_for(address, process, log)
        yield hlr
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def osmo_hlr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHlr]:
    """One for all tests of this process: each uses IMSIs of its own."""
    with running_osmo_hlr(tmp_path_factory.mktemp("osmo-hlr")) as hlr:
        yield hlr


def _free_host() -> str:
    """A loopback address where nobody listens on osmo-hlr's ports."""
    for _ in range(50):
        host = f"127.{random.randint(10, 250)}.{random.randint(1, 250)}.{random.randint(1, 250)}"
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in (_CTRL_PORT, _VTY_PORT, _GSUP_PORT):
                probe = probes.enter_context(socket.socket())
                probe.bind((host, port))
            return host
    raise AssertionError("no free loopback address")


def _wait_for(address: tuple[str, int], process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + 15
    while time.monotonic() < ends:
        assert process.poll() is None, f"osmo-hlr ended: {log.read_text()}"
        with contextlib.suppress(OSError), socket.create_connection(address, 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"osmo-hlr does not listen on {address}: {log.read_text()}")


class ServingNode:
    """A VLR ("cs") or SGSN ("ps") where a phone is: as much of GSUP as being told needs.

    Source: "Generic Subscriber Update Protocol" in the osmo-hlr user manual; IPA in libosmocore.
    """

    UPDATE_LOCATION, UPDATE_LOCATION_ERROR, UPDATE_LOCATION_RESULT = 0x04, 0x05, 0x06
    INSERT_DATA, INSERT_DATA_RESULT = 0x10, 0x12
    DELETE_DATA, DELETE_DATA_RESULT = 0x14, 0x16
    LOCATION_CANCEL = 0x1C
    _DOMAINS = {"ps": 1, "cs": 2}
    _CCM, _OSMO, _GSUP = 0xFE, 0xEE, 0x05
    _ID_GET, _ID_RESPONSE, _ID_ACK = 0x04, 0x05, 0x06

    def __init__(self, address: tuple[str, int], domain: str) -> None:
        self._socket = socket.create_connection(address, 5)
        self._domain = domain
        self._introduce(f"{domain}-node")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def attach(self, imsi: str) -> int:
        """Update-Location for `imsi`; the type of the final answer, 0x06 for success."""
        self._send_gsup(self.UPDATE_LOCATION, imsi)
        while True:
            kind = self.next_message(5)
            assert kind is not None, "no answer to Update-Location"
            if kind == self.INSERT_DATA:
                self._send_gsup(self.INSERT_DATA_RESULT, imsi)
            elif kind in (self.UPDATE_LOCATION_RESULT, self.UPDATE_LOCATION_ERROR):
                return kind

    def next_message(self, seconds: float) -> int | None:
        """The type of the next GSUP message from the HLR; None if none comes in time."""
        self._socket.settimeout(seconds)
        try:
            while True:
                protocol, content = self._read()
                if protocol == self._OSMO and content[0] == self._GSUP:
                    return content[1]
        except TimeoutError:
            return None

    def _introduce(self, name: str) -> None:
        protocol, content = self._read()
        assert (protocol, content[0]) == (self._CCM, self._ID_GET), content.hex()
        unit_id, unit_name, serial_number = 0x08, 0x01, 0x00
        tags = b"".join(self._tag(tag, name) for tag in (unit_id, unit_name, serial_number))
        self._send(self._CCM, bytes([self._ID_RESPONSE]) + tags)
        self._send(self._CCM, bytes([self._ID_ACK]))

    @staticmethod
    def _tag(tag: int, text: str) -> bytes:
        value = text.encode() + b"\x00"
        return struct.pack(">HB", len(value) + 1, tag) + value

    def _send_gsup(self, kind: int, imsi: str) -> None:
        digits = imsi + "F" * (len(imsi) % 2)
        swapped = bytes.fromhex(
            "".join(b + a for a, b in zip(digits[::2], digits[1::2], strict=True))
        )
        elements = bytes([0x01, len(swapped)]) + swapped + bytes([0x28, 1, self._domain_code])
        self._send(self._OSMO, bytes([self._GSUP, kind]) + elements)

    @property
    def _domain_code(self) -> int:
        return self._DOMAINS[self._domain]

    def _send(self, protocol: int, content: bytes) -> None:
        self._socket.sendall(struct.pack(">HB", len(content), protocol) + content)

    def _read(self) -> tuple[int, bytes]:
        length, protocol = struct.unpack(">HB", self._exactly(3))
        return protocol, self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        content = b""
        while len(content) < length:
            part = self._socket.recv(length - len(content))
            assert part, "the HLR hung up"
            content += part
        return content
