"""`signoff import DIR`: a carrier's export, all of it or nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from signoff.cli.language import in_words, said, speaking
from signoff.cli.problems import print_problems, problem_object
from signoff.cli.setup import django_ready
from signoff.kernel import clock
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.problems import Problem

if TYPE_CHECKING:
    from signoff.accounts.importing.merging import Tick
    from signoff.intake.operations import Report

KINDS = {
    "customers": _("customers"),
    "sign_ins": _("sign-ins"),
    "id_numbers": _("numbers of papers"),
    "lines": _("lines"),
    "profiles": _("eSIM profiles"),
    "devices": _("devices"),
    "services": _("services"),
    "balances": _("balances"),
    "payments": _("payments"),
    "bills": _("bills"),
    "bill_items": _("items of bills"),
    "usage": _("use not billed yet"),
    "credits": _("credits"),
    "termination_fees": _("fees for ending early"),
    "stays": _("stays abroad"),
}
"""What the kinds of rows are called."""


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
    with speaking():
        _import(directory, _JsonOutput() if as_json else _TextOutput(), checked=check)


def _import(directory: Path, out: "_JsonOutput | _TextOutput", *, checked: bool) -> None:
    # These need Django set up first.
    from django.db import DatabaseError  # noqa: PLC0415

    from signoff.intake import operations  # noqa: PLC0415

    try:
        export = operations.read_valid(directory, now=clock.now())
        with out.progress(export.row_count) as tick:
            if checked:
                report = operations.try_import(export=export, tick=tick)
            else:
                report = operations.import_export(
                    export=export, actor="cli", now=clock.now(), tick=tick
                )
    except operations.BadExport as bad:
        out.problems(bad.problems)
        raise typer.Exit(1) from None
    except Refusal as refusal:
        out.refusal(in_words(refusal))
        raise typer.Exit(1) from None
    except Conflict:
        out.refusal(said(_("Something else wrote the same rows meanwhile: import again.")))
        raise typer.Exit(1) from None
    except DatabaseError as error:
        out.refusal(
            said(_("The database cannot be used: %(detail)s. Was it migrated?"), detail=error)
        )
        raise typer.Exit(1) from None
    out.report(report, checked=checked)


class _TextOutput:
    """For a person at a terminal; problems go to standard error."""

    def __init__(self) -> None:
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, rows: int) -> "Iterator[Tick]":
        columns = (TextColumn(said(_("Importing"))), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task("rows", total=rows)
            yield lambda done: bar.advance(task, done)

    def problems(self, problems: Sequence[Problem]) -> None:
        print_problems(problems, self._err)
        total = said(_("Nothing was imported. Problems found: %(count)s."), count=len(problems))
        self._err.print(Text(total, style="bold"))

    def refusal(self, reason: str) -> None:
        self._err.print(Text(reason))
        self._err.print(Text(said(_("Nothing was imported.")), style="bold"))

    def report(self, report: "Report", *, checked: bool) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("")
        for name in (_("created"), _("changed"), _("unchanged"), _("kept"), _("removed")):
            table.add_column(said(name), justify="right")
        for kind, count in report.counts.items():
            numbers = astuple(count)
            table.add_row(said(KINDS[kind]), *map(str, numbers))
        self._out.print(table)
        if checked:
            words = _("The export as of %(moment)s is in order; nothing was written.")
        elif report.is_news:
            words = _("Imported the export as of %(moment)s.")
        else:
            words = _("Nothing to change: all of the export as of %(moment)s was known.")
        self._out.print(Text(said(words, moment=report.as_of.isoformat())))


class _JsonOutput:
    """For a program: one object on standard output, whatever happens."""

    @contextmanager
    def progress(self, rows: int) -> "Iterator[Tick]":  # noqa: ARG002 - a program has no use for it
        yield lambda _rows: None

    def problems(self, problems: Sequence[Problem]) -> None:
        self._print({"ok": False, "problems": [problem_object(problem) for problem in problems]})

    def refusal(self, reason: str) -> None:
        self._print({"ok": False, "problems": [{"reason": reason}]})

    def report(self, report: "Report", *, checked: bool) -> None:
        counts = {kind: asdict(count) for kind, count in report.counts.items()}
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
