"""Every format of bank files keeps the same promises, and is understood by a bank."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money
from schwifty import IBAN
from stdnum import luhn

from signoff.adapters.bank_file.cn_csv import CnCsv
from signoff.adapters.bank_file.sepa import Payer, Sepa
from signoff.kernel.bank_accounts import Iban
from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import from_minor, to_minor
from signoff.ports.bank_files import (
    MOST_BYTES,
    MOST_TRANSFERS,
    BankFiles,
    StatusReport,
    Transfer,
    TransferState,
)
from tests.peers import bank

MADE = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 23)
PAYER = Payer("Boom GmbH", Iban("DE89370400440532013000"))
CARD = "622202123456789012" + luhn.calc_check_digit("622202123456789012")


@dataclass(frozen=True)
class Format:
    """A format, how a bank reads it, and how the bank says paid, refused and under way."""

    files: BankFiles
    transfer: Transfer
    understood: Callable[[bytes], bank.Batch]
    answered: Callable[[str, dict[str, TransferState]], bytes]


_CODES = {TransferState.PAID: "ACSC", TransferState.SENT: "ACSP", TransferState.FAILED: "RJCT"}
_WORDS = {
    TransferState.PAID: "交易成功",
    TransferState.SENT: "处理中",
    TransferState.FAILED: "失败",
}


def _sepa(message: str) -> Format:
    def answered(batch: str, states: dict[str, TransferState]) -> bytes:
        entries = [bank.entry(reference, _CODES[state]) for reference, state in states.items()]
        return bank.pain002(
            batch, *entries, group="PART", message=message.replace("001.", "002.", 1)
        )

    return Format(
        Sepa(PAYER, message=message, time_zone="Europe/Berlin"),
        Transfer("R-1", Money("12.50", "EUR"), "Li Wei", "NL91ABNA0417164300", "Refund SO-7K4M"),
        bank.read_pain001,
        answered,
    )


FORMATS = {
    "pain.001.001.03": _sepa("pain.001.001.03"),
    "pain.001.001.09": _sepa("pain.001.001.09"),
    "cn_csv": Format(
        CnCsv(),
        Transfer("R-1", Money("12.50", "CNY"), "李伟", CARD, "话费余额退款", bank="招商银行"),
        bank.read_table,
        lambda _batch, states: bank.table_answer({r: (_WORDS[s], "") for r, s in states.items()}),
    ),
}


@pytest.fixture(params=FORMATS, name="kind")
def _kind(request: pytest.FixtureRequest) -> Format:
    return FORMATS[request.param]


def numbered(kind: Format, count: int) -> list[Transfer]:
    return [replace(kind.transfer, end_to_end_id=f"R-{n}x") for n in range(count)]


def written(kind: Format, transfers: list[Transfer]) -> bytes:
    return kind.files.write("B-1", transfers, DAY, MADE).content


def refused(kind: Format, transfers: list[Transfer]) -> InvalidValue:
    with pytest.raises(InvalidValue) as refusal:
        kind.files.write("B-1", transfers, DAY, MADE)
    return refusal.value


def test_a_bank_understands_what_is_written(kind: Format) -> None:
    given = kind.transfer
    (order,) = kind.understood(written(kind, [given])).orders
    assert order == bank.Order(
        given.end_to_end_id, Decimal("12.50"), kind.files.currency,
        given.holder, given.account, given.purpose,
    )  # fmt: skip


def test_the_same_batch_is_the_same_file(kind: Format) -> None:
    transfers = numbered(kind, 3)
    first = kind.files.write("B-1", transfers, DAY, MADE)
    assert kind.files.write("B-1", list(transfers), DAY, MADE) == first
    assert first.name.startswith("payouts-B-1.")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.integers(1, 9_999_999_999), min_size=1, max_size=12),
)
def test_the_sum_of_a_file_is_the_sum_of_its_parts(name: str, units: list[int]) -> None:
    kind = FORMATS[name]
    code = kind.files.currency
    transfers = [
        replace(transfer, amount=from_minor(amount, code))
        for transfer, amount in zip(numbered(kind, len(units)), units, strict=True)
    ]
    batch = kind.understood(written(kind, transfers))
    assert [to_minor(Money(order.amount, code)) for order in batch.orders] == units
    total = from_minor(sum(units), code).amount
    assert sum(order.amount for order in batch.orders) == total
    assert batch.control_sum in (None, total)


def test_the_answer_comes_back_to_the_transfer_it_is_about(kind: Format) -> None:
    references = [o.reference for o in kind.understood(written(kind, numbered(kind, 3))).orders]
    said = dict(zip(references, TransferState, strict=True))
    reports = kind.files.read_status(kind.answered("B-1", said))
    assert {r.end_to_end_id: r.state for r in reports} == said
    assert [r.end_to_end_id for r in reports] == references


def test_unknown_references_are_passed_on(kind: Format) -> None:
    (report,) = kind.files.read_status(kind.answered("B-9", {"Z-77": TransferState.PAID}))
    assert (report.end_to_end_id, report.state) == ("Z-77", TransferState.PAID)


def test_two_answers_to_one_transfer_are_refused_and_a_repeat_is_not(kind: Format) -> None:
    once = kind.answered("B-1", {"R-1": TransferState.PAID, "R-2": TransferState.PAID})
    twice = once.replace(b"R-2", b"R-1")
    assert len(kind.files.read_status(twice)) == 1
    other = kind.answered("B-1", {"R-1": TransferState.PAID, "R-2": TransferState.FAILED})
    with pytest.raises(InvalidValue, match="two different things of “R-1”"):
        kind.files.read_status(other.replace(b"R-2", b"R-1"))


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "1000000000", "0.001"])
def test_amounts_that_cannot_be_are_refused(kind: Format, amount: str) -> None:
    wrong = replace(kind.transfer, amount=Money(Decimal(amount), kind.files.currency))
    assert refused(kind, [wrong]).code in {"transfer_amount", "money_fraction"}
    with pytest.raises(InvalidValue):
        kind.files.check(wrong)


def test_another_currency_is_refused_and_the_transfer_named(kind: Format) -> None:
    wrong = replace(kind.transfer, end_to_end_id="R-2", amount=Money("5", "USD"))
    error = refused(kind, [kind.transfer, wrong])
    assert (error.code, error.field) == ("transfer_currency", "R-2")


def test_batches_that_cannot_be_are_refused(kind: Format) -> None:
    assert refused(kind, []).code == "batch_empty"
    assert refused(kind, [kind.transfer, kind.transfer]).code == "transfer_twice"
    assert refused(kind, numbered(kind, MOST_TRANSFERS + 1)).code == "batch_size"
    with pytest.raises(InvalidValue, match="that day is over"):
        kind.files.write("B-1", [kind.transfer], DAY - timedelta(days=2), MADE)
    with pytest.raises(InvalidValue, match="reference of a transfer"):
        kind.files.write("../B", [kind.transfer], DAY, MADE)


def test_an_account_with_a_typing_error_is_refused_without_being_shown(kind: Format) -> None:
    number = kind.transfer.account
    swapped = f"{number[:-2]}{(int(number[-2]) + 1) % 10}{number[-1]}"
    error = refused(kind, [replace(kind.transfer, account=swapped)])
    assert (error.field, swapped in str(error)) == ("R-1", False)


@pytest.mark.parametrize("reference", ["", "1", "123456", "=R1", "R 1", "R1/", "李", "R" * 36])
def test_a_reference_that_would_not_come_back_is_not_given(reference: str) -> None:
    with pytest.raises(InvalidValue, match="a letter first"):
        Transfer(reference, Money("1", "EUR"), "Li", "DE89370400440532013000", "x")


def test_who_is_paid_stays_out_of_logs(kind: Format) -> None:
    shown = repr(kind.transfer) + repr(kind.files.write("B-1", [kind.transfer], DAY, MADE))
    assert kind.transfer.holder not in shown
    assert kind.transfer.account not in shown


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", b"\0" * 100, b"%PDF-1.7 ...", b"PK\x03\x04" + b"\0" * 50, b"<", b"<a/>", b"\xff\xfe<\0",
     b"a,b\r\n1,2", b'"', b"\xef\xbb\xbf"],
)  # fmt: skip
def test_what_is_no_answer_is_refused(kind: Format, content: bytes) -> None:
    with pytest.raises(InvalidValue) as refusal:
        kind.files.read_status(content)
    assert refusal.value.field == "status_file"


def test_a_huge_file_is_refused_unread(kind: Format) -> None:
    with pytest.raises(InvalidValue, match="larger than 10 MB"):
        kind.files.read_status(b"<" * (MOST_BYTES + 1))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_a_damaged_answer_is_refused_or_read_as_one(name: str, data: st.DataObject) -> None:
    kind = FORMATS[name]
    whole = kind.answered("B-1", {"R-1": TransferState.PAID, "R-2": TransferState.FAILED})
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, len(whole)))
    try:
        reports = kind.files.read_status(
            whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]
        )
    except InvalidValue:
        return
    assert all(isinstance(report, StatusReport) for report in reports)


def test_every_country_of_sepa_can_be_paid() -> None:
    """An account of each country passes its check digits, the schema and the bank's eyes."""
    kind = FORMATS["pain.001.001.09"]
    bban = {"FR": "20041010050500013M02606", "IT": "X0542811101000000123456", "ES": "21000418450200051332",
            "IE": "AIBK93115212345678", "FI": "12345600000785", "BG": "BNBG96611020345678"}  # fmt: skip
    accounts = [str(IBAN.from_bban(code, number)) for code, number in bban.items()]
    transfers = [
        replace(kind.transfer, end_to_end_id=f"R-{n}x", account=account)
        for n, account in enumerate(accounts)
    ]
    batch = kind.understood(written(kind, transfers))
    assert [order.account for order in batch.orders] == accounts
