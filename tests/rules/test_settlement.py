"""A settlement is right to the cent, whatever the facts are."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.kernel.money import from_minor, to_minor
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    PaymentFacts,
    PlanFacts,
    SettlementFacts,
    settle,
)

CODES = ["CNY", "EUR", "JPY", "BHD"]
UNITS = st.integers(0, 200_000)
DAY = date(2026, 11, 22)


@st.composite
def any_facts(draw: st.DrawFn) -> SettlementFacts:
    """Balances of every kind, payments that may be less or more than they, bills, plans."""
    code = draw(st.sampled_from(CODES))
    kinds = st.sampled_from(["paid", "promotional", "deposit"])

    def money() -> Money:
        return from_minor(draw(UNITS), code)

    buckets = [BucketFacts(f"B{n}", draw(kinds), money()) for n in range(draw(st.integers(0, 4)))]
    payments = [
        PaymentFacts(
            f"ch_{n}",
            "Visa 4242",
            money(),
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 3))),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    bills = [BillFacts(f"F{n}", money()) for n in range(draw(st.integers(0, 3)))]
    plans = [
        PlanFacts(
            f"L{n}",
            "Boom 30",
            money(),
            draw(st.integers(1, 31)),
            draw(st.dates(date(2026, 9, 1), date(2026, 12, 31))),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    last_day = draw(st.dates(date(2026, 11, 1), date(2026, 12, 31)))
    return SettlementFacts(
        code, last_day, tuple(buckets), tuple(payments), tuple(bills), tuple(plans)
    )


def total(amounts: list[Money]) -> int:
    """Sum in minor units."""
    return sum(to_minor(amount) for amount in amounts)


@given(any_facts())
def test_credits_less_charges_are_what_goes_back_less_what_is_due(facts: SettlementFacts) -> None:
    result = settle(facts)
    credit, charge = (
        total([p.amount for p in result.credits]),
        total([p.amount for p in result.charges]),
    )
    assert credit - charge == to_minor(result.refund_total) - to_minor(result.due)
    assert 0 in {to_minor(result.refund_total), to_minor(result.due)}
    assert to_minor(result.refund_total) >= 0
    assert to_minor(result.due) >= 0


@given(any_facts())
def test_the_refunds_add_up_and_none_is_more_than_its_payment(facts: SettlementFacts) -> None:
    result = settle(facts)
    assert total([r.amount for r in result.refunds]) == to_minor(result.refund_total)
    left = {p.reference: p.left for p in facts.payments}
    by_payment = [r for r in result.refunds if r.payment]
    assert len({r.payment for r in by_payment}) == len(by_payment)
    assert all(r.amount.amount > 0 for r in result.refunds)
    assert all(r.amount <= left[str(r.payment)] for r in by_payment)
    by_hand = [r for r in result.refunds if r.payment is None]
    if by_hand:  # only what no payment can take back
        assert total([r.amount for r in by_payment]) == total(list(left.values()))


@given(any_facts())
def test_the_newest_payment_is_refunded_first(facts: SettlementFacts) -> None:
    by_age = sorted(facts.payments, key=lambda p: (p.paid_at, p.reference), reverse=True)
    refunded = {r.payment: r.amount for r in settle(facts).refunds}
    amounts = [(refunded.get(p.reference), p.left) for p in by_age if p.left.amount]
    exhausted = [amount == left for amount, left in amounts]
    assert exhausted == sorted(exhausted, reverse=True)


@given(any_facts())
def test_promotional_credit_is_never_refunded_and_never_spent(facts: SettlementFacts) -> None:
    without = SettlementFacts(
        facts.currency,
        facts.last_day,
        tuple(b for b in facts.buckets if b.kind != "promotional"),
        facts.payments,
        facts.unpaid,
        facts.plans,
    )
    result, poorer = settle(facts), settle(without)
    assert (result.refunds, result.refund_total, result.due, result.charges) == (
        poorer.refunds,
        poorer.refund_total,
        poorer.due,
        poorer.charges,
    )
    gifts = [b.amount for b in facts.buckets if b.kind == "promotional"]
    assert to_minor(result.forfeited_total) == total(gifts)


@given(any_facts(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: SettlementFacts, random: Random) -> None:
    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(rows, len(rows)))

    other = SettlementFacts(
        facts.currency,
        facts.last_day,
        mixed(facts.buckets),  # type: ignore[arg-type]
        mixed(facts.payments),  # type: ignore[arg-type]
        mixed(facts.unpaid),  # type: ignore[arg-type]
        mixed(facts.plans),  # type: ignore[arg-type]
    )
    assert settle(other) == settle(facts)
    assert settle(other).digest == settle(facts).digest


@given(any_facts(), st.data())
def test_another_amount_has_another_digest(facts: SettlementFacts, data: st.DataObject) -> None:
    code = facts.currency
    cent = from_minor(1, code)
    kind = data.draw(st.sampled_from(["paid", "promotional", "deposit"]))
    richer = SettlementFacts(
        code,
        facts.last_day,
        (*facts.buckets, BucketFacts("one more", kind, cent)),
        facts.payments,
        facts.unpaid,
        facts.plans,
    )
    assert settle(richer).digest != settle(facts).digest
    later = SettlementFacts(
        code,
        facts.last_day + timedelta(days=1),
        facts.buckets,
        facts.payments,
        facts.unpaid,
        facts.plans,
    )
    assert settle(later).digest != settle(facts).digest


@given(any_facts())
def test_what_is_spent_is_what_the_balances_hold(facts: SettlementFacts) -> None:
    result = settle(facts)
    assert dict(result.spent) == {b.reference: b.amount for b in facts.buckets if b.amount.amount}
    assert total([p.amount for p in (*result.credits, *result.forfeited)]) == total(
        [amount for _, amount in result.spent]
    )


def eur(amount: str) -> Money:
    """Euros."""
    return Money(amount, "EUR")


def plan(monthly: Money, *, cycle_day: int = 1, activated: date = date(2024, 1, 1)) -> PlanFacts:
    """A plan that is billed after use."""
    return PlanFacts("L1", "Boom 30", monthly, cycle_day, activated)


@pytest.mark.parametrize(
    ("last_day", "cycle_day", "activated", "used", "days", "amount"),
    [
        (date(2026, 11, 22), 1, date(2024, 1, 1), 22, 30, "22.00"),  # 30.00 × 22 / 30
        (date(2026, 2, 14), 1, date(2024, 1, 1), 14, 28, "15.00"),  # 30.00 × 14 / 28
        (date(2028, 2, 14), 1, date(2024, 1, 1), 14, 29, "14.48"),  # 14.4827…
        (date(2026, 12, 31), 1, date(2024, 1, 1), 31, 31, "30.00"),  # the whole period
        (date(2026, 11, 15), 15, date(2024, 1, 1), 1, 30, "1.00"),  # its first day
        (date(2026, 11, 22), 1, date(2026, 11, 20), 3, 30, "3.00"),  # it began inside the period
        (date(2026, 3, 1), 31, date(2024, 1, 1), 2, 31, "1.94"),  # 28 Feb to 30 Mar: 1.9354…
    ],
)
def test_a_plan_is_charged_by_the_days_that_were_used(
    last_day: date, cycle_day: int, activated: date, used: int, days: int, amount: str
) -> None:
    facts = SettlementFacts(
        "EUR", last_day, plans=(plan(eur("30"), cycle_day=cycle_day, activated=activated),)
    )
    (charge,) = settle(facts).charges
    assert charge.amount == eur(amount)
    assert (charge.params["used"], charge.params["days"]) == (used, days)


def test_a_plan_that_begins_after_the_last_day_costs_nothing() -> None:
    facts = SettlementFacts("EUR", DAY, plans=(plan(eur("30"), activated=date(2026, 12, 1)),))
    assert settle(facts).charges == ()


def test_a_worked_example() -> None:
    """50.00 paid in by two payments, 5.00 given, a bill of 12.34 open: 37.66 goes back."""
    facts = SettlementFacts(
        "EUR",
        DAY,
        buckets=(
            BucketFacts("B1", "paid", eur("50")),
            BucketFacts("B2", "promotional", eur("5")),
        ),
        payments=(
            PaymentFacts("old", "Visa 4242", eur("30"), datetime(2026, 5, 1, tzinfo=UTC)),
            PaymentFacts("new", "Visa 1111", eur("20"), datetime(2026, 6, 1, tzinfo=UTC)),
        ),
        unpaid=(BillFacts("F7", eur("12.34")),),
    )
    result = settle(facts)
    assert result.refund_total == eur("37.66")
    assert result.due == eur("0")
    assert result.forfeited_total == eur("5")
    assert [(r.payment, r.amount) for r in result.refunds] == [
        ("new", eur("20")),
        ("old", eur("17.66")),
    ]


def test_what_no_payment_made_goes_back_by_transfer() -> None:
    facts = SettlementFacts(
        "JPY",
        DAY,
        buckets=(BucketFacts("B1", "deposit", Money(3000, "JPY")),),
        payments=(
            PaymentFacts("ch", "Visa", Money(1000, "JPY"), datetime(2026, 5, 1, tzinfo=UTC)),
        ),
    )
    assert [(r.payment, to_minor(r.amount)) for r in settle(facts).refunds] == [
        ("ch", 1000),
        (None, 2000),
    ]


def test_more_charges_than_money_are_due() -> None:
    facts = SettlementFacts(
        "EUR",
        DAY,
        buckets=(BucketFacts("B1", "paid", eur("10")),),
        payments=(PaymentFacts("ch", "Visa", eur("10"), datetime(2026, 5, 1, tzinfo=UTC)),),
        unpaid=(BillFacts("F1", eur("10.01")),),
    )
    result = settle(facts)
    assert (result.due, result.refund_total, result.refunds) == (eur("0.01"), eur("0"), ())


def test_nothing_at_all_is_a_settlement_too() -> None:
    result = settle(SettlementFacts("EUR", DAY))
    assert (result.refund_total, result.due) == (eur("0"), eur("0"))
    assert len(result.digest) == 64
