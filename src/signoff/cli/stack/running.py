"""Everything that a demo runs, started in order and ended in order."""

import csv
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from signoff.carrier_box.addresses import BoxAddresses
from signoff.cli.stack.addresses import (
    HOST,
    base_environment,
    check_ports,
    free_port,
    with_box,
)
from signoff.cli.stack.home import DemoHome
from signoff.cli.stack.problems import StackError
from signoff.cli.stack.process import Process

_PREPARES_WITHIN = 120.0
_STARTS_WITHIN = 60.0
_STOPS_WITHIN = 15.0

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One of the carrier's staff, with the secret of the authenticator app."""

    username: str
    totp_secret: str
    roles: str = "reviewer"


class Stack:
    """The box, the web server and a worker, over one home. `tell` hears what is done just now."""

    def __init__(
        self,
        home: DemoHome,
        export: Path,
        *,
        port: int,
        stop: threading.Event,
        tell: Tell,
        database_url: str = "",
    ) -> None:
        """port: of the web server; the box has the five after it. 0: any that are free.

        database_url: of PostgreSQL; "" for SQLite in the home.
        """
        if not (export / "lines.csv").is_file():
            raise StackError(f"{export} is no carrier's export: there is no lines.csv in it.")
        self.reviewers = reviewers_of(export)
        self._home = home
        self._database_url = database_url
        self._export = export
        self._base_port = port
        self._port = port or free_port()
        self._stop = stop
        self._tell = tell
        self._processes: list[Process] = []
        self.environment: Mapping[str, str] = {}
        self.inbox_url = ""

    @property
    def url(self) -> str:
        """Of the pages, without a slash at its end."""
        return f"http://{HOST}:{self._port}"

    def start(self) -> None:
        """Raises StackError; what was started then is to be ended with `end`."""
        check_ports(self._base_port)
        self._home.make_signing_key()
        self._home.make_evidence_key()
        self._tell("Starting the carrier box")
        base = base_environment(self._home, self.url, self._export, self._database_url)
        box = self._start_box(base)
        self._prepare()
        self._meet_box(box)
        self._tell("Starting the web server and the worker")
        web = self._run("The web server", ["web", "--port", str(self._port)])
        worker = self._run("The worker", ["worker"])
        web.wait_until(self._answers, _STARTS_WITHIN)
        worker.wait_until(lambda: "The worker is ready." in worker.said(), _STARTS_WITHIN)

    def check(self) -> None:
        """Raises ProcessFailed if one of them has ended."""
        for process in self._processes:
            process.check()

    def end(self) -> None:
        """Ends all, those first that use the others."""
        box, users = self._processes[:1], self._processes[1:]
        for group in (users, box):
            for process in group:
                process.ask_to_end()
            for process in group:
                process.see_end(_STOPS_WITHIN)
        self._processes.clear()

    def _start_box(self, base: Mapping[str, str]) -> Process:
        words = ["box", "--ports", str(self._base_port + 1 if self._base_port else 0)]
        words += ["--state", str(self._home.folder / "box.sqlite3"), "--seed", str(self._export)]
        words += ["--operator-url", self.url]
        self.environment = base
        return self._run("The carrier box", words)

    def _meet_box(self, box: Process) -> None:
        """Learns its addresses, and gives it the reviewers' authenticator app."""
        box.wait_until(lambda: "\n" in box.said(), _STARTS_WITHIN)
        addresses = BoxAddresses.from_json(box.said().splitlines()[0])
        self.inbox_url = addresses.http_url
        self.environment = with_box(self.environment, addresses)
        for reviewer in self.reviewers:
            row = {"user": reviewer.username, "secret": reviewer.totp_secret}
            self._tell_box(f"/control/state/authenticator/{reviewer.username}", row)

    def _prepare(self) -> None:
        for what, words in (
            ("Preparing the database", ["migrate"]),
            ("Importing the customers", ["import", str(self._export)]),
            ("Making their sign-ins", ["demo-people", str(self._export)]),
        ):
            self._tell(what)
            process = self._run(what, words)
            process.wait_for_end(_PREPARES_WITHIN)
            self._processes.remove(process)

    def _run(self, name: str, words: Sequence[str]) -> Process:
        process = Process(
            name, words, environment=self.environment, logs=self._home.logs, stop=self._stop
        )
        self._processes.append(process)
        return process

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/robots.txt", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def _tell_box(self, path: str, row: Mapping[str, str]) -> None:
        answer = httpx.post(self.inbox_url + path, json=row, timeout=10, trust_env=False)
        if not answer.is_success:
            raise StackError(f"The carrier box refused {path}: {answer.text}")


def reviewers_of(export: Path) -> list[Reviewer]:
    """Of staff.csv, which is for demos only. Raises StackError if it cannot be read."""
    try:
        with (export / "staff.csv").open(encoding="utf-8-sig", newline="") as file:
            return [
                Reviewer(row["username"], row["totp_secret"], row["roles"])
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError) as error:
        raise StackError(
            f"{export / 'staff.csv'} cannot be read: {error}. It names the staff."
        ) from None


def sample_export() -> Path:
    """`examples/boom` of the checkout that this is installed from. Raises StackError without."""
    import signoff  # noqa: PLC0415 - the package itself, for where it lies

    folder = Path(signoff.__file__).resolve().parents[2] / "examples" / "boom"
    if not folder.is_dir():
        raise StackError(
            "The sample carrier is not installed with the program: clone the project, or give "
            "another export: --export DIR"
        )
    return folder
