"""Real workers: processes of their own, on the database of the tests, at a box."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from signoff.carrier_box.addresses import WEBHOOK_SECRET
from tests.peers.box import RunningBox

_SECONDS_TO_START = 30
_SECONDS_TO_STOP = 20
_SOURCES = Path(__file__).parents[2] / "src"


def database_url() -> str:
    """The database that this process uses, as an operator would write it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(settings['NAME']).resolve()}"
    return (
        f"postgresql://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )


def box_environment(box: RunningBox) -> dict[str, str]:
    """Settings that lead to the box."""
    a = box.addresses
    return {
        "SIGNOFF_HLR_CTRL": f"{a.hlr_ctrl[0]}:{a.hlr_ctrl[1]}",
        "SIGNOFF_HLR_VTY": f"{a.hlr_vty[0]}:{a.hlr_vty[1]}",
        "SIGNOFF_SMSC": f"{a.smpp[0]}:{a.smpp[1]}",
        "SIGNOFF_MAIL": f"{a.smtp[0]}:{a.smtp[1]}",
        "SIGNOFF_SMDP_URL": a.http_url,
        "SIGNOFF_SERVICES_URL": a.http_url,
        "SIGNOFF_STRIPE_URL": a.http_url,
        "SIGNOFF_STRIPE_KEY": "sk_test_box",
        "SIGNOFF_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


class RunningWorker:
    """A worker that takes runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As `systemctl stop` would; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_SECONDS_TO_STOP)


@contextlib.contextmanager
def running_worker(box: RunningBox, log: Path, **settings: object) -> Iterator[RunningWorker]:
    """Starts `signoff worker` and waits until it takes runs. Its log goes to a file.

    settings: of `signoff.config.Config`, by their names there.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": str(_SOURCES),
        "DATABASE_URL": database_url(),
        **box_environment(box),
        **{f"SIGNOFF_{name.upper()}": str(value) for name, value in settings.items()},
    }
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "signoff.cli", "worker"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
    assert process.stdout is not None
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            assert selector.select(_SECONDS_TO_START), "the worker did not start in time"
        assert "ready" in process.stdout.readline(), log.read_text()
        yield RunningWorker(process)
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS_TO_STOP)
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
