"""Amounts as they are typed; a settlement in rows; where a refund is, in words."""

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.kernel.errors import InvalidValue
from signoff.portal.amount_rules import parsed, typed
from signoff.portal.money_rules import CHOOSE, TOO_SMALL, Destination, changes, columns
from signoff.portal.refund_rules import RefundFacts, asks_of, shown
from signoff.presentation.wording import said
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    PaymentFacts,
    SettlementFacts,
    Terms,
    settle,
)
from tests.world import NOON

DAY = date(2026, 11, 22)


@given(st.integers(0, 10**12), st.sampled_from(["CNY", "EUR", "JPY", "BHD"]))
def test_an_amount_is_understood_as_we_write_it(minor: int, code: str) -> None:
    assert parsed(typed(minor, code), code) == minor
    assert parsed(f" {typed(minor, code)} {code}", code) == minor


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("33.40", "EUR", 3340), ("33,40", "EUR", 3340), ("33,4", "EUR", 3340), ("33", "EUR", 3300),
        ("€ 33.40", "EUR", 3340), ("33.40 €", "EUR", 3340), ("¥33.40", "CNY", 3340),
        ("33.40元", "CNY", 3340), ("３３．４０", "CNY", 3340), ("1,234.50", "EUR", 123450),
        ("1.234,50", "EUR", 123450), ("1 234,50", "EUR", 123450), ("12,345,678.90", "EUR", 1234567890),
        ("1.234", "BHD", 1234), ("500", "JPY", 500), ("0", "EUR", 0),
    ],
)  # fmt: skip
def test_people_write_amounts_in_many_ways(text: str, code: str, minor: int) -> None:
    assert parsed(text, code) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "EUR"), ("1.234", "EUR"), ("33.405", "EUR"), ("5.5", "JPY"), ("-5", "EUR"),
        ("5-", "EUR"), ("1e5", "EUR"), ("NaN", "EUR"), ("", "EUR"), ("ten", "EUR"), ("9" * 30, "EUR"),
        ("1,23,456.00", "EUR"), ("1.234.50", "EUR"), ("\x00", "EUR"), ("٣", "EUR"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_not_guessed(text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parsed(text, code)
    assert refused.value.field == "amount"


@given(st.text(max_size=60), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_any_text_is_an_amount_or_refused(text: str, code: str) -> None:
    with contextlib.suppress(InvalidValue):
        assert parsed(text, code) >= 0


FACTS = SettlementFacts(
    currency="CNY",
    last_day=DAY,
    buckets=(
        BucketFacts("B1", "paid", 5000),
        BucketFacts("B2", "paid", 700, "USD"),
        BucketFacts("B3", "promotional", 900),
    ),
    payments=(PaymentFacts("ch_1", "Visa 4242", 4000, NOON),),
    unpaid=(BillFacts("F1", 1500, 500),),
    terms=Terms(spend_first="paid"),
)
HOME = Destination("cn_card", "6222 •••• 1234", "Li Wei")


def test_two_currencies_stand_apart_and_each_says_which_way_it_goes() -> None:
    own, dollars = columns(settle(FACTS), None)
    assert (own.currency, own.refund, own.due) == ("CNY", Money(40, "CNY"), Money(0, "CNY"))
    assert [part.code for part in own.credits] == ["paid_balance"]
    assert [part.code for part in own.set_aside] == ["disputed"]
    assert [part.code for part in own.forfeited] == ["promotional_balance"]
    assert [said(way.told) for way in own.ways] == ["CN¥40.00 by Visa 4242"]
    assert (dollars.currency, dollars.refund) == ("USD", Money(7, "USD"))
    assert dollars.ways[0].note is CHOOSE
    assert "to where you want it" in said(dollars.ways[0].told)


def test_a_chosen_place_is_named_and_asks_for_nothing_more() -> None:
    way = columns(settle(FACTS), HOME)[1].ways[0]
    assert said(way.told) == "US$7.00 to the bank card 6222 •••• 1234 of Li Wei"
    assert way.note is None


def test_too_little_for_a_bank_is_said_unless_it_goes_to_a_line() -> None:
    facts = replace(FACTS, payments=(), terms=Terms(smallest_transfer=9000, spend_first="paid"))
    result = settle(facts)
    assert columns(result, None)[0].ways[0].note is TOO_SMALL
    assert columns(result, HOME)[0].ways[0].note is TOO_SMALL
    assert columns(result, Destination("line", "+86 … 1"))[0].ways[0].note is None


def test_what_has_changed_is_told_row_by_row_and_nothing_else() -> None:
    before = settle(FACTS)
    after = settle(replace(FACTS, unpaid=(BillFacts("F1", 1900, 500), BillFacts("F2", 300))))
    told = [
        (c.part.params.get("number"), c.before, c.after, c.sign) for c in changes(before, after)
    ]
    assert told == [
        ("F1", Money(10, "CNY"), Money(14, "CNY"), -1),
        ("F2", None, Money(3, "CNY"), -1),
    ]
    assert changes(before, before) == ()
    gone = changes(after, before)
    assert [(c.before, c.after) for c in gone][-1] == (Money(3, "CNY"), None)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 50)), max_size=4),
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 50)), max_size=4),
)
def test_the_changes_make_up_the_whole_difference(
    old: list[tuple[str, int]], new: list[tuple[str, int]]
) -> None:
    def settled(rows: list[tuple[str, int]]) -> SettlementFacts:
        buckets = tuple(BucketFacts(f"{kind}{n}", "paid", m) for n, (kind, m) in enumerate(rows))
        return SettlementFacts(currency="CNY", last_day=DAY, buckets=buckets)

    before, after = settle(settled(old)), settle(settled(new))
    nothing = Money(0, "CNY")
    difference = sum(
        (c.sign * ((c.after or nothing) - (c.before or nothing)) for c in changes(before, after)),
        nothing,
    )
    assert difference == after.refund_total - before.refund_total


CARD = RefundFacts(Money(30, "CNY"), "planned", "payment", "Visa 4242")
BANK = RefundFacts(Money(30, "CNY"), "planned", "cn_card", destination=HOME)
NOWHERE = RefundFacts(Money(30, "CNY"), "planned", "unknown")


@pytest.mark.parametrize(
    ("refund", "route", "how", "when", "asks"),
    [
        (CARD, "Back to Visa 4242", "It goes out when the line is closed.",
         "Up to 10 days after it is sent.", ""),
        (replace(CARD, starts_on=DAY), "Back to Visa 4242", "It goes out when the line is closed.",
         "By 2 December 2026. Cards take up to 10 days.", ""),
        (replace(CARD, is_free=True, waits_for_people=True, starts_on=DAY), "Back to Visa 4242",
         "It is a large amount: two people of our finance team look at it before it goes out.",
         "Up to 10 days after it is sent.", ""),
        (replace(CARD, state="sent", expected_on=date(2026, 12, 3)), "Back to Visa 4242",
         "It has been sent. Your bank shows it as a refund.",
         "By 3 December 2026. Cards take up to 10 days.", ""),
        (replace(CARD, state="paid", expected_on=date(2026, 12, 3)), "Back to Visa 4242",
         "It has been paid back.", "Cards show it by 3 December 2026.", ""),
        (replace(CARD, state="failed"), "Back to Visa 4242",
         "It came back to us: it could not be paid there. Nothing is lost.", "", "other"),
        (replace(CARD, state="failed", person_looks=True), "Back to Visa 4242",
         "Something is not as it should be. A person of ours is looking into it.", "", ""),
        (replace(BANK, is_free=True), "Bank card 6222 •••• 1234 of Li Wei",
         "It goes out with the next bank transfers.", "Up to 3 days after it is sent.", ""),
        (replace(BANK, state="paid", expected_on=DAY), "Bank card 6222 •••• 1234 of Li Wei",
         "Our bank has paid it.", "", ""),
        (NOWHERE, "Not chosen yet", "Tell us where it should go. It stays yours until then.",
         "", "place"),
        (replace(NOWHERE, too_small=True), "Not chosen yet",
         "It is less than a bank transfer can carry. It can go to another line of yours.",
         "", "place"),
        (RefundFacts(Money(3, "CNY"), "planned", "line",
                     destination=Destination("line", "+86 … 8000")),
         "Balance of your line +86 … 8000", "It goes out when the line is closed.",
         "At once, when the line is closed.", ""),
    ],
)  # fmt: skip
def test_where_a_refund_is_in_words(
    refund: RefundFacts, route: str, how: str, when: str, asks: str
) -> None:
    row = shown(refund)
    assert said(row.route) == route
    assert (said(row.how) if row.how else "") == how
    assert (said(row.when) if row.when else "") == when
    assert row.asks == asks


DESTINATIONS = {kind: Destination(kind, "1") for kind in ("iban", "cn_card", "line")}
REFUNDS = st.builds(
    RefundFacts,
    st.just(Money(1, "CNY")),
    st.sampled_from(["planned", "sent", "paid", "failed"]),
    st.sampled_from(["payment", "unknown", *DESTINATIONS]),
    st.just("Visa 4242"),
    starts_on=st.none() | st.just(DAY),
    expected_on=st.none() | st.just(DAY),
    is_free=st.booleans(),
    waits_for_people=st.booleans(),
    too_small=st.booleans(),
    is_in_file=st.booleans(),
    person_looks=st.booleans(),
)


@given(REFUNDS)
def test_every_refund_has_words_and_says_whether_somebody_must_act(refund: RefundFacts) -> None:
    refund = replace(refund, destination=DESTINATIONS.get(refund.route))
    row = shown(refund)
    assert said(row.route)
    assert row.how is None or said(row.how)
    assert row.when is None or said(row.when)
    assert row.is_moving == (refund.state in ("planned", "sent") and not row.asks)
    waits = refund.state == "failed" or (refund.state, refund.route) == ("planned", "unknown")
    assert bool(row.asks) == (waits and not refund.person_looks)
    assert not (row.can_change and (row.asks or refund.is_in_file or refund.person_looks))


def test_what_waits_for_the_customer_is_summed_up_by_currency() -> None:
    dollars = replace(NOWHERE, amount=Money(5, "USD"))
    rows = [shown(refund) for refund in (NOWHERE, CARD, replace(CARD, state="failed"), dollars)]
    asks = asks_of(rows)
    assert asks
    assert asks.came_back == (Money(30, "CNY"),)
    assert asks.waiting == (Money(30, "CNY"), Money(5, "USD"))
    assert asks_of([shown(CARD)]) is None
