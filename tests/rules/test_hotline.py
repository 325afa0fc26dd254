"""Who calls: three questions from facts, two right answers."""

from itertools import combinations, pairwise

import pytest
from moneyed import Money

from signoff.hotline.rules import Fact, Known, facts_asked, passes, ranges, right

KNOWN = Known(frozenset({"Boom 30"}), frozenset({"2024-05"}), Money("86.40", "CNY"), 2)
RIGHT = {Fact.PLAN: "Boom 30", Fact.ACTIVATED: "2024-05", Fact.LAST_PAYMENT: "3"}
POOR = Known(frozenset({"Boom 30"}), frozenset({"2024-05"}), None, 7)


def test_three_right_answers_are_enough_and_so_are_two() -> None:
    assert right(KNOWN, RIGHT) == set(RIGHT)
    assert all(passes(count) for count in (2, 3))
    for two in combinations(RIGHT.items(), 2):
        assert len(right(KNOWN, dict(two))) == 2


def test_one_or_none_is_not_enough() -> None:
    assert not any(passes(count) for count in (0, 1))
    assert right(KNOWN, {}) == frozenset()
    assert right(KNOWN, dict.fromkeys(Fact, "")) == frozenset()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Fact.PLAN, "boom 30"), (Fact.ACTIVATED, "2024-06"), (Fact.LAST_PAYMENT, "2"),
        (Fact.LAST_PAYMENT, "99"), (Fact.PLAN, "2024-05"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_wrong(fact: Fact, said: str) -> None:
    assert right(KNOWN, {fact: said}) == frozenset()


def test_who_never_paid_is_asked_for_the_number_of_lines_instead() -> None:
    assert facts_asked(KNOWN) == (Fact.PLAN, Fact.ACTIVATED, Fact.LAST_PAYMENT)
    assert facts_asked(POOR) == (Fact.PLAN, Fact.ACTIVATED, Fact.LINES)
    assert right(POOR, {Fact.LINES: "4", Fact.LAST_PAYMENT: "0"}) == {Fact.LINES}
    assert right(KNOWN, {Fact.LINES: "2"}) == frozenset()  # was not asked


@pytest.mark.parametrize("currency", ["CNY", "EUR", "JPY"])
def test_every_amount_is_in_one_range(currency: str) -> None:
    found = ranges(currency)
    assert found[0].low.amount == 0
    assert found[-1].high is None
    for one, following in pairwise(found):
        assert one.high == following.low
    for amount in (0, 1, 10, 99, 100, 200, 9_999, 20_000, 10**9):
        paid = Money(amount, currency)
        fits = [r for r in found if r.low <= paid and (r.high is None or paid < r.high)]
        assert len(fits) == 1, amount
