"""What looks unusual on a bill is marked with its reason, and nothing else is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.settlement.rules.unusual import ItemFacts, StayFacts, unusual_items

KINDS = ["plan", "usage", "roaming", "premium", "fee", "discount", "other"]


def bill_item(
    month: int,
    minor: int = 3000,
    *,
    position: int = 1,
    description: str = "Plan",
    kind: str = "plan",
) -> ItemFacts:
    """On the bill of a month; its key says which."""
    issued = date(2026, month, 1)
    return ItemFacts(
        month * 100 + position, f"F{month:02d}", issued, "L1", kind, description, minor, position
    )


def history(*amounts: int, description: str = "Plan", kind: str = "plan") -> list[ItemFacts]:
    """One item a month, from January."""
    return [
        bill_item(month, minor, description=description, kind=kind)
        for month, minor in enumerate(amounts, 1)
    ]


def codes(
    items: Sequence[ItemFacts], stays: Sequence[StayFacts] | None = None
) -> dict[int, list[str]]:
    found = unusual_items(items, stays, currency="EUR")
    return {key: [mark.code for mark in marks] for key, marks in found.items()}


@st.composite
def any_items(draw: st.DrawFn) -> list[ItemFacts]:
    """Up to two lines, twelve bills, and items that are alike often enough."""
    days = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 6))
    count = draw(st.integers(0, 25))
    items = []
    for key in range(count):
        first, last = draw(days), draw(days)
        if first and last:
            first, last = min(first, last), max(first, last)
        month = draw(st.integers(1, 12))
        items.append(
            ItemFacts(
                key,
                f"F{month:02d}",
                date(2026, month, 1),
                draw(st.sampled_from(["L1", ""])),
                draw(st.sampled_from(KINDS)),
                draw(st.sampled_from(["Plan 5 GB", "Plan 20 GB", "Calls 7 min"])),
                draw(st.integers(-2_000, 20_000)),
                key + 1,
                draw(st.sampled_from(["", "FR"])),
                first,
                last,
            )
        )
    return items


@given(any_items(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(items: list[ItemFacts], random: Random) -> None:
    stays = [StayFacts("L1", "FR", date(2026, 1, n), date(2026, 1, n)) for n in (1, 4)]
    mixed, mixed_stays = list(items), list(stays)
    random.shuffle(mixed)
    random.shuffle(mixed_stays)
    expected = unusual_items(items, stays, currency="EUR")
    assert unusual_items(mixed, mixed_stays, currency="EUR") == expected
    assert set(expected) <= {item.key for item in items}
    assert all(expected.values())


@given(
    st.integers(-50_000, 100_000),
    st.integers(1, 12),
    st.sampled_from([kind for kind in KINDS if kind != "premium"]),
)
def test_a_history_that_is_always_the_same_is_never_marked(
    minor: int, months: int, kind: str
) -> None:
    assert codes(history(*[minor] * months, kind=kind)) == {}


@given(st.lists(st.integers(0, 9_000), min_size=4, max_size=11), st.integers(0, 50_000))
def test_what_is_marked_as_too_much_is_marked_when_it_is_even_more(
    earlier: list[int], minor: int
) -> None:
    last = (len(earlier) + 1) * 100 + 1
    if last in codes(history(*earlier, minor)):
        assert last in codes(history(*earlier, minor + 1))
        assert minor > sorted(earlier)[len(earlier) // 2 - 1]


def test_an_amount_far_above_its_own_history_is_marked_with_both_amounts() -> None:
    found = unusual_items(history(3000, 3100, 2900, 3000, 9900), None, currency="EUR")
    assert set(found) == {501}
    (mark,) = found[501]
    assert mark.code == "amount"
    assert mark.params == {"amount": Money("99.00", "EUR"), "usual": Money("30.00", "EUR")}
    assert set(mark.params) == {"amount", "usual"}
    assert mark.template % mark.params


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ((3000, 3000, 3000, 9900), "only three earlier amounts"),
        ((3000, 3000, 3000, 3000, 3090), "less than a whole unit"),
        ((3000, 3000, 3000, 3000, 3300), "within a tenth of what is usual"),
        ((1000, 5000, 2000, 7000, 9000), "an item that is different every month"),
        ((3000, 3000, 3000, 3000, 100), "less than usual"),
        ((10, 10, 10, 10, 100), "a few cents, though ten times as many"),
    ],
)
def test_an_amount_is_not_marked_without_good_reason(amounts: tuple[int, ...], why: str) -> None:
    assert codes(history(*amounts)) == {}, why


def test_one_month_that_stood_out_does_not_hide_the_next_one() -> None:
    assert codes(history(3000, 3000, 3000, 3000, 9900, 9900)) == {501: ["amount"], 601: ["amount"]}


def test_money_off_that_is_less_than_usual_is_marked() -> None:
    less = history(-1000, -1000, -1000, -1000, -100, description="Discount", kind="discount")
    assert codes(less) == {501: ["amount"]}


def test_items_that_differ_in_their_numbers_only_are_the_same_item() -> None:
    calls = [
        bill_item(n, 300 + n, description=f"Calls abroad, {n} minutes", kind="other")
        for n in range(1, 5)
    ]
    dear = bill_item(5, 9000, description="Calls abroad, 412 minutes", kind="other")
    assert codes([*calls, dear]) == {501: ["amount"]}


def test_use_with_new_words_is_held_against_its_kind_and_a_fee_is_not() -> None:
    for kind, expected in {"usage": {501: ["amount"]}, "fee": {}}.items():
        words = ["Calls", "Data", "Texts", "Pictures", "Video"]
        items = [
            bill_item(n, 300 if n < 5 else 9000, description=text, kind=kind)
            for n, text in enumerate(words, 1)
        ]
        assert codes(items) == expected


def test_another_line_has_a_history_of_its_own() -> None:
    items = history(3000, 3000, 3000, 3000)
    assert codes([*items, replace(bill_item(5, 9900), line="L2")]) == {}


def test_the_same_item_twice_on_a_bill_is_marked_once() -> None:
    pair = [bill_item(1, 690, position=n, description="Roaming pack") for n in (1, 2)]
    assert codes(pair) == {102: ["twice"]}


def test_items_of_different_days_on_a_bill_are_no_duplicates() -> None:
    pair = [
        replace(bill_item(1, position=n), first_day=date(2026, 1, n), last_day=date(2026, 1, n))
        for n in (1, 2)
    ]
    assert codes(pair) == {}


def test_days_that_are_billed_again_on_another_bill_are_marked_and_it_is_named() -> None:
    january = replace(bill_item(2), first_day=date(2026, 1, 1), last_day=date(2026, 1, 31))
    again = replace(bill_item(3), first_day=date(2026, 1, 31), last_day=date(2026, 2, 27))
    found = unusual_items([january, again], None, currency="EUR")
    assert [(mark.code, mark.params) for mark in found[301]] == [("twice", {"bill": "F02"})]
    assert set(found) == {301}
    after = replace(again, first_day=date(2026, 2, 1))
    assert codes([january, after]) == {}


def test_the_same_price_each_month_without_days_is_no_duplicate() -> None:
    assert codes([bill_item(1), bill_item(2)]) == {}


def test_an_item_that_was_taken_back_may_come_again() -> None:
    def of_january(item: ItemFacts) -> ItemFacts:
        return replace(item, first_day=date(2026, 1, 1), last_day=date(2026, 1, 31))

    wrong, right = of_january(bill_item(2)), of_january(bill_item(4))
    taken_back = of_january(bill_item(3, -3000))
    assert codes([wrong, right]) == {401: ["twice"]}
    assert codes([wrong, taken_back, right]) == {}


def roaming(first: int, last: int, country: str = "CH") -> ItemFacts:
    """Used in June."""
    return replace(
        bill_item(7, description="Roaming", kind="roaming"),
        country=country,
        first_day=date(2026, 6, first),
        last_day=date(2026, 6, last),
    )


def stay(first: int, last: int, *, country: str = "CH", line: str = "L1") -> StayFacts:
    """In June."""
    return StayFacts(line, country, date(2026, 6, first), date(2026, 6, last))


@pytest.mark.parametrize(
    ("stays", "is_marked"),
    [
        ([], True),
        ([stay(10, 14)], False),
        ([stay(11, 13)], False),  # a day begins at another hour abroad
        ([stay(12, 13)], True),
        ([stay(1, 11), stay(12, 20)], False),
        ([stay(12, 20), stay(1, 11)], False),
        ([stay(1, 30), stay(2, 3)], False),
        ([stay(1, 10), stay(14, 20)], True),
        ([stay(1, 30, country="FR")], True),
        ([stay(1, 30, line="L2")], True),
    ],
)
def test_roaming_needs_a_stay_of_that_line_in_that_country_on_all_days(
    stays: list[StayFacts], is_marked: bool
) -> None:
    assert (codes([roaming(10, 14)], stays) == {701: ["roaming"]}) is is_marked


def test_roaming_is_not_marked_where_it_or_the_stays_are_not_told() -> None:
    assert codes([roaming(10, 14)], None) == {}
    assert codes([replace(roaming(10, 14), country="")], []) == {}
    assert codes([replace(roaming(10, 14), last_day=None)], []) == {}
    assert codes([replace(roaming(10, 14), kind="usage")], []) == {}


@given(st.data())
def test_a_stay_that_spans_the_days_always_explains_roaming(data: st.DataObject) -> None:
    first, last = sorted(data.draw(st.integers(2, 27)) for _ in range(2))
    more = data.draw(
        st.lists(st.tuples(st.integers(1, 28), st.integers(0, 2)), max_size=4), label="others"
    )
    others = [stay(begin, begin + length) for begin, length in more]
    assert codes([roaming(first, last)], [stay(first, last), *others]) == {}


def test_a_premium_service_is_marked_the_first_time_only() -> None:
    plans = history(3000, 3000, 3000)
    quiz = [
        bill_item(month, 499, position=2, description=f"Quiz line, {month} calls", kind="premium")
        for month in (2, 3)
    ]
    assert codes([*plans, *quiz]) == {202: ["premium"]}


def test_premium_on_the_first_bill_that_is_known_is_not_called_new() -> None:
    assert codes([bill_item(1, kind="premium")]) == {}


def test_an_item_can_have_more_than_one_reason() -> None:
    plans = history(3000, 3000, 3000, 3000)
    games = [bill_item(5, 499, position=n, description="Games", kind="premium") for n in (2, 3)]
    assert codes([*plans, *games]) == {502: ["premium"], 503: ["twice", "premium"]}
