"""`signoff import DIR`: a carrier's export, all of it or nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from signoff.cli.setup import django_ready
from signoff.kernel import clock
from signoff.kernel.errors import Conflict, Refusal
from signoff.sheets.problems import Problem

if TYPE_CHECKING:
    from signoff.accounts.importing.merging import Tick
    from signoff.intake.operations import Report

SHOWN = 50
"""Problems to a screen; `--json` gives all."""


def import_(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder with the CSV files and export.toml.")
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what would happen; write nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as one JSON object.")
    ] = False,
) -> None:
    """Take in a carrier's export: customers, lines, eSIMs, devices, services, money, bills.

    Everything is checked before anything is written. The same export may be imported again.

    Exit status: 0 taken in (with --check: nothing is wrong), 1 something is wrong and nothing was
    written, 2 the settings are wrong.
    """
    django_ready()
    # These need Django set up first.
    from django.db import DatabaseError  # noqa: PLC0415

    from signoff.intake import operations  # noqa: PLC0415

    out = _JsonOutput() if as_json else _TextOutput()
    try:
        export = operations.read_valid(directory, now=clock.now())
        with out.progress(export.row_count) as tick:
            if check:
                report = operations.try_import(export=export, tick=tick)
            else:
                report = operations.import_export(
                    export=export, actor="cli", now=clock.now(), tick=tick
                )
    except operations.BadExport as bad:
        out.problems(bad.problems)
        raise typer.Exit(1) from None
    except (Refusal, Conflict) as refusal:
        out.refusal(str(refusal))
        raise typer.Exit(1) from None
    except DatabaseError as error:
        out.refusal(f"The database cannot be used: {error}. Was it migrated?")
        raise typer.Exit(1) from None
    out.report(report, checked=check)


def in_words(problem: Problem) -> str:
    """In the language that Django speaks now."""
    from django.utils.translation import gettext  # noqa: PLC0415 - works only after the set-up

    template = gettext(problem.template)
    return template % problem.params if problem.params else template


def print_problems(problems: Sequence[Problem], console: Console) -> None:
    """The first of them, a line each."""
    for problem in problems[:SHOWN]:
        console.print(Text(f"{_where(problem)}: {in_words(problem)}"))
    if len(problems) > SHOWN:
        console.print(f"… and {len(problems) - SHOWN} more; --json shows all.")


class _TextOutput:
    """For a person at a terminal; problems go to standard error."""

    def __init__(self) -> None:
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, rows: int) -> "Iterator[Tick]":
        columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"))
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task("rows", total=rows)
            yield lambda done: bar.advance(task, done)

    def problems(self, problems: Sequence[Problem]) -> None:
        print_problems(problems, self._err)
        self._err.print(f"Nothing was imported. Problems: {len(problems)}.", style="bold")

    def refusal(self, reason: str) -> None:
        self._err.print(Text(f"Nothing was imported. {reason}"))

    def report(self, report: "Report", *, checked: bool) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("")
        for name in ("created", "changed", "unchanged", "kept"):
            table.add_column(name, justify="right")
        for kind, count in report.counts.items():
            numbers = (count.created, count.changed, count.unchanged, count.kept)
            table.add_row(kind.replace("_", " "), *map(str, numbers))
        self._out.print(table)
        as_of = report.as_of.isoformat()
        if checked:
            self._out.print(f"The export as of {as_of} is in order; nothing was written.")
        elif report.is_news:
            self._out.print(f"Imported the export as of {as_of}.")
        else:
            self._out.print(f"Nothing to change: all of the export as of {as_of} was known.")


class _JsonOutput:
    """For a program: one object on standard output, whatever happens."""

    @contextmanager
    def progress(self, rows: int) -> "Iterator[Tick]":  # noqa: ARG002 - a program has no use for it
        yield lambda _done: None

    def problems(self, problems: Sequence[Problem]) -> None:
        self._print({"ok": False, "problems": [_problem_object(problem) for problem in problems]})

    def refusal(self, reason: str) -> None:
        self._print({"ok": False, "problems": [{"reason": reason}]})

    def report(self, report: "Report", *, checked: bool) -> None:
        counts = {
            kind: {name: getattr(count, name) for name in count.__dataclass_fields__}
            for kind, count in report.counts.items()
        }
        self._print(
            {
                "ok": True,
                "written": not checked,
                "changed": report.is_news,
                "as_of": report.as_of.isoformat(),
                "counts": counts,
            }
        )

    def _print(self, content: dict[str, Any]) -> None:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _where(problem: Problem) -> str:
    place = problem.place
    parts = [place.file]
    if place.line:
        parts.append(f"line {place.line}")
    if place.column:
        parts.append(place.column)
    return ", ".join(parts)


def _problem_object(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.place.file,
        "line": problem.place.line or None,
        "column": problem.place.column or None,
        "code": problem.code,
        "reason": in_words(problem),
    }
