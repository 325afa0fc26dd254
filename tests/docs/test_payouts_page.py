"""`docs/payouts.md` tells the finance team what the program does with a bank's words."""

from pathlib import Path

from signoff.adapters.bank_file import cn_csv, pain002, reasons, sepa
from signoff.kernel import payee_names
from signoff.ports.bank_files import MOST_BYTES, MOST_TRANSFERS, TransferState

PAGE = (Path(__file__).parents[2] / "docs" / "payouts.md").read_text(encoding="utf-8")
ROWS = {
    TransferState.PAID: "| paid |",
    TransferState.SENT: "| still sent",
    TransferState.FAILED: "| failed |",
}


def test_every_status_of_the_standard_stands_in_its_row() -> None:
    for code, state in pain002.STATES.items():
        (row,) = [
            line for line in PAGE.splitlines() if f"`{code}`" in line and line.startswith("|")
        ]
        assert ROWS[state] in row, code


def test_every_code_for_a_repeated_order_is_named() -> None:
    spoken = PAGE.replace("`DU01` to `DU05`", " ".join(f"`DU0{n}`" for n in range(1, 6)))
    assert [code for code in reasons.DUPLICATE if f"`{code}`" not in spoken] == []


def test_the_limits_are_those_of_the_program() -> None:
    for limit in (
        f"| {MOST_TRANSFERS:,} |",
        f"| {MOST_BYTES // 10**6} MB |",
        f"{sepa.LARGEST:,} EUR",
        f"{cn_csv.LARGEST:,} CNY",
        f"SEPA {payee_names.MOST_NAME} characters, China {payee_names.MOST_CHINESE}",
        f"SEPA {payee_names.MOST_PURPOSE} characters, China {cn_csv.MOST_PURPOSE}",
    ):
        assert limit in PAGE
