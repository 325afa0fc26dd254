"""`signoff walkthrough`: a whole closing without a person, proved by the network itself."""

import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from signoff.cli.demo import PASSWORD, stop_on_signals
from signoff.cli.setup import settings_ready
from signoff.cli.stack.home import DemoHome
from signoff.cli.stack.problems import StackError
from signoff.cli.stack.running import Reviewer as Staff
from signoff.cli.stack.running import Stack, reviewers_of, sample_export
from signoff.cli.walk.browser import Browser
from signoff.cli.walk.journey import Closed, Journey
from signoff.cli.walk.people import Customer, Reviewer
from signoff.cli.walk.show import Show, receipts_table, timeline_table
from signoff.kernel import keys
from signoff.kernel.errors import SignoffError


@dataclass(frozen=True, slots=True)
class Place:
    """Where the walk goes: the pages, who reviews, which keys may sign (None: any)."""

    url: str
    reviewer: Staff
    keys: frozenset[str] | None


def walkthrough(
    url: Annotated[
        str | None,
        typer.Option(
            help="A demo that runs already; the network is then that of the settings. "
            "Otherwise one is started for this and thrown away."
        ),
    ] = None,
    database: Annotated[
        str,
        typer.Option(
            metavar="URL", help="postgresql://… of an empty database, to walk on that; else SQLite."
        ),
    ] = "",
    customer: Annotated[str, typer.Option(help="Who closes a line.")] = "li.wei",
    export: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The carrier's export, if not the sample.")
    ] = None,
    keep: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the certificate is kept.")
    ] = Path("var/certificates"),
    patience: Annotated[float, typer.Option(help="Seconds to wait for the closing.")] = 180.0,
) -> None:
    """Close a line from the button to the network, through the pages that people use.

    Ends with the timeline, the receipts and the certificate.

    Exit status: 0 the network itself, asked again, says that the subscriber is gone, and the
    certificate is genuine; 1 anything else.
    """
    console = Console(highlight=False, soft_wrap=True)
    show = Show(console)
    try:
        with ExitStack() as context:
            stop = context.enter_context(stop_on_signals())
            context.enter_context(show.shown())
            folder = export or sample_export()
            place = context.enter_context(_place(url, database, folder, stop, show))
            # Only now: the settings of the demo are those of this process from here on.
            from signoff.sagas.ask_network import is_gone  # noqa: PLC0415

            visitor = Customer(context.enter_context(Browser(place.url)), customer, PASSWORD)
            staff = Reviewer(
                context.enter_context(Browser(place.url)),
                place.reviewer.username,
                PASSWORD,
                place.reviewer.totp_secret,
                lambda seconds: _pause(stop, seconds),
            )
            closed = Journey(
                customer=visitor, reviewer=staff, export=folder, is_gone=is_gone, keys=place.keys,
                into=keep, patience=patience, stop=stop, show=show,
            ).go()  # fmt: skip
    except SignoffError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"  ✗ {error}"))
        raise typer.Exit(1) from None
    _report(closed, console)


def _pause(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)


@contextmanager
def _place(
    url: str | None, database: str, export: Path, stop: threading.Event, show: Show
) -> Iterator[Place]:
    if url is not None:
        settings_ready()
        yield Place(url.rstrip("/"), _first(reviewers_of(export)), None)
        return
    with tempfile.TemporaryDirectory(prefix="signoff-walkthrough-") as folder:
        home = DemoHome(Path(folder))
        with home.taken(), _started(home, database, export, stop, show) as stack:
            _adopt(stack.environment)
            key = keys.load(home.folder / keys.FILE_NAME).public_key()
            yield Place(stack.url, _first(stack.reviewers), frozenset({keys.key_id(key)}))


@contextmanager
def _started(
    home: DemoHome, database: str, export: Path, stop: threading.Event, show: Show
) -> Iterator[Stack]:
    stack = Stack(home, export, port=0, stop=stop, tell=show.doing, database_url=database)
    try:
        with show.stage("A sample carrier, the pages and a worker run"):
            stack.start()
        yield stack
        show.doing("Stopping them")
    finally:
        stack.end()


def _adopt(environment: Mapping[str, str]) -> None:
    """This process asks the network by the same settings as the worker does."""
    os.environ.clear()
    os.environ.update(environment)


def _first(staff: list[Staff]) -> Staff:
    for person in staff:
        if "reviewer" in person.roles.split():
            return person
    raise StackError("staff.csv names no reviewer.")


def _report(closed: Closed, console: Console) -> None:
    console.print()
    console.print(Text(f"Case {closed.case}, as its customer sees it", style="bold"))
    console.print(timeline_table(closed.timeline))
    console.print()
    console.print(Text("Receipts, as the desk sees them", style="bold"))
    console.print(receipts_table(closed.receipts))
    console.print()
    console.print(Text(f"Certificate: {closed.certificate}"))
    console.print(Text(f"Check it again at any time: signoff verify {closed.certificate}"))
