"""The files of a takeout: what a program or a spreadsheet makes of them."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.takeout.rules import Person, archive, csv_file, manifest, safe_cell, vcard_file

MADE = datetime(2026, 11, 22, 20, 0, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "\uff1d1+1", "+8613"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5.00", "12.50", "0", "Boom 30", "", "流量 - 国内", "a=b"])
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_nothing_is_an_empty_cell() -> None:
    assert safe_cell(None) == ""


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
)
def test_a_spreadsheet_reads_back_every_cell(rows: list[list[str]]) -> None:
    content = csv_file(("a", "b"), rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[1:] == [[safe_cell(cell) for cell in row] for row in rows]
    for row in read:
        for cell in row:
            plain = cell.lstrip()[:1]
            assert plain not in {"=", "+", "@"}


def unfolded(card: bytes) -> list[str]:
    assert card.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in card.split(b"\r\n"))
    return card.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_a_contact_card_has_name_mail_and_numbers() -> None:
    person = Person("李 伟; Wei, Li", "li@example.org", ("+8613800138000", "+4930901820"))
    assert unfolded(vcard_file(person)) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "FN:李 伟\\; Wei\\, Li",
        "EMAIL:li@example.org",
        "TEL;VALUE=uri:tel:+8613800138000",
        "TEL;VALUE=uri:tel:+4930901820",
        "END:VCARD",
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_no_name_breaks_out_of_its_line(name: str) -> None:
    lines = unfolded(vcard_file(Person(name, "", ())))
    assert len(lines) == 4
    assert lines[2].startswith("FN:")


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2009"])
def test_no_blank_of_a_name_gets_lost(blank: str) -> None:
    assert "FN:Anna Maria" in unfolded(vcard_file(Person(f"Anna{blank}Maria", "", ())))


def test_the_manifest_has_every_file_with_its_checksum() -> None:
    files = {"b.txt": b"two", "a.txt": "一".encode()}
    listed = json.loads(manifest(files, MADE))
    assert [file["path"] for file in listed["files"]] == ["a.txt", "b.txt"]
    for file in listed["files"]:
        assert file["sha256"] == hashlib.sha256(files[file["path"]]).hexdigest()
        assert file["bytes"] == len(files[file["path"]])
    assert listed["made_at"] == "2026-11-22T20:00:00+08:00"


def test_the_same_files_make_the_same_archive() -> None:
    files = {"x/y.txt": b"hello" * 100}
    assert archive(files, MADE) == archive(dict(files), MADE)
    with zipfile.ZipFile(io.BytesIO(archive(files, MADE))) as folder:
        assert folder.testzip() is None
        assert folder.namelist() == ["MANIFEST.json", "x/y.txt"]
        assert folder.getinfo("x/y.txt").date_time == (2026, 11, 22, 20, 0, 0)
