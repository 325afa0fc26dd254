"""A settlement is right to the cent, whatever the facts are."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.journal.rules import Account as JournalAccount
from signoff.kernel.periods import billing_period
from signoff.settlement import booking
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    CreditFacts,
    FeeFacts,
    Part,
    PaymentFacts,
    PlanFacts,
    Proration,
    SettlementFacts,
    Terms,
    UsageFacts,
    settle,
    thawed,
)

CODES = ["CNY", "EUR", "JPY", "BHD"]
UNITS = st.integers(0, 200_000)
DAYS = st.dates(date(2026, 11, 1), date(2026, 12, 31))
EXPIRY = st.none() | DAYS


@st.composite
def any_facts(draw: st.DrawFn) -> SettlementFacts:
    """Balances of every kind and currency, payments less or more than they, and all the rest."""
    code = draw(st.sampled_from(CODES))
    currency = st.sampled_from(["", code, *CODES])
    kind = st.sampled_from(["paid", "promotional", "deposit"])

    def some(most: int) -> range:
        return range(draw(st.integers(0, most)))

    def plan(n: int) -> PlanFacts:
        activated = draw(st.dates(date(2026, 9, 1), date(2026, 12, 31)))
        cycle_day, monthly = draw(st.integers(1, 31)), draw(UNITS)
        return PlanFacts(f"L{n}", "Boom 30", monthly, cycle_day, activated, draw(st.booleans()))

    def payment(n: int) -> PaymentFacts:
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 3)))
        step = draw(st.sampled_from([1, 10]))
        return PaymentFacts(f"ch_{n}", "Visa 4242", draw(UNITS), at, draw(currency), step)

    return SettlementFacts(
        code,
        draw(DAYS),
        tuple(
            BucketFacts(f"B{n}", draw(kind), draw(UNITS), draw(currency), draw(EXPIRY))
            for n in some(4)
        ),
        tuple(payment(n) for n in some(4)),
        tuple(BillFacts(f"F{n}", draw(UNITS), draw(UNITS)) for n in some(3)),
        tuple(plan(n) for n in some(3)),
        tuple(UsageFacts(f"U{n}", "Roaming", draw(UNITS), draw(DAYS)) for n in some(2)),
        tuple(
            CreditFacts(f"C{n}", "Sorry", draw(UNITS), draw(st.booleans()), draw(EXPIRY))
            for n in some(2)
        ),
        tuple(_fee(draw) for _ in some(1)),
        draw(st.sampled_from([0, 60_000, 190_000, 88_750])),
        draw(st.booleans()),
        Terms(
            draw(st.sampled_from(Proration)),
            draw(st.sampled_from(["promotional", "paid"])),
            draw(st.booleans()),
            draw(st.sampled_from([1, 100])),
        ),
    )


def _fee(draw: st.DrawFn) -> FeeFacts:
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return FeeFacts("L0", "Boom 30", first, last, draw(UNITS), is_taxed=True)


def total(parts: Sequence[Part], code: str) -> int:
    """Sum of those in a currency, in minor units."""
    return sum(part.minor for part in parts if part.currency == code)


@given(any_facts())
def test_credits_less_charges_are_what_goes_back_less_what_is_due(facts: SettlementFacts) -> None:
    result = settle(facts)
    credit, charge = (total(side, facts.currency) for side in (result.credits, result.charges))
    assert credit - charge == result.refund_minor - result.due_minor
    assert 0 in {result.refund_minor, result.due_minor}
    assert min(result.refund_minor, result.due_minor) >= 0
    assert all(p.minor > 0 for p in (*result.credits, *result.charges, *result.forfeited))
    assert {p.currency for p in result.charges} <= {facts.currency}


@given(any_facts())
def test_money_in_is_money_out_and_forfeited_and_what_met_charges(facts: SettlementFacts) -> None:
    """Every unit that is held in a balance leaves it, once, and to somewhere that is named."""
    result = settle(facts)
    parts = [*result.credits, *result.forfeited]
    for bucket in facts.buckets:
        named = sum(part.minor for part in parts if part.bucket == bucket.reference)
        over = bucket.kind == "promotional" and (bucket.expires_on or date.max) < facts.last_day
        assert named == (0 if over else bucket.minor)
    assert dict(result.spent) == {b.reference: b.minor for b in facts.buckets if b.minor}


@given(any_facts())
def test_the_refunds_add_up_and_none_is_more_than_its_payment(facts: SettlementFacts) -> None:
    result = settle(facts)
    totals = {facts.currency: result.refund_minor, **dict(result.other_refunds)}
    for code, expected in totals.items():
        assert sum(r.minor for r in result.refunds if r.currency == code) == expected
    left = {p.reference: p for p in facts.payments}
    by_payment = [r for r in result.refunds if r.payment]
    assert len({r.payment for r in by_payment}) == len(by_payment)
    for refund in by_payment:
        payment = left[str(refund.payment)]
        assert 0 < refund.minor <= payment.left
        assert refund.minor % payment.step == 0
        assert payment.currency in ("", refund.currency)
    for rest in (r for r in result.refunds if r.payment is None):
        could = sum(
            p.left - p.left % p.step
            for p in facts.payments
            if (p.currency or facts.currency) == rest.currency
        )
        went = sum(r.minor for r in by_payment if r.currency == rest.currency)
        assert rest.minor < 10 or went == could  # only what no payment can take back


@given(any_facts())
def test_the_newest_payment_is_refunded_first(facts: SettlementFacts) -> None:
    facts = replace(facts, payments=tuple(replace(p, currency="", step=1) for p in facts.payments))
    by_age = sorted(facts.payments, key=lambda p: (p.paid_at, p.reference), reverse=True)
    refunded = {r.payment: r.minor for r in settle(facts).refunds}
    exhausted = [refunded.get(p.reference) == p.left for p in by_age if p.left]
    assert exhausted == sorted(exhausted, reverse=True)


@given(any_facts())
def test_a_gift_is_never_refunded(facts: SettlementFacts) -> None:
    gift = {"promotional_balance_used", "coupon_used"}
    result = settle(facts)
    used = sum(part.minor for part in result.credits if part.code in gift)
    assert used <= total(result.charges, facts.currency)
    money = sum(
        p.minor for p in result.credits if p.code not in gift and p.currency == facts.currency
    )
    assert result.refund_minor <= money


@given(any_facts())
def test_spending_gifts_first_is_never_worse_for_the_customer(facts: SettlementFacts) -> None:
    kind, unkind = (
        settle(replace(facts, terms=replace(facts.terms, spend_first=first)))
        for first in ("promotional", "paid")
    )
    assert kind.refund_minor >= unkind.refund_minor
    assert kind.due_minor == unkind.due_minor


@given(any_facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: SettlementFacts, random: Random) -> None:
    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    names = ("buckets", "payments", "unpaid", "plans", "usage", "credits", "fees")
    changes: dict[str, Any] = {name: mixed(getattr(facts, name)) for name in names}
    other = replace(facts, **changes)
    assert settle(other) == settle(facts)
    assert settle(other).digest == settle(facts).digest


@given(any_facts())
def test_what_was_frozen_is_the_same_when_it_is_read_again(facts: SettlementFacts) -> None:
    result = settle(facts)
    again = thawed(json.loads(json.dumps(result.as_json())))
    assert again.digest == result.digest
    assert again.refunds == result.refunds
    assert (again.refund_total, again.due) == (result.refund_total, result.due)


@given(any_facts())
def test_in_the_journal_it_is_balanced_and_leaves_what_goes_back(facts: SettlementFacts) -> None:
    result = settle(facts)
    lines = booking.final_bill(result.as_json())
    for code in {line.currency for line in lines}:
        assert sum(line.minor for line in lines if line.currency == code) == 0
    open_items: dict[str, int] = {}
    for line in lines:
        if line.account is JournalAccount.CLOSING:
            open_items[line.currency] = open_items.get(line.currency, 0) - line.minor
    owed = {facts.currency: result.refund_minor - result.due_minor, **dict(result.other_refunds)}
    assert {c: m for c, m in open_items.items() if m} == {c: m for c, m in owed.items() if m}


@given(any_facts())
def test_what_is_disputed_is_not_charged(facts: SettlementFacts) -> None:
    result = settle(facts)
    charged = {p.params["number"]: p.minor for p in result.charges if p.code == "unpaid_bill"}
    aside = {p.params["number"]: p.minor for p in result.set_aside}
    for bill in facts.unpaid:
        assert charged.get(bill.number, 0) + aside.get(bill.number, 0) == bill.left


def settled(last_day: date, **facts: Any) -> Any:
    """A settlement in euro with these facts only."""
    return settle(SettlementFacts("EUR", last_day, **facts))


def plan(monthly: int = 3000, cycle_day: int = 1, **more: Any) -> PlanFacts:
    """A plan that is billed after use."""
    activated = more.pop("activated_on", date(2020, 1, 1))
    return PlanFacts("L1", "Boom 30", monthly, cycle_day, activated, **more)


@pytest.mark.parametrize(
    ("last_day", "cycle_day", "used", "days", "amount"),
    [
        (date(2026, 11, 22), 1, 22, 30, 2200),
        (date(2026, 11, 1), 1, 1, 30, 100),  # closes on the first day of the period
        (date(2026, 11, 30), 1, 30, 30, 3000),  # and on its last
        (date(2026, 2, 14), 1, 14, 28, 1500),
        (date(2028, 2, 29), 1, 29, 29, 3000),  # a leap year
        (date(2026, 1, 15), 1, 15, 31, 1452),  # 1451.6
        (date(2026, 2, 27), 31, 28, 28, 3000),  # began on 31 January, ends before 28 February
        (date(2026, 2, 28), 31, 1, 31, 97),  # the day after: began on 28 February
        (date(2026, 3, 30), 30, 1, 31, 97),
        (date(2026, 3, 1), 29, 2, 29, 207),  # began on 28 February, ends on 28 March
    ],
)
def test_a_running_period_is_charged_by_its_own_days(
    last_day: date, cycle_day: int, used: int, days: int, amount: int
) -> None:
    (part,) = settled(last_day, plans=(plan(cycle_day=cycle_day),)).charges
    assert (part.params["used"], part.params["days"], part.minor) == (used, days, amount)


def test_proration_follows_the_rule_pack() -> None:
    day = date(2026, 11, 22)

    def charged(proration: Proration) -> list[int]:
        terms = Terms(proration=proration)
        return [p.minor for p in settled(day, plans=(plan(),), terms=terms).charges]

    assert charged(Proration.DAYS) == [2200]
    assert charged(Proration.PERIOD) == [3000]
    assert charged(Proration.NONE) == []


def test_what_was_paid_in_advance_and_not_used_comes_back() -> None:
    facts: dict[str, Any] = {"plans": (plan(in_advance=True),)}
    result = settled(date(2026, 11, 22), **facts)
    assert [(p.code, p.minor) for p in result.credits] == [("plan_unused_days", 800)]
    assert result.refund_minor == 800
    assert settled(date(2026, 11, 30), **facts).credits == ()
    whole = settled(date(2026, 11, 22), terms=Terms(proration=Proration.PERIOD), **facts)
    assert whole.credits == ()


@given(st.integers(0, 100_000), st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(1, 31))
def test_used_and_unused_days_make_the_whole_period(
    monthly: int, last_day: date, cycle_day: int
) -> None:
    period = billing_period(last_day, cycle_day)
    after = settled(last_day, plans=(plan(monthly, cycle_day),))
    before = settled(last_day, plans=(plan(monthly, cycle_day, in_advance=True),))
    charged = sum(p.minor for p in after.charges)
    back = sum(p.minor for p in before.credits)
    assert abs(charged + back - monthly) <= 1  # each is rounded by itself
    assert (back == 0) or period.last > last_day


def test_use_after_the_last_day_is_not_charged() -> None:
    use = (
        UsageFacts("U1", "Roaming", 120, date(2026, 11, 22)),
        UsageFacts("U2", "Roaming", 500, date(2026, 11, 23)),
    )
    result = settled(date(2026, 11, 22), usage=use)
    assert [p.minor for p in result.charges] == [120]
    assert result.billed_usage == ("U1",)


def test_tax_is_rounded_on_each_part_and_then_added() -> None:
    use = tuple(UsageFacts(f"U{n}", "Data", 3, date(2026, 11, 1)) for n in range(3))
    outside = settled(date(2026, 11, 22), usage=use, tax_ppm=190_000, prices_include_tax=False)
    assert [(p.minor, p.tax_minor) for p in outside.charges] == [(4, 1)] * 3  # 0.57 each
    assert outside.due_minor == 12
    inside = settled(date(2026, 11, 22), usage=use, tax_ppm=190_000)
    assert [(p.minor, p.tax_minor) for p in inside.charges] == [(3, 0)] * 3  # 0.48 each


def test_the_row_of_the_fee_table_is_the_one_of_the_last_day() -> None:
    table = (
        FeeFacts("L1", "Boom 30", date(2026, 1, 1), date(2026, 10, 31), 9000),
        FeeFacts("L1", "Boom 30", date(2026, 11, 1), date(2026, 11, 30), 4500),
    )
    assert [p.minor for p in settled(date(2026, 11, 22), fees=table).charges] == [4500]
    assert settled(date(2026, 12, 1), fees=table).charges == ()


@pytest.mark.parametrize(("first", "back"), [("promotional", 4000), ("paid", 2000)])
def test_which_money_is_spent_first_is_the_rule_packs(first: str, back: int) -> None:
    result = settled(
        date(2026, 11, 22),
        buckets=(BucketFacts("B1", "paid", 5000), BucketFacts("B2", "promotional", 2000)),
        unpaid=(BillFacts("F1", 3000),),
        terms=Terms(spend_first=first),
    )
    assert result.refund_minor == back
    assert result.forfeited_total.amount * 100 == 2000 - (back - 2000)


def test_a_promotional_credit_meets_what_money_does_not_cover() -> None:
    result = settled(
        date(2026, 11, 22),
        buckets=(BucketFacts("B1", "paid", 1000), BucketFacts("B2", "promotional", 900)),
        unpaid=(BillFacts("F1", 1500),),
        terms=Terms(spend_first="paid"),
    )
    assert (result.refund_minor, result.due_minor) == (0, 0)
    assert [p.minor for p in result.forfeited] == [400]


def test_a_coupon_makes_charges_smaller_and_is_never_money() -> None:
    result = settled(
        date(2026, 11, 22),
        unpaid=(BillFacts("F1", 700),),
        credits=(CreditFacts("C1", "Welcome", 1000, True), CreditFacts("C2", "Sorry", 300)),
    )
    assert (result.refund_minor, result.due_minor) == (300, 0)
    assert [(p.code, p.minor) for p in result.forfeited] == [("coupon", 300)]


def test_money_past_its_day_is_refunded_unless_the_rule_pack_forfeits_it() -> None:
    bucket = (BucketFacts("B1", "paid", 5000, expires_on=date(2026, 1, 1)),)
    assert settled(date(2026, 11, 22), buckets=bucket).refund_minor == 5000
    hard = settled(date(2026, 11, 22), buckets=bucket, terms=Terms(forfeits_expired=True))
    assert hard.refund_minor == 0
    assert [p.code for p in hard.forfeited] == ["expired_balance"]


def test_a_channel_that_pays_in_steps_leaves_the_rest_for_another() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    result = settle(
        SettlementFacts(
            "BHD",
            date(2026, 11, 22),
            (BucketFacts("B1", "paid", 12_345),),
            (PaymentFacts("ch_1", "Visa", 20_000, at, step=10),),
            terms=Terms(smallest_transfer=10),
        )
    )
    assert [(r.payment, r.minor, r.too_small) for r in result.refunds] == [
        ("ch_1", 12_340, False),
        (None, 5, True),
    ]


def test_money_in_another_currency_goes_back_in_it() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    result = settled(
        date(2026, 11, 22),
        buckets=(BucketFacts("B1", "paid", 100), BucketFacts("B2", "paid", 3000, "JPY")),
        payments=(PaymentFacts("ch_1", "JCB", 2000, at, "JPY"),),
        unpaid=(BillFacts("F1", 150),),
    )
    assert (result.refund_minor, result.due_minor) == (0, 50)
    assert result.other_refunds == (("JPY", 3000),)
    assert [(r.payment, r.minor, r.currency) for r in result.refunds] == [
        ("ch_1", 2000, "JPY"),
        (None, 1000, "JPY"),
    ]


@given(any_facts(), st.data())
def test_another_amount_or_day_has_another_digest(
    facts: SettlementFacts, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["paid", "promotional", "deposit"]))
    richer = replace(facts, buckets=(*facts.buckets, BucketFacts("one more", kind, 1)))
    assert settle(richer).digest != settle(facts).digest
    later = replace(facts, last_day=facts.last_day + timedelta(days=1))
    assert settle(later).digest != settle(facts).digest


def test_a_plan_is_charged_from_the_day_it_began() -> None:
    young = plan(activated_on=date(2026, 11, 20))
    (part,) = settled(date(2026, 11, 22), plans=(young,)).charges
    assert (part.params["used"], part.minor) == (3, 300)
    unborn = plan(activated_on=date(2026, 12, 1))
    assert settled(date(2026, 11, 22), plans=(unborn,)).charges == ()


def test_more_charges_than_money_are_due() -> None:
    result = settled(
        date(2026, 11, 22),
        buckets=(BucketFacts("B1", "paid", 1000),),
        unpaid=(BillFacts("F1", 1001),),
    )
    assert (result.due_minor, result.refund_minor, result.refunds) == (1, 0, ())


def test_nothing_at_all_is_a_settlement_too() -> None:
    result = settled(date(2026, 11, 22))
    assert (result.refund_minor, result.due_minor, result.refunds) == (0, 0, ())
    assert len(result.digest) == 64
