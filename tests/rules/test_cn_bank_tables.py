"""Tables for Chinese banks: no cell is a formula, and answers are read in the banks' own words."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money
from stdnum import luhn

from signoff.adapters.bank_file.cn_csv import COLUMNS, CnCsv
from signoff.kernel.errors import InvalidValue
from signoff.ports.bank_files import Remedy, Transfer, TransferState
from tests.peers.bank import table_answer

MADE = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 23)
CARD = "622202123456789012" + luhn.calc_check_digit("622202123456789012")
REFUND = Transfer(
    "R-1", Money("86.4", "CNY"), "李伟", CARD, "话费余额退款", bank="招商银行北京分行"
)
PAID, SENT, FAILED = TransferState.PAID, TransferState.SENT, TransferState.FAILED


def written(*transfers: Transfer) -> bytes:
    return CnCsv().write("B-1", transfers, DAY, MADE).content


def table(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(["流水号,状态,原因", *lines]).encode(encoding)


def refusal(content: bytes) -> InvalidValue:
    with pytest.raises(InvalidValue) as refused:
        CnCsv().read_status(content)
    assert refused.value.field == "status_file"
    return refused.value


def test_the_columns_are_those_of_the_templates() -> None:
    content = written(REFUND, replace(REFUND, end_to_end_id="R-2", bank=""))
    assert content.decode("utf-8-sig").splitlines() == [
        "序号,收款人户名,收款账号,开户行,金额,币种,用途,流水号",
        f"1,李伟,{CARD},招商银行北京分行,86.40,CNY,话费余额退款,R-1",
        f"2,李伟,{CARD},,86.40,CNY,话费余额退款,R-2",
    ]
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_cell_can_ever_begin_a_formula_or_another_cell(
    holder: str, bank: str, purpose: str
) -> None:
    try:
        content = written(replace(REFUND, holder=holder, bank=bank, purpose=purpose))
    except InvalidValue:
        return
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert tuple(header) == COLUMNS
    assert len(row) == len(COLUMNS)
    assert [cell for cell in row if cell and not (cell[0].isalnum() or cell[0] in "(（")] == []


@pytest.mark.parametrize(
    "change",
    [{"holder": "=1+1"}, {"bank": "@SUM(1)"}, {"purpose": "+退款"}, {"holder": '李"伟'},
     {"purpose": "退" * 51}, {"account": "DE89370400440532013000"}, {"account": CARD[:-1] + "X"}],
)  # fmt: skip
def test_what_a_bank_or_a_spreadsheet_would_mistake_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InvalidValue) as refused:
        written(replace(REFUND, end_to_end_id="R-9", **change))  # type: ignore[arg-type]
    assert refused.value.field == "R-9"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_answers_are_read_in_the_encodings_of_the_banks(encoding: str) -> None:
    content = table_answer(
        {"R-1": ("交易成功", ""), "R-2": ("失败", "收款账号户名不符"), "R-3": ("处理中", "")},
        encoding,
    )
    first, second, third = CnCsv().read_status(content)
    assert [first.state, second.state, third.state] == [PAID, FAILED, SENT]
    assert (second.end_to_end_id, second.bank_text) == ("R-2", "收款账号户名不符")


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_any_usual_separator_will_do(separator: str) -> None:
    content = table("R-1,成功,").replace(b",", separator.encode())
    assert [report.state for report in CnCsv().read_status(content)] == [PAID]


@pytest.mark.parametrize("cell", ["'R-1", "R-1\t", '"=""R-1"""', " R-1 ", "\u3000R-1"])
def test_marks_against_spreadsheets_are_taken_off(cell: str) -> None:
    (report,) = CnCsv().read_status(table(f"{cell},成功,"))
    assert report.end_to_end_id == "R-1"


@pytest.mark.parametrize("status", ["可疑", "交易可疑", "状态未知", "待复核"])
def test_an_uncertain_outcome_is_not_a_failure(status: str) -> None:
    assert [r.state for r in CnCsv().read_status(table(f"R-1,{status},"))] == [SENT]


@pytest.mark.parametrize(
    ("why", "state", "remedy"),
    [
        ("收款人账号户名不符", FAILED, Remedy.OTHER_ACCOUNT),
        ("账户已销户", FAILED, Remedy.OTHER_ACCOUNT),
        ("付款账户余额不足", FAILED, Remedy.PERSON),
        ("系统繁忙", FAILED, Remedy.PERSON),
        ("", FAILED, Remedy.PERSON),
        ("流水号重复", SENT, Remedy.PERSON),
    ],
)
def test_why_it_failed_says_what_can_be_done(
    why: str, state: TransferState, remedy: Remedy
) -> None:
    (report,) = CnCsv().read_status(table(f"R-1,失败,{why}"))
    assert (report.state, report.remedy) == (state, remedy)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (table("R-1,未成功,"), "status_unknown_line"),
        (table("R-1,,"), "status_unknown_line"),
        (table(",成功,"), "status_reference_line"),
        (table("R" * 36 + ",成功,"), "status_reference_line"),
        (table(), "status_no_rows"),
        (table('R-1,"成功'), "status_line"),
        (table("R-1,成功,", "R-1,失败,"), "status_contradiction"),
        ("收款人,金额\r\n李伟,1.00".encode(), "status_columns"),
        ("流水号,金额\r\nR-1,1.00".encode("gbk"), "status_columns"),
        (b"\r\n" * 30 + table("R-1,成功,"), "status_columns"),
        (table("R-1,成功,", encoding="utf-16"), "status_encoding"),
        (table("R-1,成功," + "x" * 200_000), "status_line"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_a_refusal_names_the_line() -> None:
    assert "Line 3 " in str(refusal(table("R-1,成功,", "R-2,好像成功,")))


def test_our_own_file_taken_back_is_no_answer() -> None:
    assert refusal(written(REFUND)).code == "status_columns"
