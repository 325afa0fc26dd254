"""Transfers in yuan: the table that the batch pages of Chinese banks take, and their answer.

There is no standard; the columns are those that the templates of the large banks share. Answers
come in UTF-8 or in GBK (read as GB 18030, which contains it).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from signoff.adapters.bank_file.batches import check_batch, check_size, checked_amount
from signoff.kernel.bank_accounts import CnCard
from signoff.kernel.errors import InvalidValue
from signoff.kernel.payee_names import bank_words, chinese_name
from signoff.kernel.words import gettext_noop as _
from signoff.ports.bank_files import (
    BankFile,
    Remedy,
    StatusReport,
    Transfer,
    TransferState,
    without_contradiction,
)

COLUMNS = ("序号", "收款人户名", "收款账号", "开户行", "金额", "币种", "用途", "流水号")
LARGEST = Decimal("99999999.99")
_FIELD = "status_file"
MOST_PURPOSE = 50
_LONGEST_REFERENCE = 35
_LINES_BEFORE_THE_HEADER = 20

_NAMES = {
    "流水号": ("流水号", "客户流水号", "商户流水号", "企业流水号", "业务参考号"),
    "状态": ("状态", "交易状态", "处理状态", "付款状态", "处理结果"),
    "原因": ("原因", "失败原因", "错误原因", "状态说明", "备注"),
}
_STATES = {
    word: state
    for state, spoken in (
        (
            TransferState.PAID,
            "成功 交易成功 处理成功 付款成功 支付成功 转账成功 已成功 已付款 已支付 已入账",
        ),
        (
            TransferState.SENT,
            "处理中 银行处理中 交易处理中 待处理 已提交 已受理 已发送 待复核 待审批 待授权 部分审批 "
            "可疑 交易可疑 状态未知 未知",
        ),
        (
            TransferState.FAILED,
            "失败 交易失败 处理失败 付款失败 支付失败 转账失败 已失败 已拒绝 拒绝 审批拒绝 已撤销 "
            "已作废 已退票 退票 已退回 退回 已退汇 退汇",
        ),
    )
    for word in spoken.split()
}
"""Words of the banks. An uncertain outcome (可疑) is not a failure: the money may have moved."""
_REPEATED = ("重复",)
_ABOUT_THE_ACCOUNT = ("户名", "账号", "账户", "帐号", "帐户", "卡号", "开户行", "销户", "收款人")
_ABOUT_US = ("付款账", "付款帐", "付款人", "付款方", "余额不足")


class CnCsv:
    """`ports.bank_files.BankFiles` for yuan."""

    currency = "CNY"

    def check(self, transfer: Transfer) -> None:
        """See `ports.bank_files`."""
        self._cells(transfer)

    def _cells(self, transfer: Transfer) -> list[str]:
        """All but the first column. Raises InvalidValue with the reference as `field`.

        No cell can begin a formula: names are refused if they do, the rest is digits and letters.
        """
        reference = transfer.end_to_end_id
        amount = checked_amount(transfer, self.currency, LARGEST)
        return [
            chinese_name(transfer.holder, reference),
            CnCard.parse(transfer.account, reference),
            chinese_name(transfer.bank, reference) if transfer.bank else "",
            f"{amount.amount:.2f}",
            self.currency,
            chinese_name(transfer.purpose, reference, MOST_PURPOSE),
            reference,
        ]

    def write(
        self,
        batch_id: str,
        transfers: Sequence[Transfer],
        execution_date: date,
        created_at: datetime,
    ) -> BankFile:
        """See `ports.bank_files`. The table has no column for the day: the bank's page asks it."""
        check_batch(batch_id, transfers, execution_date, created_at)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for number, transfer in enumerate(transfers, start=1):
            writer.writerow([number, *self._cells(transfer)])
        content = b"\xef\xbb\xbf" + text.getvalue().encode()
        return BankFile(f"payouts-{batch_id}.csv", "text/csv; charset=utf-8", content)

    def read_status(self, content: bytes) -> tuple[StatusReport, ...]:
        """See `ports.bank_files`. `batch_id`, `reason_code` and `reported_at` are not in it."""
        check_size(content)
        rows = _rows(_decoded(content))
        return without_contradiction(list(_reports(rows)))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidValue(
        "status_encoding",
        _("The file is neither in UTF-8 nor in GBK: download it from the bank again, as CSV."),
        field=_FIELD,
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells, bare of spaces and of the marks that keep a spreadsheet from counting."""
    separator = max(",\t;", key=text[:5000].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [_bare(cell) for cell in cells]
    except csv.Error:
        raise InvalidValue(
            "status_line",
            _("Line %(line)s of the file cannot be split into cells: download it again."),
            field=_FIELD,
            line=reader.line_num,
        ) from None


def _bare(cell: str) -> str:
    plain = cell.strip(" \t\u00a0\u3000\r\n")
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    return bank_words(plain.lstrip("'`").strip())


def _header(rows: Iterator[tuple[int, list[str]]]) -> dict[str, int]:
    """Position of each column. Banks put a title and their own numbers above the table."""
    for _line, cells in rows:
        found = {
            column: next((cells.index(name) for name in names if name in cells), -1)
            for column, names in _NAMES.items()
        }
        if found["流水号"] >= 0 and found["状态"] >= 0:
            return found
        if _line > _LINES_BEFORE_THE_HEADER:
            break
    raise InvalidValue(
        "status_columns",
        _("The file has no line with the columns %(columns)s: it is no answer to a batch."),
        field=_FIELD,
        columns="流水号, 状态",
    )


def _reports(rows: Iterator[tuple[int, list[str]]]) -> Iterator[StatusReport]:
    columns = _header(rows)
    found = False
    for line, cells in rows:
        cell = {c: cells[at] if 0 <= at < len(cells) else "" for c, at in columns.items()}
        if not cell["流水号"] and not cell["状态"]:
            continue  # blank, or the line of totals, which has neither
        yield _report(line, cell["流水号"], cell["状态"], cell["原因"])
        found = True
    if not found:
        raise InvalidValue("status_no_rows", _("The table of the file has no rows."), field=_FIELD)


def _report(line: int, reference: str, status: str, reason: str) -> StatusReport:
    if not 0 < len(reference) <= _LONGEST_REFERENCE:
        raise InvalidValue(
            "status_reference_line",
            _("Line %(line)s of the file does not say which transfer it is about."),
            field=_FIELD,
            line=line,
        )
    state = _STATES.get(status)
    if state is None:
        raise InvalidValue(
            "status_unknown_line",
            _("Line %(line)s of the file: the status “%(status)s” is not known."),
            field=_FIELD,
            line=line,
            status=status[:20],
        )
    if state is not TransferState.FAILED:
        return StatusReport(reference, state, bank_text=reason)
    if any(word in reason for word in _REPEATED):
        return StatusReport(reference, TransferState.SENT, bank_text=reason, remedy=Remedy.PERSON)
    return StatusReport(reference, state, bank_text=reason, remedy=_remedy(reason))


def _remedy(reason: str) -> Remedy:
    """Whether another account would help. What is not about the account goes to a person."""
    if any(word in reason for word in _ABOUT_US):
        return Remedy.PERSON
    about_it = any(word in reason for word in _ABOUT_THE_ACCOUNT)
    return Remedy.OTHER_ACCOUNT if about_it else Remedy.PERSON
