"""What an export may leave out: fine without, and as strictly looked at when it is there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signoff.intake.export import OPTIONAL, read_export
from signoff.intake.rules import problems_of
from signoff.sheets.problems import Problem
from tests.exports import FACTS, MORE_COLUMNS, ExportFolder

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    made = ExportFolder(tmp_path / "export")
    made.tell_more()
    return made


def problems(folder: ExportFolder) -> list[Problem]:
    return problems_of(read_export(folder.directory), now=NOW)


def found(folder: ExportFolder) -> list[tuple[str, int, str, str]]:
    """File, line, column and code of each problem."""
    return [(p.place.file, p.place.line, p.place.column, p.code) for p in problems(folder)]


def test_an_export_that_tells_more_has_no_problems(folder: ExportFolder) -> None:
    assert problems(folder) == []
    export = read_export(folder.directory)
    assert [row.tax_rate for row in export.customers] == [0, 190_000]
    assert [row.prices_include_tax for row in export.customers] == [True, False]
    assert [row.id_number for row in export.customers] == ["990101199003070031", ""]
    assert [row.kind for row in export.bill_items] == ["plan", "roaming", "plan", "discount"]
    assert all(table.is_there for table in export.tables)


@pytest.mark.parametrize("name", sorted(OPTIONAL))
def test_a_file_may_be_left_out_and_says_nothing_then(folder: ExportFolder, name: str) -> None:
    (folder.directory / name).unlink()
    assert problems(folder) == []
    (left_out,) = [t for t in read_export(folder.directory).tables if t.file == name]
    assert not left_out.is_there
    assert left_out.rows == ()


def test_a_file_that_may_be_left_out_is_still_read_if_it_is_there(folder: ExportFolder) -> None:
    folder.write("usage", "")
    folder.write("credits", "credit,account\nC1,A1\n")
    folder.path("stays").unlink()
    folder.path("stays").mkdir()
    assert {(p.place.file, p.code) for p in problems(folder)} == {
        ("usage.csv", "empty"),
        ("credits.csv", "missing_column"),
        ("stays.csv", "unreadable_file"),
    }


@pytest.mark.parametrize(
    ("file", "column"), [(file, name) for file, names in MORE_COLUMNS.items() for name in names]
)
def test_an_empty_cell_of_a_column_that_may_be_left_out_is_fine_or_asks_for_its_other_half(
    folder: ExportFolder, file: str, column: str
) -> None:
    folder.set(file, 2, column, "")
    halves = {"first_day": [("bill_items.csv", 3, "first_day", "half_period")],
              "last_day": [("bill_items.csv", 3, "last_day", "half_period")]}  # fmt: skip
    assert found(folder) == halves.get(column, [])


BAD_CELLS = [
    ("customers", 2, "tax_rate", "101", "percent"),
    ("customers", 2, "tax_rate", "-19", "percent"),
    ("customers", 2, "tax_rate", "19 %", "percent"),
    ("customers", 2, "tax_rate", "19,5", "percent"),
    ("customers", 2, "tax_rate", "8.87555", "percent"),
    ("customers", 2, "tax_rate", "١٩", "percent"),
    ("customers", 2, "tax_rate", "0.19", "percent_share"),
    ("customers", 2, "prices_include_tax", "true", "unknown_word"),
    ("customers", 1, "id_number", "unknown", "paper_number"),
    ("customers", 1, "id_number", "n/a", "paper_number"),
    ("customers", 1, "id_number", "000000000", "paper_number"),
    ("customers", 1, "id_number", "证件 12345678", "paper_number"),
    ("customers", 2, "id_number", "<b>1234567</b>", "paper_number"),
    ("customers", 2, "id_number", "1234567890123456789012345", "paper_number"),
    ("customers", 1, "id_number", "990101199003070032", "citizen_number"),
    ("customers", 1, "id_number", "990101199002300038", "citizen_number"),
    ("lines", 3, "billing", "postpaid", "unknown_word"),
    ("bill_items", 2, "kind", "Roaming", "unknown_word"),
    ("bill_items", 2, "country", "XX", "country"),
    ("bill_items", 2, "country", "jp", "country"),
    ("bill_items", 2, "first_day", "04.09.2026", "date"),
    ("bill_items", 2, "last_day", "2026-09-03", "days_reversed"),
    ("bill_items", 2, "last_day", "2062-09-06", "after_export"),
    ("balances", 1, "currency", "XXY", "currency"),
    ("usage", 1, "usage", "", "blank"),
    ("usage", 1, "line", "L9", "unknown_reference"),
    ("usage", 1, "amount", "-8.28", "negative"),
    ("usage", 1, "amount", "8.285", "money_fraction"),
    ("usage", 1, "amount", "80000000000.00", "absurd"),
    ("usage", 1, "currency", "RMB", "currency"),
    ("usage", 1, "currency", "EUR", "currency_differs"),
    ("usage", 1, "used_at", "2026-10-30T21:05:00", "moment"),
    ("usage", 1, "used_at", "2062-10-30T21:05:00+08:00", "after_export"),
    ("usage", 2, "usage", "U1", "duplicate"),
    ("credits", 1, "account", "A9", "unknown_reference"),
    ("credits", 1, "line", "L3", "foreign_line"),
    ("credits", 1, "kind", "gift", "unknown_word"),
    ("credits", 1, "amount", "0.00", "zero"),
    ("credits", 1, "amount", "-15.00", "negative"),
    ("credits", 1, "amount", "15.001", "money_fraction"),
    ("credits", 1, "currency", "EUR", "currency_differs"),
    ("credits", 1, "expires_on", "never", "date"),
    ("credits", 2, "credit", "C1", "duplicate"),
    ("termination_fees", 1, "line", "L9", "unknown_reference"),
    ("termination_fees", 1, "amount", "-1.00", "negative"),
    ("termination_fees", 1, "amount", "1e9", "amount"),
    ("termination_fees", 1, "currency", "CNY", "currency_differs"),
    ("termination_fees", 1, "last_day", "2026-06-14", "days_reversed"),
    ("termination_fees", 1, "taxed", "", "blank"),
    ("termination_fees", 2, "first_day", "2027-06-14", "overlapping"),
    ("stays", 1, "line", "L9", "unknown_reference"),
    ("stays", 1, "country", "Japan", "country"),
    ("stays", 1, "last_day", "2026-09-02", "days_reversed"),
    ("stays", 1, "first_day", "2062-09-03", "days_reversed"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "value", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_by_file_line_and_column(
    folder: ExportFolder, file: str, row: int, column: str, value: str, code: str
) -> None:
    folder.set(file, row, column, value)
    named = "last_day" if code == "days_reversed" else column
    assert found(folder) == [(f"{file}.csv", row + 1, named, code)]
    assert all(p.words for p in problems(folder))


def test_a_stay_that_is_still_to_come_is_refused(folder: ExportFolder) -> None:
    folder.set("stays", 1, "last_day", "2062-09-10")
    assert found(folder) == []  # it may not be over yet
    folder.set("stays", 1, "first_day", "2062-09-03")
    assert found(folder) == [("stays.csv", 2, "first_day", "after_export")]


def test_a_plan_may_be_billed_in_advance_and_use_may_not(folder: ExportFolder) -> None:
    folder.set("bill_items", 1, "last_day", "2026-12-31")
    assert found(folder) == []
    folder.set("bill_items", 1, "kind", "premium")
    assert found(folder) == [("bill_items.csv", 2, "last_day", "after_export")]


def test_overlapping_rows_of_a_fee_table_name_each_other(folder: ExportFolder) -> None:
    folder.add("termination_fees", "L3", "2026-12-01", "2027-01-01", "80.00", "EUR", "no")
    (problem,) = problems(folder)
    assert (problem.place.line, problem.place.column, problem.code) == (
        4,
        "first_day",
        "overlapping",
    )
    assert "line 2" in problem.words
    assert "2027-06-14" in problem.words
    folder.set("termination_fees", 3, "line", "L1")
    folder.set("termination_fees", 3, "currency", "CNY")
    assert problems(folder) == []


def test_a_row_inside_a_longer_one_is_found_behind_a_shorter_one(folder: ExportFolder) -> None:
    folder.write(
        "termination_fees",
        FACTS["termination_fees"][0]
        + "\nL3,2026-01-01,2026-12-31,9.00,EUR,no\nL3,2026-02-01,2026-02-28,8.00,EUR,no"
        + "\nL3,2026-06-01,2026-06-30,7.00,EUR,no\n",
    )
    assert [p.place.line for p in problems(folder)] == [3, 4]
    assert "line 2" in problems(folder)[1].words


def test_a_balance_may_be_in_another_currency_but_its_payments_may_not_differ_from_it(
    folder: ExportFolder,
) -> None:
    folder.set("balances", 3, "currency", "JPY")
    folder.set("balances", 3, "amount", "2500")
    assert found(folder) == [("payments.csv", 4, "currency", "currency_differs")]
    folder.set("payments", 3, "currency", "JPY")
    folder.set("payments", 3, "amount", "2500")
    assert found(folder) == []
    folder.set("balances", 3, "amount", "25.50")
    assert ("balances.csv", 4, "amount", "money_fraction") in found(folder)
