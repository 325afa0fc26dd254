"""`signoff check`: what is configured, reachable and missing, line by line."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from signoff.cli.checks import configured, remote, stored
from signoff.cli.checks.finding import Finding, State
from signoff.cli.setup import django_ready, faults
from signoff.config import config

_MARKS = {
    State.GOOD: ("✓", "green"),
    State.WARNING: ("!", "yellow"),
    State.MISSING: ("✗", "red"),
}


def check(
    *, as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False
) -> None:
    """Tell what is configured, reachable and missing. Asks every remote system, changes nothing.

    Exit status: 0 nothing is missing, 1 something is.
    """
    findings: list[Finding] = []
    show = Console(highlight=False, soft_wrap=True)
    if as_json:
        findings = list(examine())
        bad = any(finding.state is State.MISSING for finding in findings)
        typer.echo(
            json.dumps(
                {"ok": not bad, "checks": [asdict(finding) for finding in findings]},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for finding in examine():
            findings.append(finding)
            show.print(_line(finding))
    missing = sum(finding.state is State.MISSING for finding in findings)
    if missing:
        if not as_json:
            show.print(f"Missing: {missing}.", style="bold")
        raise typer.Exit(1)


def _line(finding: Finding) -> Table:
    mark, colour = _MARKS[finding.state]
    row = Table.grid(padding=(0, 2))
    row.add_column(width=1)
    row.add_column(width=20)
    row.add_row(Text(mark, style=colour), Text(finding.what), Text(finding.detail))
    return row


def examine() -> Iterator[Finding]:
    """Each thing in turn; what depends on a missing thing is not looked at."""
    try:
        settings = config()
    except ValidationError as error:
        for fault in faults(error):
            name, _, why = fault.partition(": ")
            yield Finding(name, State.MISSING, why)
        return
    yield Finding("settings", State.GOOD, "all can be read")
    yield from configured.findings(settings)
    django_ready()
    database = stored.database()
    yield database
    yield stored.static_files(settings)
    if database.state is State.GOOD:
        yield from stored.tables()
        yield stored.worker()
    yield from remote.findings(settings)
