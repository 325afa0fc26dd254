"""Who calls: three questions from facts, two right answers."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from moneyed import Money

from signoff.hotline.rules import (
    Fact,
    Known,
    Moments,
    Standing,
    facts_asked,
    passes,
    ranges,
    right,
    standing,
)
from signoff.hotline.status_words import STATUS_WORDS

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


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ended", "confirmed", "denied", "at", "expected"),
    [
        (None, None, None, 0, Standing.WAITING), (None, None, None, 20, Standing.OVER),
        (None, 1, None, 2, Standing.CONFIRMED), (None, 1, None, 20, Standing.OVER),
        (3, 1, None, 3, Standing.OVER), (3, 1, 3, 3, Standing.DENIED),
        (3, None, 3, 99, Standing.DENIED),
    ],
)  # fmt: skip
def test_a_no_counts_more_than_a_yes_and_the_end_more_than_a_yes(
    ended: int | None, confirmed: int | None, denied: int | None, at: int, expected: Standing
) -> None:
    def moment(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOON + minutes * MINUTE

    call = Moments(NOON + 20 * MINUTE, moment(ended), moment(confirmed), moment(denied))
    assert standing(call, NOON + at * MINUTE) is expected


def test_the_words_of_a_call_are_short_plain_and_many() -> None:
    assert len(set(STATUS_WORDS)) == len(STATUS_WORDS)
    assert len(STATUS_WORDS) * (len(STATUS_WORDS) - 1) > 10_000
    for word in STATUS_WORDS:
        assert word.isalpha()
        assert word.islower()
    # On a bad line the end of a word is what one hears: none ends like another.
    for one, other in combinations(STATUS_WORDS, 2):
        assert one[-4:] != other[-4:], (one, other)
