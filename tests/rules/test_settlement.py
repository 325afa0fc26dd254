"""A settlement is right to the cent, whatever the facts are."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from signoff.journal.rules import Account as JournalAccount
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


@given(any_facts(), st.data())
def test_another_amount_or_day_has_another_digest(
    facts: SettlementFacts, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["paid", "promotional", "deposit"]))
    richer = replace(facts, buckets=(*facts.buckets, BucketFacts("one more", kind, 1)))
    assert settle(richer).digest != settle(facts).digest
    later = replace(facts, last_day=facts.last_day + timedelta(days=1))
    assert settle(later).digest != settle(facts).digest
