"""Everything that stands in the way is said at once, with the way out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from signoff.eligibility.rules import Facts, LineFacts, check

NOTHING = Money(0, "CNY")


def line(
    number: int = 1,
    *,
    state: str = "active",
    profile: str = "released",
    case: str = "",
    services: tuple[str, ...] = (),
) -> LineFacts:
    """A line, free unless told otherwise."""
    return LineFacts(number, f"+86 … {number:04d}", state, profile, case, services)


def test_a_line_without_debts_is_free() -> None:
    found = check(Facts((line(),), NOTHING, NOTHING))
    assert found.blockers == ()
    assert [w.code for w in found.warnings] == ["number_ends"]


def test_all_blockers_come_at_once_each_with_its_fix() -> None:
    facts = Facts(
        lines=(line(1, case="SO-7K4M-92QD-X"), line(2, state="closed"), line(3)),
        due=Money("12.50", "CNY"),
        forfeited=NOTHING,
        unpaid_bills=("F9", "F10"),
    )
    found = check(facts)
    assert [(b.code, b.fix, b.subject) for b in found.blockers] == [
        ("already_closing", "case", "SO-7K4M-92QD-X"),
        ("already_closed", "", ""),
        ("money_due", "bills", "F9"),
    ]
    assert all(b.template % dict(b.params) for b in found.blockers)


@pytest.mark.parametrize("profile", ["downloaded", "installed", "enabled", "disabled"])
def test_an_esim_on_a_phone_is_a_warning_never_a_blocker(profile: str) -> None:
    found = check(Facts((line(profile=profile),), NOTHING, NOTHING))
    assert found.blockers == ()
    assert "profile_on_device" in [w.code for w in found.warnings]


@pytest.mark.parametrize("profile", ["", "released", "deleted", "withdrawn"])
def test_an_esim_that_is_nowhere_needs_no_warning(profile: str) -> None:
    found = check(Facts((line(profile=profile),), NOTHING, NOTHING))
    assert "profile_on_device" not in [w.code for w in found.warnings]


def test_gifts_and_services_that_end_are_named() -> None:
    facts = Facts((line(services=("Voice mail", "Roaming")),), NOTHING, Money(5, "CNY"))
    found = check(facts)
    assert found.blockers == ()
    by_code = {w.code: w for w in found.warnings}
    assert by_code["services_end"].params["services"] == ("Voice mail", "Roaming")
    assert by_code["promotional_credit_ends"].params["amount"] == Money(5, "CNY")


LINES = st.builds(
    line,
    st.integers(1, 9999),
    state=st.sampled_from(["active", "paused", "closing", "closed"]),
    profile=st.sampled_from(["", "released", "installed", "deleted"]),
    case=st.sampled_from(["", "SO-7K4M-92QD-X"]),
)


@given(st.lists(LINES, min_size=1, max_size=5), st.integers(0, 100), st.integers(0, 100))
def test_no_blocker_hides_another(lines: list[LineFacts], due: int, gift: int) -> None:
    together = check(Facts(tuple(lines), Money(due, "CNY"), Money(gift, "CNY")))
    alone = [
        blocker for each in lines for blocker in check(Facts((each,), NOTHING, NOTHING)).blockers
    ]
    assert len(together.blockers) == len(alone) + (1 if due else 0)
    assert sum(w.code == "number_ends" for w in together.warnings) == len(lines)


def test_a_dispute_waits_or_lets_the_rest_go_on_as_the_rule_pack_says() -> None:
    facts = Facts((line(),), NOTHING, NOTHING, disputed_bills=("F9", "F10"))
    going_on = check(facts)
    assert going_on.blockers == ()
    assert [(w.code, w.subject) for w in going_on.to_look_at] == [
        ("dispute_open", "F9"),
        ("dispute_open", "F10"),
    ]
    waiting = check(replace(facts, disputes_wait=True))
    assert [(b.code, b.fix, b.subject) for b in waiting.blockers] == [
        ("dispute_open", "bills", "F9"),
        ("dispute_open", "bills", "F10"),
    ]
    assert waiting.to_look_at == ()
    assert going_on.to_look_at[0].template != waiting.blockers[0].template


def test_a_payment_under_way_is_told_and_stops_nothing() -> None:
    found = check(Facts((line(),), NOTHING, NOTHING, paying_bills=("F9",)))
    assert found.blockers == ()
    assert [(w.code, w.fix, w.subject) for w in found.to_look_at] == [
        ("payment_under_way", "bills", "F9")
    ]
    assert [w.code for w in found.consequences] == ["number_ends"]
