"""The clock that stands still, its colour, and when two people are needed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.policies.values import Evidence
from signoff.policies.working_days import add_working_days, working_days_left
from signoff.review.rules import (
    MORE_WORDS,
    REFUSAL_WORDS,
    Colour,
    MoreKind,
    RefusalReason,
    colour_of,
    moved_on,
    needs_second_person,
    not_allowed,
)

DAYS = st.dates(date(2025, 2, 1), date(2026, 10, 31))
COUNTRIES = st.sampled_from(["CN", "DE", "GB", "JP"])


@given(stopped=DAYS, left=st.integers(1, 40), waited=st.integers(0, 60), country=COUNTRIES)
def test_as_many_working_days_are_left_after_the_wait_as_before(
    stopped: date, left: int, waited: int, country: str
) -> None:
    decide_by, today = add_working_days(stopped, left, country), stopped + timedelta(days=waited)
    later, moved = moved_on(decide_by, stopped_on=stopped, today=today, country=country)
    assert working_days_left(today, later, country) == left
    assert working_days_left(decide_by, later, country) == moved


@given(stopped=DAYS, late=st.integers(1, 20), waited=st.integers(0, 30), country=COUNTRIES)
def test_what_was_late_already_is_not_made_later_by_a_question(
    stopped: date, late: int, waited: int, country: str
) -> None:
    decide_by, today = stopped - timedelta(days=late), stopped + timedelta(days=waited)
    later, _moved = moved_on(decide_by, stopped_on=stopped, today=today, country=country)
    assert decide_by <= later
    assert later <= today or later == decide_by


def test_a_clock_that_did_not_stand_does_not_move() -> None:
    day = date(2026, 11, 23)
    assert moved_on(day, stopped_on=day, today=day, country="CN") == (day, 0)
    saturday = date(2026, 11, 21)
    assert moved_on(day, stopped_on=saturday, today=saturday + timedelta(1), country="CN") == (
        day,
        0,
    )


@pytest.mark.parametrize(
    ("days", "colour"),
    [
        (-3, Colour.RED), (0, Colour.RED), (1, Colour.AMBER), (2, Colour.AMBER),
        (3, Colour.GREEN), (15, Colour.GREEN),
    ],
)  # fmt: skip
def test_the_colour_of_the_clock(days: int, colour: Colour) -> None:
    assert colour_of(days) is colour


@pytest.mark.parametrize(
    ("rule", "small", "large"),
    [("never", False, False), ("large_refund", False, True), ("always", True, True)],
)
def test_when_two_people_are_needed(rule: str, *, small: bool, large: bool) -> None:
    assert needs_second_person(rule, is_large=False) is small
    assert needs_second_person(rule, is_large=True) is large


def test_everything_that_can_be_asked_and_every_ground_has_words() -> None:
    assert set(MORE_WORDS) == set(MoreKind)
    assert set(REFUSAL_WORDS) == set(RefusalReason)
    assert {paper.value for paper in Evidence} <= {kind.value for kind in MoreKind}


def test_only_papers_need_the_leave_of_the_rule_pack() -> None:
    asked = [MoreKind.PASSPORT, MoreKind.SELFIE, MoreKind.OTHER, MoreKind.CONTACT]
    assert not_allowed(asked, ["passport"]) == [MoreKind.SELFIE]
