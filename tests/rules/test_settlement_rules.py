"""Each rule of a settlement, by an example that can be checked by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.kernel.periods import billing_period
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    CreditFacts,
    FeeFacts,
    PaymentFacts,
    PlanFacts,
    Proration,
    SettlementFacts,
    Terms,
    UsageFacts,
    settle,
)


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
