"""`signoff journal`: what was booked, proven and written out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from signoff.cli.printable import printable
from signoff.cli.setup import database_answers, django_ready, settings_ready
from signoff.journal import beancount
from signoff.journal.rules import Difference, differences
from signoff.kernel.money import from_minor

app = typer.Typer(help="What was booked: double entry, append-only.", no_args_is_help=True)

SHOWN = 50
"""Bad entries and cases told one by one; more are counted."""


@app.command()
@database_answers()
def check() -> None:
    """Read the whole journal: every entry balanced, and every case's open items explained.

    What a case has open must be just what is under way for it: refunds of its final bill that
    have not been paid yet. Each case that differs is named.

    Exit status: 0 all is well, 1 something is wrong, 2 it cannot be looked at.
    """
    django_ready()
    # These need Django set up first.
    from django.db import connection  # noqa: PLC0415

    from signoff.journal import queries, triggers, verification  # noqa: PLC0415
    from signoff.settlement.queries import under_way  # noqa: PLC0415

    told = _Told()
    found = verification.verify(lambda cause, fault: told.tell(f"Broken: {cause}: {fault}."))
    if orphans := queries.orphans():
        told.tell(f"{orphans} postings belong to no entry.")
    with queries.one_moment():
        open_items, expected = queries.open_items(), under_way()
    for case in differences(open_items, expected):
        told.tell(_differs(case))
    for name in triggers.missing(connection):
        told.tell(f"The trigger {name} is missing: the database would allow changes.")
    told.end()
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{found.entries} entries with {found.postings} postings read.")
    console.print(f"{len(open_items)} open items of cases compared with what is under way.")
    if told.count:
        console.print(f"Not right: {told.count}.")
        raise typer.Exit(1)
    console.print("Every entry is balanced and every open item is under way.")


class _Told:
    """What is wrong, line by line; only the first of them are printed."""

    def __init__(self) -> None:
        self.count = 0
        self._console = Console(highlight=False, soft_wrap=True, markup=False)

    def tell(self, line: str) -> None:
        self.count += 1
        if self.count <= SHOWN:
            self._console.print(printable(line))

    def end(self) -> None:
        if self.count > SHOWN:
            self._console.print(f"… and {self.count - SHOWN} more.")


def _differs(case: Difference) -> str:
    booked, expected = (_amount(minor, case.currency) for minor in (case.booked, case.expected))
    return f"Case {case.case}: {booked} open in the journal, {expected} under way."


def _amount(minor: int, code: str) -> str:
    money = from_minor(minor, code)
    return f"{money.amount:f} {code}"


@app.command()
@database_answers()
def export(
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day; default: the beginning."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included; default: today."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to; default: standard output.")
    ] = None,
) -> None:
    """Write the journal in beancount's text format.

    Days are those of SIGNOFF_TIME_ZONE. An existing FILE is replaced when all is written.

    Exit status: 0 written, 1 the file cannot be written or an entry is not right, 2 the database
    cannot be read.
    """
    zone = ZoneInfo(settings_ready().time_zone)
    django_ready()
    from signoff.journal import queries  # noqa: PLC0415 - needs Django set up first

    entries = queries.booked(
        since=_start(first.date(), zone) if first else None,
        before=_start(last.date() + timedelta(days=1), zone) if last else None,
    )
    try:
        with _destination(output) as file:
            file.writelines(beancount.text(entries, zone=zone))
    except (OSError, ValueError) as error:
        Console(stderr=True, soft_wrap=True, markup=False).print(f"Stopped: {error}")
        raise typer.Exit(1) from None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


@contextmanager
def _destination(path: Path | None) -> Iterator[IO[str]]:
    """A file appears as a whole or not at all; only its owner may read it."""
    if path is None:
        yield sys.stdout
        return
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        part = Path(file.name)
        try:
            yield file
        except BaseException:
            part.unlink()
            raise
    part.replace(path)
