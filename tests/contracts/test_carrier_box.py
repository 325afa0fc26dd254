"""The box as a process: its controls, its memory, and the carrier that it is filled with."""

import csv
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from signoff.adapters.osmo_hlr import OsmoHlr
from signoff.kernel.identifiers import Imsi
from tests.peers.box import RunningBox, running_box

BOOM = Path(__file__).parents[2] / "examples" / "boom"


def rows(name: str) -> list[dict[str, str]]:
    with (BOOM / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def register(box: RunningBox) -> OsmoHlr:
    return OsmoHlr(box.addresses.hlr_ctrl, box.addresses.hlr_vty, 5)


def test_it_is_filled_from_the_carriers_export_and_remembers_what_was_done(tmp_path: Path) -> None:
    state = tmp_path / "box.sqlite3"
    line = next(row for row in rows("lines.csv") if row["state"] == "active")
    imsi = Imsi.parse(line["imsi"])
    with running_box(state=state, seed=BOOM) as box:
        in_service = [row["imsi"] for row in rows("lines.csv") if row["state"] != "closed"]
        assert sorted(box.rows("subscribers")) == sorted(in_service)
        assert len(box.rows("profiles")) == len(rows("profiles.csv"))
        assert len(box.rows("services")) == len(rows("services.csv"))
        assert len(box.rows("payments")) == len(rows("payments.csv"))
        found = register(box).look_up(imsi)
        assert found is not None
        assert (found.has_service, f"+{found.msisdn_digits}") == (True, line["msisdn"])
        register(box).stop_service(imsi)
        register(box).remove(imsi)
    with running_box(state=state, seed=BOOM) as again:
        assert register(again).look_up(imsi) is None
        assert [row["operation"] for row in again.effects("hlr")] == ["stop_service", "remove"]
        again.reset()
        assert register(again).look_up(imsi) is not None
        assert again.effects() == []


def test_ports_may_be_told() -> None:
    base = free_block()
    with running_box(ports=base) as box:
        at = box.addresses
        assert at.http_url == f"http://127.0.0.1:{base}"
        ports = [address[1] for address in (at.hlr_ctrl, at.hlr_vty, at.smpp, at.smtp)]
        assert ports == [base + 1, base + 2, base + 3, base + 4]
        in_the_way = box_that_fails("--ports", str(base))
    assert "cannot start" in in_the_way
    assert "Traceback" not in in_the_way


def free_block() -> int:
    """Five free ports in a row, below those that systems give out themselves."""
    for base in range(21_000 + os.getpid() % 900 * 10, 32_000, 10):
        try:
            for port in range(base, base + 5):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return base
    raise AssertionError("no five free ports in a row")


def box_that_fails(*arguments: str) -> str:
    """What a box says that cannot start."""
    ended = subprocess.run(
        [sys.executable, "-m", "signoff.carrier_box", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "there is no lines.csv"),
        ("line,msisdn,state\n1,+8613800138000,active\n", "lines.csv, line 2: no column 'imsi'"),
        ("imsi,msisdn,state\nx,+8613800138000,active\n", "lines.csv, line 2, imsi: “x”"),
        ("imsi,msisdn,state\n460001234567890,12,active\n", "lines.csv, line 2, msisdn: “12”"),
    ],
)
def test_an_export_that_cannot_be_read_is_told_by_file_and_line(
    tmp_path: Path, content: str | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / "lines.csv").write_text(content, encoding="utf-8")
    said = box_that_fails("--ports", "0", "--seed", str(tmp_path))
    assert complaint in said
    assert "Traceback" not in said


@pytest.mark.parametrize("port", ["80", "-1", "65532", "many"])
def test_ports_that_cannot_be_are_refused(port: str) -> None:
    assert "--ports" in box_that_fails("--ports", port)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"{", "not JSON"),
        (b"[]", "JSON object"),
        (b'{"system": "hlr", "kind": "sleepy"}', "none of slow, busy"),
        (b'{"system": "fax", "kind": "busy"}', "none of hlr, smdp"),
        (b'{"system": "hlr", "kind": "busy", "times": "2"}', "whole number"),
        (b'{"system": "hlr", "kind": "slow", "seconds": "2"}', "seconds is a number"),
        (b'{"system": "hlr", "kind": "busy", "how": "very"}', "unknown field how"),
    ],
)
def test_a_fault_that_is_not_understood_is_explained(
    box: RunningBox, body: bytes, complaint: str
) -> None:
    answer = httpx.post(f"{box.addresses.http_url}/control/faults", content=body)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]
    assert httpx.get(f"{box.addresses.http_url}/control/faults").json() == []


def test_faults_can_be_seen_and_cleared(box: RunningBox) -> None:
    box.fault("hlr", "busy", times=3)
    url = f"{box.addresses.http_url}/control/faults"
    expected: dict[str, Any] = {
        "system": "hlr", "kind": "busy", "operation": "*", "times": 3, "seconds": 0.0
    }  # fmt: skip
    assert httpx.get(url).json() == [expected]
    assert httpx.delete(url).status_code == 204
    assert httpx.get(url).json() == []


def test_state_that_does_not_exist_is_told(box: RunningBox) -> None:
    url = f"{box.addresses.http_url}/control/state"
    assert "none of subscribers" in httpx.get(f"{url}/fridges").json()["error"]
    assert httpx.get(f"{url}/letters/none").status_code == 404
    assert httpx.post(f"{url}/letters/x", content=b"[]").status_code == 400


def test_phones_do_only_what_phones_can(box: RunningBox) -> None:
    box.profile("8986011234567890128")
    url = f"{box.addresses.http_url}/control/phones"
    assert httpx.post(f"{url}/1", json={"does": "delete"}).status_code == 404
    cannot = httpx.post(f"{url}/8986011234567890128", json={"does": "delete"})
    assert cannot.status_code == 409
    assert "released" in cannot.json()["error"]
    assert httpx.post(f"{url}/8986011234567890128", content=b"x").status_code == 400
    told = box.phone("8986011234567890128", "download")
    assert told == {"state": "downloaded", "operator_answered": None}


def test_service_orders_that_were_open_go_on_after_a_restart(tmp_path: Path) -> None:
    state, path = tmp_path / "box.sqlite3", "/tmf-api/serviceOrdering/v4/serviceOrder"
    with running_box(state=state) as box:
        box.put("services", "S1", {"line": "L1", "name": "Voice mail", "state": "active"})
        box.fault("services", "slow", "complete", seconds=60)
        item = {"id": "1", "action": "delete", "service": {"id": "S1"}}
        order = {"externalId": "k", "serviceOrderItem": [item]}
        assert httpx.post(box.addresses.http_url + path, json=order).status_code == 201
    with running_box(state=state) as again:
        for _ in range(50):
            if again.effects("services", "cease"):
                break
            time.sleep(0.1)
        assert again.row("services", "S1")["state"] == "terminated"
