"""`signoff demo`: a sample carrier with everything that belongs to it, on this machine."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.cli.stack.home import DemoHome
from signoff.cli.stack.problems import StackError, Stopped
from signoff.cli.stack.running import Stack, sample_export

PASSWORD = "boom-demo-2026"  # noqa: S105 - of the sample carrier; `signoff demo-people` sets it
CUSTOMERS = ("li.wei", "anna.schmidt")
_LOOKS_EVERY = 0.5


def demo(
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65_000,
            help="Of the pages; the five after it are the carrier box's. 0: any free ones.",
        ),
    ] = 8600,
    home: Annotated[Path, typer.Option(help="Folder for the demo's data.")] = Path("var"),
    export: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Another carrier's export.")
    ] = None,
    *,
    reset: Annotated[bool, typer.Option("--reset", help="Forget what earlier demos did.")] = False,
) -> None:
    """Try Signoff: a sample carrier, the pages and a worker, on this machine only.

    Everything is kept in the home folder and goes on at the next start. Ctrl-C ends it. Settings
    from the environment are not used, so that a demo never meets a real carrier.

    Exit status: 0 ended by Ctrl-C, 1 something could not run.
    """  # fmt: skip
    console = Console(highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    place = DemoHome(home)
    try:
        with place.taken(), stop_on_signals() as stop:
            if reset:
                place.reset()
            _run(place, export or sample_export(), port, stop, console)
    except Stopped:
        console.print("Stopped.")
    except StackError as error:
        errors.print(Text(str(error)))
        raise typer.Exit(1) from None


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that is set when somebody wants the end: Ctrl-C, SIGTERM, a closed terminal."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        # By another thread: the main thread may hold the event's lock at this very moment.
        threading.Thread(target=stop.set).start()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(home: DemoHome, export: Path, port: int, stop: threading.Event, console: Console) -> None:
    with console.status("Starting") as status:
        stack = Stack(home, export, port=port, stop=stop, tell=status.update)
        try:
            stack.start()
        except BaseException:
            stack.end()
            raise
    try:
        _welcome(stack, home, console)
        while not stop.wait(_LOOKS_EVERY):
            stack.check()
        console.print("Stopping …")
    finally:
        stack.end()


def _welcome(stack: Stack, home: DemoHome, console: Console) -> None:
    """A few lines: where to go, and as whom."""
    where = Table.grid(padding=(0, 3))
    where.add_row("Customers and staff", f"{stack.url}/")
    where.add_row("What telephones and mailboxes show", f"{stack.inbox_url}/")
    who = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="")
    for name in ("Sign in as", "user name", "password"):
        who.add_column(name)
    for customer in CUSTOMERS:
        who.add_row("customer", customer, PASSWORD)
    for reviewer in stack.reviewers:
        who.add_row(reviewer.roles.replace(" ", ", "), reviewer.username, PASSWORD)
    console.print("Boom, a sample carrier, is open on this machine.", style="bold")
    console.print(where)
    console.print()
    console.print(who)
    console.print("The staff are asked for a code too: the page of the telephones shows it.")
    console.print()
    console.print(f"Data and logs are in {home.folder}. Ctrl-C stops everything.")
