"""Rubbish in an export is found, and named by file, line, column and reason. No database."""

import codecs
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.accounts.importing.rows import CustomerRow, LineRow
from signoff.intake.export import MODELS, NoSuchFolder, read_export
from signoff.intake.rules import problems_of
from signoff.settlement.importing.rows import PaymentRow
from signoff.sheets.problems import Problem
from signoff.sheets.table import read_table
from tests.exports import FILES, ExportFolder

NOW = datetime(2026, 11, 22, tzinfo=UTC)

Found = tuple[str, int, str, str]


@pytest.fixture
def folder(tmp_path: Path) -> ExportFolder:
    return ExportFolder(tmp_path / "export")


def found(folder: ExportFolder) -> list[Found]:
    """File, line, column and code of each problem."""
    return [
        (problem.place.file, problem.place.line, problem.place.column, problem.code)
        for problem in problems(folder)
    ]


def problems(folder: ExportFolder) -> list[Problem]:
    return problems_of(read_export(folder.directory), now=NOW)


def test_a_good_export_has_no_problems(folder: ExportFolder) -> None:
    assert problems(folder) == []
    assert read_export(folder.directory).row_count == sum(len(f) - 1 for f in FILES.values())


BAD_CELLS = [
    ("customers", 1, "account", "", "blank"),
    ("customers", 1, "account", "A 1", "key"),
    ("customers", 1, "account", "A" * 33, "key"),
    ("customers", 1, "username", "李伟", "username"),
    ("customers", 1, "username", "anna@mail.example", "username_address"),
    ("customers", 1, "email", "li.wei", "email"),
    ("customers", 1, "email", "a" * 250 + "@mail.example", "email"),
    ("customers", 1, "name", "", "blank"),
    ("customers", 1, "name", "李" * 121, "too_long"),
    ("customers", 1, "name", "li\u202ewei", "control_character"),
    ("customers", 1, "name", "li\x00wei", "control_character"),
    ("customers", 1, "name", "two\nlines", "control_character"),
    ("customers", 1, "country", "cn", "country"),
    ("customers", 1, "country", "XX", "country"),
    ("customers", 1, "language", "Chinese", "language"),
    ("customers", 1, "time_zone", "Asia/Atlantis", "time_zone"),
    ("customers", 1, "time_zone", "../../etc/passwd", "time_zone"),
    ("customers", 1, "currency", "RMB", "currency"),
    ("customers", 1, "contact_phone", "138 0013 8001", "msisdn_plus"),
    ("lines", 1, "msisdn", "13800138002", "msisdn_plus"),
    ("lines", 1, "msisdn", "+86138", "msisdn"),
    ("lines", 1, "imsi", "0010100000000012", "imsi"),
    ("lines", 1, "imsi", "٠٠١٠١٠٠٠٠٠٠٠٠٠١", "imsi"),
    ("lines", 1, "billing", "postpaid", "unknown_word"),
    ("lines", 1, "monthly_price", "-59.00", "negative"),
    ("lines", 1, "monthly_price", "59,00", "amount"),
    ("lines", 1, "monthly_price", "¥59.00", "amount"),
    ("lines", 1, "monthly_price", "1e3", "amount"),
    ("lines", 1, "monthly_price", "NaN", "amount"),
    ("lines", 1, "monthly_price", "٥٩", "amount"),
    ("lines", 1, "monthly_price", "59.005", "money_fraction"),
    ("lines", 1, "monthly_price", "590000000.00", "absurd"),
    ("lines", 1, "cycle_day", "0", "whole_number"),
    ("lines", 1, "cycle_day", "32", "whole_number"),
    ("lines", 1, "cycle_day", "1.0", "whole_number"),
    ("lines", 1, "activated_on", "29/02/2024", "date"),
    ("lines", 1, "activated_on", "2023-02-29", "date"),
    ("lines", 1, "activated_on", "2062-02-28", "after_export"),
    ("lines", 1, "state", "closing", "unknown_word"),
    ("lines", 1, "state", "Active", "unknown_word"),
    ("profiles", 1, "iccid", "8986990000000079199", "iccid_check_digit"),
    ("profiles", 1, "iccid", "1234", "iccid"),
    ("profiles", 1, "eid", "89049032602319880900349681381349", "eid_check_digits"),
    ("profiles", 1, "eid", "123", "eid"),
    ("profiles", 1, "matching_id", "a b", "matching_id"),
    ("profiles", 1, "state", "on", "unknown_word"),
    ("devices", 1, "imei", "001870117194411", "imei"),
    ("devices", 1, "imei", "٠٠١٨٧٠١١٧١٩٤٤١٠", "imei"),
    ("devices", 1, "last_seen_on", "2027-01-01", "after_export"),
    ("devices", 1, "line", "L3", "foreign_line"),
    ("services", 1, "service", "", "blank"),
    ("services", 1, "line", "L9", "unknown_reference"),
    ("balances", 1, "kind", "gift", "unknown_word"),
    ("balances", 1, "amount", "-0.01", "negative"),
    ("balances", 1, "amount", "1.001", "money_fraction"),
    ("balances", 1, "amount", "99999999999999999999", "amount"),
    ("balances", 1, "line", "L3", "foreign_line"),
    ("payments", 1, "amount", "100.001", "money_fraction"),
    ("payments", 1, "refunded", "100.01", "refunded_too_much"),
    ("payments", 1, "currency", "EUR", "currency_differs"),
    ("payments", 1, "bucket", "B9", "unknown_reference"),
    ("payments", 1, "bucket", "B2", "payment_into_gift"),
    ("payments", 1, "paid_at", "2026-02-12T06:17:56", "moment"),
    ("payments", 1, "paid_at", "yesterday", "moment"),
    ("payments", 1, "paid_at", "2062-02-12T06:17:56Z", "after_export"),
    ("bills", 1, "due_on", "2026-09-30", "due_before_issued"),
    ("bills", 1, "account", "A9", "unknown_reference"),
    ("bills", 1, "total", "87.41", "sum"),
    ("bills", 1, "state", "overdue", "unknown_word"),
    ("bill_items", 1, "amount", "59.0000001", "amount"),
    ("bill_items", 1, "position", "0", "whole_number"),
    ("bill_items", 1, "description", "", "blank"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_by_file_line_and_column(
    folder: ExportFolder, file: str, row: int, column: str, value: str, code: str
) -> None:
    folder.set(file, row, column, value)
    assert (f"{file}.csv", row + 1, column, code) in found(folder)


def test_a_bad_row_is_not_reported_again_where_others_refer_to_it(folder: ExportFolder) -> None:
    folder.set("customers", 1, "country", "XX")
    assert found(folder) == [("customers.csv", 2, "country", "country")]


def test_every_problem_of_a_row_and_of_every_file_is_reported_at_once(folder: ExportFolder) -> None:
    folder.set("customers", 2, "country", "de")
    folder.set("customers", 2, "time_zone", "Berlin")
    folder.set("services", 1, "state", "on")
    assert found(folder) == [
        ("customers.csv", 3, "country", "country"),
        ("customers.csv", 3, "time_zone", "time_zone"),
        ("services.csv", 2, "state", "unknown_word"),
    ]


REPEATED = [
    ("customers", 2, "account", "A1", "account"),
    ("customers", 2, "username", "lI.wEI", "username"),
    ("customers", 2, "email", "LI.WEI@mail.example", "email"),
    ("lines", 2, "line", "L1", "line"),
    ("lines", 2, "msisdn", "+86 138 0013 8002", "msisdn"),
    ("lines", 2, "imsi", "001010000000001", "imsi"),
    ("profiles", 2, "line", "L1", "line"),
    ("profiles", 2, "iccid", "8986990000000079198F", "iccid"),
    ("services", 2, "service", "S1", "service"),
    ("balances", 2, "bucket", "B1", "bucket"),
    ("payments", 2, "payment", "ch_1", "payment"),
    ("bills", 2, "bill", "F1", "bill"),
    ("bill_items", 2, "position", "1", "position"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "named"), REPEATED)
def test_a_key_that_is_there_twice_names_the_first_line(
    folder: ExportFolder, file: str, row: int, column: str, value: str, named: str
) -> None:
    folder.set(file, row, column, value)
    twice = [p for p in problems(folder) if p.code == "duplicate"]
    assert [(p.place.file, p.place.line, p.place.column) for p in twice] == [
        (f"{file}.csv", row + 1, named)
    ]
    assert "line 2" in twice[0].words


@pytest.mark.parametrize("file", ["lines", "bills"])
def test_a_currency_other_than_the_accounts_is_refused(folder: ExportFolder, file: str) -> None:
    folder.set(file, 1, "currency", "EUR")
    assert (f"{file}.csv", 2, "currency", "currency_differs") in found(folder)


def test_a_bill_without_items_does_not_add_up(folder: ExportFolder) -> None:
    folder.add("bills", "F3", "A1", "", "2026-10-01", "2026-10-15", "1.00", "CNY", "paid")
    assert found(folder) == [("bills.csv", 4, "total", "sum")]


def test_an_unpaid_bill_cannot_be_below_zero(folder: ExportFolder) -> None:
    folder.set("bills", 2, "total", "-2.00")
    folder.remove("bill_items", 3)
    assert ("bills.csv", 3, "state", "negative_unpaid") in found(folder)


def test_yen_have_no_decimals(folder: ExportFolder) -> None:
    header, row = FILES["lines"][0], FILES["lines"][1].replace("59.00,CNY", "59.50,JPY")
    table = read_table(f"{header}\n{row}\n".encode(), file="lines.csv", model=LineRow)
    assert [p.code for p in table.problems] == ["money_fraction"]


@pytest.mark.parametrize("file", [*FILES, "export"])
def test_a_missing_file_is_named(folder: ExportFolder, file: str) -> None:
    name = "export.toml" if file == "export" else f"{file}.csv"
    (folder.directory / name).unlink()
    assert (name, 0, "", "missing_file") in found(folder)


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_is_named(folder: ExportFolder, file: str) -> None:
    folder.write(file, "\ufeff \r\n")
    assert (f"{file}.csv", 0, "", "empty") in found(folder)


def test_a_folder_in_place_of_a_file_is_named(folder: ExportFolder) -> None:
    folder.path("devices").unlink()
    folder.path("devices").mkdir()
    assert ("devices.csv", 0, "", "unreadable_file") in found(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFolder):
        read_export(tmp_path / "nowhere")


def test_customers_without_a_single_row_are_refused_but_no_devices_are_fine(
    folder: ExportFolder,
) -> None:
    folder.write("devices", FILES["devices"][0] + "\n")
    assert found(folder) == []
    folder.write("customers", FILES["customers"][0] + "\n")
    assert ("customers.csv", 0, "", "no_rows") in found(folder)


def test_missing_unknown_and_repeated_columns_are_named(folder: ExportFolder) -> None:
    folder.write("services", "service,line,name,colour,name\nS1,L1,x,y,z\n")
    assert found(folder) == [
        ("services.csv", 1, "colour", "unknown_column"),
        ("services.csv", 1, "name", "column_twice"),
        ("services.csv", 1, "state", "missing_column"),
    ]


def test_a_line_with_too_few_or_too_many_cells_is_named(folder: ExportFolder) -> None:
    folder.write("services", folder.text("services") + "S3,L1\nS4,L1,x,active,more\n")
    assert found(folder) == [
        ("services.csv", 4, "", "cells"),
        ("services.csv", 5, "", "cells"),
    ]


def test_an_open_quotation_mark_is_named(folder: ExportFolder) -> None:
    folder.write("services", FILES["services"][0] + '\nS1,L1,x,active\nS2,L1,"x,active\n')
    assert found(folder) == [("services.csv", 3, "", "quotes")]


def test_another_encoding_is_named_with_the_line(folder: ExportFolder) -> None:
    folder.path("customers").write_bytes(folder.text("customers").encode("gb18030"))
    assert found(folder) == [("customers.csv", 2, "", "encoding")]
    folder.path("customers").write_bytes(
        codecs.BOM_UTF16_LE + FILES["customers"][0].encode("utf-16-le")
    )
    assert found(folder) == [("customers.csv", 0, "", "utf16")]


def _with_mark(text: str) -> str:
    return "\ufeff" + text


def _with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _with_cr(text: str) -> str:
    return text.replace("\n", "\r")


def _with_semicolons(text: str) -> str:
    return text.replace(",", ";")


def _with_tabs(text: str) -> str:
    return text.replace(",", "\t")


def _with_blank_lines(text: str) -> str:
    return text.replace("\n", "\n\n") + ",,\n"


def _with_spaces(text: str) -> str:
    return text.replace(",", " , ")


@pytest.mark.parametrize(
    "saved",
    [
        _with_mark,
        _with_crlf,
        _with_cr,
        _with_semicolons,
        _with_tabs,
        _with_blank_lines,
        _with_spaces,
    ],
)
def test_what_spreadsheets_make_of_a_file_is_read_the_same(
    folder: ExportFolder, saved: Callable[[str], str]
) -> None:
    plain = [list(table) for table in read_export(folder.directory).tables]
    for file in FILES:
        folder.write(file, saved(folder.text(file)))
    export = read_export(folder.directory)
    assert problems_of(export, now=NOW) == []
    assert [list(table) for table in export.tables] == plain


def test_lines_are_counted_as_an_editor_does(folder: ExportFolder) -> None:
    folder.write("services", FILES["services"][0] + '\n\n\n"S1",L1,"a\nb",active\nS2,L1,x,on\n')
    assert found(folder) == [
        ("services.csv", 4, "name", "control_character"),
        ("services.csv", 6, "state", "unknown_word"),
    ]


def test_the_moment_of_an_export_must_be_there_aware_and_not_to_come(folder: ExportFolder) -> None:
    folder.as_of("2026-11-01T00:00:00")
    assert found(folder) == [("export.toml", 0, "as_of", "as_of")]
    folder.as_of("'soon'")
    assert found(folder) == [("export.toml", 0, "as_of", "as_of")]
    folder.as_of("=")
    assert found(folder) == [("export.toml", 0, "", "toml")]
    folder.as_of("2062-11-01T00:00:00Z")
    assert found(folder) == [("export.toml", 0, "as_of", "future")]
    folder.as_of("9999-12-31T23:59:59Z")
    assert found(folder) == [("export.toml", 0, "as_of", "future")]


@pytest.mark.parametrize("nonsense", ["[" * 5000, "9" * 5000])
def test_nonsense_in_place_of_a_moment_is_named(folder: ExportFolder, nonsense: str) -> None:
    folder.as_of(nonsense)
    assert found(folder) == [("export.toml", 0, "", "toml")]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_moment_that_is_none_by_the_clock_of_the_world_is_named(
    folder: ExportFolder, moment: str
) -> None:
    folder.set("payments", 1, "paid_at", moment)
    assert found(folder) == [("payments.csv", 2, "paid_at", "moment")]


def test_cells_become_values_of_the_kernel(folder: ExportFolder) -> None:
    export = read_export(folder.directory)
    line = export.lines.rows[1].row
    assert line.monthly_minor == 2900
    assert export.customers.rows[0].row.sign_in_name == "li.wei"
    assert export.bill_items.rows[3].row.amount_minor("EUR") == -200


@pytest.mark.parametrize("file", MODELS)
@given(content=st.binary(max_size=300))
def test_no_bytes_make_reading_fail(file: str, content: bytes) -> None:
    table = read_table(content, file=file, model=MODELS[file])
    assert table.problems or not table.rows or all(isinstance(r, MODELS[file]) for r in table)


@pytest.mark.parametrize("model", [CustomerRow, LineRow, PaymentRow])
@given(data=st.data())
def test_no_text_in_the_cells_makes_reading_fail(
    model: type[CustomerRow | LineRow | PaymentRow], data: st.DataObject
) -> None:
    cell = st.text(max_size=30).filter(lambda text: '"' not in text and "\ud800" not in text)
    cells = ['"' + data.draw(cell.filter(_encodable)) + '"' for _column in model.model_fields]
    content = ",".join(model.model_fields) + "\n" + ",".join(cells) + "\n"
    table = read_table(content.encode(), file="x.csv", model=model)
    for problem in table.problems:
        assert problem.words
        assert problem.place.line >= 1


def _encodable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
