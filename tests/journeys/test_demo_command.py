"""`signoff demo`: starts, goes on where it was, says what is wrong, and ends without a trace."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.peers.demo import BOOM, PASSWORD, ROOT, demo

SECONDS = 120


def _demo(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One that must not come as far as running."""
    return subprocess.run(
        [sys.executable, "-m", "signoff.cli", "demo", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **settings},
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def _processes_that_name(text: str) -> Iterator[int]:
    """Running ones of whose command line or environment it is a part."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue  # ended meanwhile
        if text.encode() in told:
            yield int(entry.name)


def test_it_starts_ends_without_a_trace_and_goes_on_where_it_was(tmp_path: Path) -> None:
    first_case = tmp_path / "first"
    first_case.mkdir()
    with demo(first_case) as running:
        home = running.home
        front = httpx.get(running.url, follow_redirects=True, trust_env=False)
        assert front.status_code == 200 and "<form" in front.text
        assert httpx.get(running.box_url, trust_env=False).status_code == 200
        assert running.box("state/authenticator/reviewer")["user"] == "reviewer"
        assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
        assert (home / "signing-key.pem").stat().st_mode & 0o777 == 0o600
        assert home.stat().st_mode & 0o077 == 0
        kept = (home / "secret-key").read_text(), (home / "signing-key.pem").read_text()
        assert list(_processes_that_name(str(home)))
    assert not list(_processes_that_name(f"SIGNOFF_HOME={home}"))

    second = tmp_path / "second"
    second.mkdir()
    home.rename(second / "home")
    with demo(second) as running:
        home = running.home
        assert ((home / "secret-key").read_text(), (home / "signing-key.pem").read_text()) == kept
        assert "Nothing to change" in (home / "log" / "import.log").read_text()


def test_a_process_that_dies_ends_the_demo_and_is_named_with_its_last_words(tmp_path: Path) -> None:
    words = ["--port", "0", "--home", str(tmp_path / "home")]
    process = subprocess.Popen(
        [sys.executable, "-m", "signoff.cli", "demo", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        home = f"SIGNOFF_HOME={tmp_path / 'home'}"
        workers = [pid for pid in _processes_that_name(home) if _words_of(pid)[-1] == "worker"]
        assert len(workers) == 1
        os.kill(workers[0], signal.SIGKILL)
        _, errors = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert "The worker ended with status -9" in errors
    assert "worker.log" in errors and "The worker is ready." in errors
    assert not list(_processes_that_name(home))


def _words_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")


def test_a_port_that_is_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        # The second of the ports that this demo wants: the box's.
        said = _demo("--port", str(port - 1), "--home", str(tmp_path / "home"))
    assert said.returncode == 1
    assert "is in use" in said.stderr and "--port" in said.stderr
    assert str(port) in said.stderr or str(port - 1) in said.stderr
    assert "Traceback" not in said.stderr


def test_an_export_that_is_none_is_refused(tmp_path: Path) -> None:
    said = _demo("--port", "0", "--home", str(tmp_path / "home"), "--export", str(tmp_path))
    assert said.returncode == 1
    assert "no carrier's export" in said.stderr


def test_settings_of_a_real_carrier_do_not_get_into_a_demo(tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = _demo(
        "--port", "0", "--home", str(home), "--export", str(_broken_export(tmp_path)),
        DATABASE_URL="postgresql://real.example/real", SIGNOFF_HLR_CTRL="not an address",
    )  # fmt: skip
    # It came as far as the import, whose log it shows: neither setting was in its way.
    assert said.returncode == 1
    assert "Importing the customers ended with status 1" in said.stderr
    assert "real.example" not in said.stderr
    assert (home / "signoff.sqlite3").is_file()


def _broken_export(folder: Path) -> Path:
    export = folder / "broken"
    export.mkdir()
    for file in BOOM.iterdir():
        (export / file.name).write_bytes(file.read_bytes())
    (export / "customers.csv").write_text("account\n")
    return export


def test_a_reset_forgets_what_the_demo_made_and_leaves_what_it_did_not(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "log").mkdir(parents=True)
    (home / "signoff.sqlite3").write_text("not a database")
    (home / "mine.txt").write_text("mine")
    said = _demo(
        "--port", "0", "--home", str(home), "--reset", "--export", str(_broken_export(tmp_path))
    )
    assert "Importing the customers ended" in said.stderr  # so the database could be made anew
    assert (home / "mine.txt").read_text() == "mine"


def test_the_password_of_the_demo_is_that_of_its_people() -> None:
    from signoff.accounts.demo import DEMO_PASSWORD  # noqa: PLC0415 - needs Django set up first
    from signoff.cli.demo import PASSWORD as TOLD  # noqa: PLC0415

    assert TOLD == DEMO_PASSWORD == PASSWORD
