"""An appeal is another review by another person, once."""

from datetime import datetime

import pytest

from signoff.accounts.models import LineState, Role
from signoff.accounts.operations import move_lines
from signoff.audit.verification import verify
from signoff.closing import queries as cases
from signoff.closing.models import CaseLine
from signoff.closing.rules import CaseState, NoSuchTransition
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.policies.working_days import add_working_days
from signoff.review import claims, operations, sweeps
from signoff.review.appeals import appeal
from signoff.review.rules import UNDO_WITHIN
from signoff.settlement.models import Settlement
from signoff.termination.operations import take_hold
from tests.reviewing import APPEAL, DAY, SECOND, WORDS, fresh, letter, refused, taken
from tests.world import NOON, customer, reviewer, staff

pytestmark = pytest.mark.django_db


def test_the_letter_of_a_refusal_says_why_and_how_to_appeal() -> None:
    case = refused(reviewer())
    told = letter(case, "refused").text
    for words in (WORDS, "the line has a contract that still runs", "appeal until 6 December 2026"):
        assert words in told


def test_an_appeal_is_a_new_review_by_another_person_and_its_end_is_the_end() -> None:
    rui, mei = reviewer(), reviewer()
    case = refused(rui)
    sweeps.release_refused(now=NOON + UNDO_WITHIN)
    later = NOON + 14 * DAY
    case = appeal(case=case, text=APPEAL, now=later)
    assert (case.state, case.ended_at, case.decided_at) == ("submitted", None, None)
    assert case.decide_by == add_working_days(later.date(), 15, "CN")
    assert CaseLine.objects.get(case=case).is_open
    assert Settlement.objects.get(case=case.pk).why == "appealed"
    assert letter(case, "appealed")
    with pytest.raises(Refusal) as first:
        operations.take(case=case, reviewer=rui, now=later)
    assert first.value.code == "another_person"
    given = claims.assign(cases=[case], reviewer=rui, by=staff(Role.ADMIN), now=later)
    assert given.done == ()
    case = refused(mei, operations.take(case=case, reviewer=mei, now=later), now=later)
    assert "with us this is the end of it" in letter(case, "refused_finally").text
    with pytest.raises(Refusal) as once:
        appeal(case=case, text=APPEAL, now=later)
    assert once.value.code == "appealed_once"
    assert not CaseLine.objects.get(case=case).is_open
    assert verify().broken == ()


def test_an_appeal_that_is_granted_closes_the_line() -> None:
    rui, mei = reviewer(), reviewer()
    case = appeal(case=refused(rui), text=APPEAL, now=NOON + DAY)
    case = operations.take(case=case, reviewer=mei, now=NOON + DAY)
    case = operations.approve(case=case, reviewer=mei, now=NOON + DAY)
    assert case.due_at is not None
    held = take_hold(case_id=case.pk, now=case.due_at)
    assert held is not None
    assert held.state == CaseState.CLOSING.value


def test_the_time_for_an_appeal_ends_with_the_customers_day() -> None:
    case = refused(reviewer())
    midnight = datetime.fromisoformat("2026-12-07T00:00:00+08:00")
    with pytest.raises(Refusal) as over:
        appeal(case=case, text=APPEAL, now=midnight)
    assert over.value.code == "appeal_over"
    last = refused(reviewer())
    assert appeal(case=last, text=APPEAL, now=midnight - SECOND).state == "submitted"
    with pytest.raises(InvalidValue):
        appeal(case=case, text="No!", now=NOON)
    with pytest.raises(NoSuchTransition):
        appeal(case=taken(reviewer()), text=APPEAL, now=NOON)


def test_a_line_that_is_closed_by_now_is_not_closed_by_an_appeal() -> None:
    who = customer()
    case = refused(reviewer())
    del who
    lines = [line.pk for line in cases.lines_of(fresh(case))]
    move_lines(lines=lines, frm=[LineState.ACTIVE], to=LineState.CLOSED, now=NOON)
    with pytest.raises(Refusal) as blocked:
        appeal(case=fresh(case), text=APPEAL, now=NOON)
    assert blocked.value.code == "blocked"
