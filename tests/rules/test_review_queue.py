"""The parts of the queue, and its clock."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.closing.rules import CaseState
from signoff.kernel.identifiers import Msisdn
from signoff.policies.working_days import add_working_days, counts, working_days_left
from signoff.presentation.masking import masked_digits, masked_mail, masked_recipient
from signoff.review.rules import GROUPS, OPEN_GROUP, states_of

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
COUNTRIES = st.sampled_from(["CN", "DE", "GB", "FR", "PL"])


def test_every_state_but_the_draft_is_in_one_part_of_the_queue() -> None:
    listed = [state for states in GROUPS.values() for state in states]
    assert sorted(s.value for s in listed) == sorted(
        s.value for s in CaseState if s is not CaseState.DRAFT
    )
    assert states_of(None) == OPEN_GROUP
    assert CaseState.CLOSED not in OPEN_GROUP


@given(start=DAYS, days=st.integers(1, 40), country=COUNTRIES)
def test_a_promise_of_so_many_working_days_has_so_many_left(
    start: date, days: int, country: str
) -> None:
    last = add_working_days(start, days, country)
    assert working_days_left(start, last, country) == days
    assert working_days_left(last, last, country) == 0


@given(today=DAYS, last=DAYS, country=COUNTRIES)
def test_the_clock_only_moves_on_working_days_and_never_back(
    today: date, last: date, country: str
) -> None:
    tomorrow = today + timedelta(days=1)
    now, then = (working_days_left(day, last, country) for day in (today, tomorrow))
    assert then in {now, now - 1}
    assert (now < 0) == (today > last)
    if tomorrow < last and not counts(tomorrow, country):
        assert now == then


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        ("li.wei@example.org", "l…@example.org"), ("a@b", "a…@b"), ("@b", "…"), ("nothing", "…"),
        ("+8613800138000", Msisdn("+8613800138000").masked), ("", ""),
    ],
)  # fmt: skip
def test_personal_data_is_cut_down(whole: str, masked: str) -> None:
    assert masked_recipient(whole) == masked


def test_short_things_stay_hidden() -> None:
    assert masked_mail("") == "…"
    assert masked_digits("") == ""
    assert masked_digits("8986012345678901234") == "… 1234"
