"""What cannot be taken in is refused in words, and then nothing is written at all."""

from pathlib import Path

import pytest

from signoff.accounts.models import Account, User
from signoff.intake import operations
from signoff.intake.operations import BadExport
from tests.exports import FILES, ExportFolder
from tests.importing import LATER, everything, row_count, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    return ExportFolder(tmp_path / "export")


def refused(folder: ExportFolder) -> list[tuple[str, int, str, str]]:
    before, rows = everything(), row_count()
    with pytest.raises(BadExport) as bad:
        take_in(folder)
    assert everything() == before
    assert row_count() == rows
    return [(p.place.file, p.place.line, p.place.column, p.code) for p in bad.value.problems]


def test_a_number_of_another_line_is_refused(folder: ExportFolder) -> None:
    take_in(folder)
    for file in ("profiles", "balances", "payments", "bill_items", "bills", "lines"):
        folder.write(file, FILES[file][0] + "\n")
    for file in ("services", "devices"):
        folder.write(file, FILES[file][0] + "\n")
    folder.add("lines", "L9", "A2", "+8613800138002", "001010000000009", "x", "prepaid",
               "1", "EUR", "1", "2025-01-01", "active")  # fmt: skip
    assert refused(folder) == [("lines.csv", 2, "msisdn", "taken")]


def test_a_user_name_of_the_staff_is_refused(folder: ExportFolder) -> None:
    User.objects.create(username="anna", is_staff=True)
    assert refused(folder) == [("customers.csv", 3, "username", "taken")]


FIXED = [
    ("lines", 3, {"account": "A1", "currency": "CNY"}, "account"),
    ("balances", 2, {"kind": "paid"}, "kind"),
    ("payments", 1, {"bucket": "B2"}, "bucket"),
    ("payments", 1, {"amount": "99.00"}, "amount"),
    ("services", 1, {"line": "L2"}, "line"),
]


@pytest.mark.parametrize(("file", "row", "cells", "column"), FIXED)
def test_what_never_changes_is_refused(
    folder: ExportFolder, file: str, row: int, cells: dict[str, str], column: str
) -> None:
    take_in(folder)
    folder.as_of(LATER)
    folder.set("balances", 2, "kind", "paid")
    folder.set("balances", 3, "line", "")
    for name, value in cells.items():
        folder.set(file, row, name, value)
    assert (f"{file}.csv", row + 1, column, "fixed") in refused(folder)


def test_nothing_is_written_if_anything_is_wrong_in_the_last_file(folder: ExportFolder) -> None:
    folder.set("bill_items", 4, "amount", "-2,00")
    assert refused(folder) == [("bill_items.csv", 5, "amount", "amount")]
    assert row_count() == 0


def test_nothing_is_written_if_it_breaks_in_the_middle(
    folder: ExportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_arguments: object, **_named: object) -> None:
        assert Account.objects.count() == 2
        raise OSError("the disk is full")

    monkeypatch.setattr(operations, "write_money", breaks)
    with pytest.raises(OSError, match="disk"):
        take_in(folder)
    assert row_count() == 0
