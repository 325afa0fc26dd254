"""The folder of an export: CSV files, and `export.toml`, which says as of when it is."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signoff.accounts.importing.rows import (
    CustomerRow,
    DeviceRow,
    LineRow,
    ProfileRow,
    ServiceRow,
)
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.settlement.importing.fact_rows import CreditRow, FeeRow, StayRow, UsageRow
from signoff.settlement.importing.rows import BalanceRow, BillItemRow, BillRow, PaymentRow
from signoff.sheets.problems import Place, Problem
from signoff.sheets.table import Row, RowT, Table, read_table

ABOUT = "export.toml"
MODELS: dict[str, type[Row]] = {
    "customers.csv": CustomerRow,
    "lines.csv": LineRow,
    "profiles.csv": ProfileRow,
    "devices.csv": DeviceRow,
    "services.csv": ServiceRow,
    "balances.csv": BalanceRow,
    "payments.csv": PaymentRow,
    "bills.csv": BillRow,
    "bill_items.csv": BillItemRow,
    "usage.csv": UsageRow,
    "credits.csv": CreditRow,
    "termination_fees.csv": FeeRow,
    "stays.csv": StayRow,
}
"""The files and what their rows are."""

OPTIONAL = frozenset({"usage.csv", "credits.csv", "termination_fees.csv", "stays.csv"})
"""Without such a file the export says nothing of its kind; what is known of it stays."""


class NoSuchFolder(Refusal):
    """There is no folder to read."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            "no_folder", _("There is no folder “%(folder)s” to import from."), folder=directory
        )


@dataclass(frozen=True, slots=True)
class Export:
    """What the files say. `as_of` is None if `export.toml` does not say it."""

    as_of: datetime | None
    customers: Table[CustomerRow]
    lines: Table[LineRow]
    profiles: Table[ProfileRow]
    devices: Table[DeviceRow]
    services: Table[ServiceRow]
    balances: Table[BalanceRow]
    payments: Table[PaymentRow]
    bills: Table[BillRow]
    bill_items: Table[BillItemRow]
    usage: Table[UsageRow]
    credits: Table[CreditRow]
    fees: Table[FeeRow]
    stays: Table[StayRow]
    about_problems: tuple[Problem, ...]

    @property
    def tables(self) -> tuple[Table[Row], ...]:
        """All of them, in the order of writing."""
        every: tuple[Table[Row], ...] = (
            self.customers,
            self.lines,
            self.profiles,
            self.devices,
            self.services,
            self.balances,
            self.payments,
            self.bills,
            self.bill_items,
            self.usage,
            self.credits,
            self.fees,
            self.stays,
        )
        return every

    @property
    def problems(self) -> Iterator[Problem]:
        """What is wrong with single files and rows; `rules` looks at them together."""
        yield from self.about_problems
        for table in self.tables:
            yield from table.problems

    @property
    def row_count(self) -> int:
        """Rows of all files that fit."""
        return sum(len(table.rows) for table in self.tables)


def read_export(directory: Path) -> Export:
    """Reads every file; what is wrong is among the problems. Raises NoSuchFolder."""
    if not directory.is_dir():
        raise NoSuchFolder(directory)
    as_of, problems = _about(directory)
    return Export(
        as_of=as_of,
        customers=_table(directory, "customers.csv", CustomerRow),
        lines=_table(directory, "lines.csv", LineRow),
        profiles=_table(directory, "profiles.csv", ProfileRow),
        devices=_table(directory, "devices.csv", DeviceRow),
        services=_table(directory, "services.csv", ServiceRow),
        balances=_table(directory, "balances.csv", BalanceRow),
        payments=_table(directory, "payments.csv", PaymentRow),
        bills=_table(directory, "bills.csv", BillRow),
        bill_items=_table(directory, "bill_items.csv", BillItemRow),
        usage=_table(directory, "usage.csv", UsageRow),
        credits=_table(directory, "credits.csv", CreditRow),
        fees=_table(directory, "termination_fees.csv", FeeRow),
        stays=_table(directory, "stays.csv", StayRow),
        about_problems=problems,
    )


def _content(directory: Path, file: str) -> bytes | Problem:
    try:
        return (directory / file).read_bytes()
    except FileNotFoundError:
        return Problem(Place(file), "missing_file", _("The file is missing."))
    except OSError as error:
        return Problem(
            Place(file),
            "unreadable_file",
            _("The file cannot be read: %(detail)s."),
            {"detail": error.strerror},
        )


def _table(directory: Path, file: str, model: type[RowT]) -> Table[RowT]:
    content = _content(directory, file)
    if isinstance(content, Problem):
        if content.code == "missing_file" and file in OPTIONAL:
            return Table(file, (), ())
        return Table(file, (), (content,))
    return read_table(content, file=file, model=model)


def _about(directory: Path) -> tuple[datetime | None, tuple[Problem, ...]]:
    content = _content(directory, ABOUT)
    if isinstance(content, Problem):
        return None, (content,)
    try:
        as_of = tomllib.loads(content.decode("utf-8-sig")).get("as_of")
    except (ValueError, RecursionError) as error:
        problem = Problem(
            Place(ABOUT), "toml", _("The file is not TOML: %(detail)s."), {"detail": error}
        )
        return None, (problem,)
    if isinstance(as_of, datetime) and as_of.tzinfo is not None:
        return as_of, ()
    missing = Problem(
        Place(ABOUT, column="as_of"),
        "as_of",
        _("Say as of which moment the export is: as_of = 2026-03-31T23:00:00+08:00."),
    )
    return None, (missing,)
