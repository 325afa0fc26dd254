"""`docs/money.md`: the example of an unusual item is what the product computes."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from signoff.settlement.rules.unusual import ItemFacts, unusual_items

PAGE = Path(__file__).resolve().parents[2] / "docs" / "money.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## What looks unusual on a bill")[2]
EARLIER = [
    Decimal(n)
    for n in re.findall(r"[0-9.]+[0-9]", SECTION.partition("of calls: ")[2].partition(". Their")[0])
]


def calls(month: int, amount: Decimal) -> ItemFacts:
    """On the bill of a month; its key says which."""
    words = f"Calls abroad, {month} minutes"
    return ItemFacts(
        month, f"F{month:02d}", date(2026, month, 1), "L1", "usage", words, int(amount * 100)
    )


@pytest.mark.parametrize(
    ("words", "is_marked"),
    [(r"so ([0-9.]+) is not", False), (r"([0-9.]+) is, and", True), (r"and ([0-9.]+) \(z", True)],
)
def test_what_the_page_says_is_marked_or_is_not(words: str, is_marked: bool) -> None:
    found = re.search(words, SECTION)
    assert found
    assert len(EARLIER) == 10
    items = [calls(month, amount) for month, amount in enumerate(EARLIER, 1)]
    marks = unusual_items([*items, calls(11, Decimal(found[1]))], None, currency="EUR")
    assert (11 in marks) is is_marked
    assert not set(marks) - {11}


def test_the_numbers_in_between_are_right() -> None:
    middle = median(EARLIER)
    spread = median(abs(amount - middle) for amount in EARLIER)
    limit = middle + Decimal("3.5") * spread / Decimal("0.6745")
    z = Decimal("0.6745") * (Decimal("41.80") - middle) / spread
    for number in (f"{middle}", f"{spread.normalize()}", f"= {limit:.3f}", f"z = {z:.2f}"):
        assert number in SECTION
