"""`docs/money.md`: every worked example is what the product computes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from signoff.kernel.formats import money_text
from signoff.kernel.money import from_minor
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    CreditFacts,
    FeeFacts,
    Part,
    PaymentFacts,
    PlanFacts,
    SettlementFacts,
    SettlementResult,
    Terms,
    UsageFacts,
    settle,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "money.md"
MAY, JUNE = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6))

EXAMPLES = {
    "A plan billed after use, with an unpaid bill": SettlementFacts(
        "EUR",
        date(2026, 11, 17),
        (BucketFacts("B1", "paid", 12_850), BucketFacts("B2", "promotional", 2_000)),
        (
            PaymentFacts("ch_1", "Visa ···· 4242", 10_000, MAY),
            PaymentFacts("ch_2", "Visa ···· 1111", 5_000, JUNE),
        ),
        (BillFacts("202610-17", 3_990),),
        (PlanFacts("L1", "Boom 20GB", 2_990, 5, date(2024, 1, 1)),),
        (UsageFacts("U1", "Roaming", 120, date(2026, 11, 16)),),
        tax_ppm=190_000,
    ),
    "A plan paid in advance, in a short month": SettlementFacts(
        "EUR",
        date(2026, 2, 10),
        plans=(PlanFacts("L1", "Boom 20GB", 2_990, 1, date(2024, 1, 1), in_advance=True),),
        tax_ppm=190_000,
        prices_include_tax=False,
    ),
    "A currency without a smaller unit": SettlementFacts(
        "JPY",
        date(2026, 12, 9),
        (BucketFacts("B1", "deposit", 5_000),),
        (),
        (),
        (PlanFacts("L1", "Boom 5GB", 1_980, 1, date(2024, 1, 1)),),
        tax_ppm=100_000,
        prices_include_tax=False,
    ),
    "Three decimals, and a card that takes two": SettlementFacts(
        "BHD",
        date(2026, 11, 30),
        (BucketFacts("B1", "paid", 12_345),),
        (PaymentFacts("ch_1", "Visa ···· 4242", 20_000, MAY, step=10),),
        terms=Terms(smallest_transfer=100),
    ),
    "A commitment that is not over, a coupon, and a credit note": SettlementFacts(
        "CNY",
        date(2026, 11, 22),
        (BucketFacts("B1", "paid", 20_000),),
        (PaymentFacts("ch_1", "UnionPay ···· 6222", 20_000, MAY),),
        credits=(
            CreditFacts("C1", "Welcome", 3_000, is_coupon=True),
            CreditFacts("C2", "Outage in October", 1_500),
        ),
        fees=(
            FeeFacts("L1", "Boom 5G", date(2026, 7, 1), date(2026, 12, 31), 10_000),
            FeeFacts("L1", "Boom 5G", date(2027, 1, 1), date(2027, 6, 30), 5_000),
        ),
    ),
    "A disputed item": SettlementFacts(
        "CNY",
        date(2026, 11, 22),
        (BucketFacts("B1", "paid", 5_000),),
        (PaymentFacts("ch_1", "Alipay", 5_000, MAY),),
        (BillFacts("202610-9", 9_240, disputed=3_340),),
    ),
}


def rows(sign: str, parts: Sequence[Part]) -> list[str]:
    """One line of the table each."""
    return [
        f"| {part.template % part.params} | {sign}{money_text(part.amount, 'en')} |"
        for part in parts
    ]


def table(result: SettlementResult) -> str:
    """The settlement as the page shows it."""
    total = (
        f"| **Still to be paid** | **{money_text(result.due, 'en')}** |"
        if result.due_minor
        else f"| **You get back** | **{money_text(result.refund_total, 'en')}** |"
    )
    back = [
        f"| by {'another way' if part.payment is None else part.method}"
        f"{', too little for a bank transfer' if part.too_small else ''} "
        f"| {money_text(part.amount, 'en')} |"
        for part in result.refunds
    ]
    lines = [
        "| | |",
        "|---|--:|",
        *rows("", result.credits),
        *rows("− ", result.charges),
        total,
        *back,
        *rows("", result.forfeited),
        *rows("", result.set_aside),
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("title", EXAMPLES)
def test_a_worked_example_is_what_is_computed(title: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"### {title}\n" in text
    section = text.split(f"### {title}\n")[1].split("\n### ")[0].split("\n## ")[0]
    assert table(settle(EXAMPLES[title])) in section


def test_no_example_of_the_page_is_unchecked() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## Worked examples")[1].split("\n## ")[0]
    titles = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert titles == list(EXAMPLES)


def test_the_example_of_rounding_is_right() -> None:
    """The page says that three times 0.57 is 12 and not 11 or 10 cents in this case."""
    use = tuple(UsageFacts(f"U{n}", "Data", 3, date(2026, 11, 1)) for n in range(3))
    facts = SettlementFacts(
        "EUR", date(2026, 11, 2), usage=use, tax_ppm=190_000, prices_include_tax=False
    )
    assert settle(facts).due == from_minor(12, "EUR")
    together = replace(use[0], minor=9)
    assert settle(replace(facts, usage=(together,))).due == from_minor(11, "EUR")
