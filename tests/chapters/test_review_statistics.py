"""The numbers of the dashboard are those of the cases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.review import operations
from signoff.review.appeals import appeal
from signoff.review.models import Question
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import MoreKind, RefusalReason
from signoff.review.statistics import (
    Period,
    Share,
    Stage,
    deadlines_kept,
    durations,
    reasons,
    refusals,
    waiting_now,
)
from signoff.review.undo import undo_decision
from tests.world import NOON, customer, reviewer, submitted

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
EVER = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
WORDS = "The contract of this line runs until 1 May 2027."


def closed(review: timedelta, *, at: datetime = NOON) -> Case:
    """Sent at `at`, decided after `review`, closed 24 hours and 10 minutes later."""
    by, decided = reviewer(), at + review
    case = operations.take(case=submitted(customer(), now=at), reviewer=by, now=at)
    operations.approve(case=case, reviewer=by, now=decided)
    Case.objects.filter(pk=case.pk).update(
        state=CaseState.CLOSED.value,
        started_at=decided + 24 * HOUR,
        ended_at=decided + 24 * HOUR + timedelta(minutes=10),
    )
    return case


def refused(by: User, reason: RefusalReason, case: Case | None = None) -> Case:
    case = operations.take(case=case or submitted(customer()), reviewer=by, now=NOON)
    return operations.refuse(case=case, reviewer=by, reason_code=reason, text=WORDS, now=NOON)


def test_half_and_nine_of_ten_of_the_closings_by_stage_and_month() -> None:
    for hours in range(1, 11):
        closed(hours * HOUR)
    closed(100 * HOUR, at=datetime(2026, 12, 10, tzinfo=UTC))
    found = {(row.month, row.stage): row for row in durations(EVER)}
    november = found["2026-11", Stage.REVIEW]
    assert (november.cases, november.half, november.most) == (10, 5 * HOUR, 9 * HOUR)
    assert found["2026-12", Stage.REVIEW].half == 100 * HOUR
    assert found["", Stage.REVIEW].cases == 11
    assert found["", Stage.COOLING_OFF].half == 24 * HOUR
    assert found["", Stage.CLOSING].most == timedelta(minutes=10)
    assert found["2026-12", Stage.WHOLE].half == 124 * HOUR + timedelta(minutes=10)
    only_november = Period(NOON, datetime(2026, 12, 1, tzinfo=UTC))
    assert {row.month for row in durations(only_november)} == {"", "2026-11"}
    assert durations(Period(EVER.since, EVER.until, "DE")) == []


def test_time_in_which_the_customer_was_asked_is_not_the_reviews() -> None:
    by = reviewer()
    case = operations.take(case=submitted(customer()), reviewer=by, now=NOON)
    case = ask_more(
        case=case, reviewer=by, what=[MoreKind.OTHER], text="Which one is it?", now=NOON + HOUR
    )
    case = answer_more(case=case, text="The first.", now=NOON + 21 * HOUR)
    operations.approve(case=case, reviewer=by, now=NOON + 22 * HOUR)
    over = NOON + 50 * HOUR
    Case.objects.filter(pk=case.pk).update(state="closed", started_at=over, ended_at=over)
    found = {row.stage: row.half for row in durations(EVER) if not row.month}
    assert found[Stage.REVIEW] == 2 * HOUR
    assert found[Stage.WHOLE] == 50 * HOUR


def test_neither_is_the_time_until_the_appeal_nor_a_question_beside_a_running_clock() -> None:
    case = refused(reviewer(), RefusalReason.CONTRACT_BOUND)
    appealed = NOON + 240 * HOUR
    case = appeal(case=case, text="It ended in May, see the letter.", now=appealed)
    other = reviewer()
    case = operations.take(case=case, reviewer=other, now=appealed)
    case = ask_more(
        case=case, reviewer=other, what=[MoreKind.OTHER], text="Which one is it?", now=appealed
    )
    Question.objects.update(stops_clock=False)
    case = answer_more(case=case, text="The first.", now=appealed + 20 * HOUR)
    operations.approve(case=case, reviewer=other, now=appealed + 23 * HOUR)
    over = appealed + 50 * HOUR
    Case.objects.filter(pk=case.pk).update(state="closed", started_at=over, ended_at=over)
    found = {row.stage: row.half for row in durations(EVER) if not row.month}
    assert found[Stage.REVIEW] == 3 * HOUR
    assert found[Stage.WHOLE] == 290 * HOUR


def test_refusals_by_ground_without_those_that_were_taken_back() -> None:
    for reason in (RefusalReason.COURT_ORDER, RefusalReason.CONTRACT_BOUND):
        refused(reviewer(), reason)
    case = refused(reviewer(), RefusalReason.CONTRACT_BOUND)
    appeal(case=case, text="It ended in May, see the letter.", now=NOON)
    rui = reviewer()
    undo_decision(case=refused(rui, RefusalReason.FRAUD_CHECK), reviewer=rui, now=NOON)
    assert refusals(EVER) == [Share("contract_bound", 2, 3), Share("court_order", 1, 3)]
    assert refusals(EVER)[0].percent == 67
    assert refusals(Period(EVER.since, NOON)) == []


def test_why_people_leave_and_where_they_wait() -> None:
    first, second, third = (submitted(customer()) for _ in range(3))
    Case.objects.filter(pk=third.pk).update(reason="moving", country="DE")
    Case.objects.filter(pk=second.pk).update(submitted_at=NOON - HOUR)
    assert reasons(EVER) == [Share("price", 2, 3), Share("moving", 1, 3)]
    assert reasons(Period(EVER.since, EVER.until, "DE")) == [Share("moving", 1, 1)]
    operations.take(case=first, reviewer=reviewer(), now=NOON)
    waiting = [(row.state, row.cases, row.oldest) for row in waiting_now()]
    assert waiting == [
        (CaseState.SUBMITTED, 2, NOON - HOUR),
        (CaseState.IN_REVIEW, 1, NOON),
    ]


def test_deadlines_kept_by_country() -> None:
    for country, late in (("CN", False), ("CN", True), ("CN", False), ("DE", True)):
        case = submitted(customer(country=country))
        if late:
            Case.objects.filter(pk=case.pk).update(decide_by="2026-11-20")
            case.refresh_from_db()
        refused(reviewer(), RefusalReason.COURT_ORDER, case)
    assert deadlines_kept(EVER) == [Share("CN", 2, 3), Share("DE", 0, 1)]
    assert [share.percent for share in deadlines_kept(EVER)] == [67, 0]


def test_numbers_need_no_more_queries_for_more_cases() -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            durations(EVER), waiting_now(), reasons(EVER), refusals(EVER), deadlines_kept(EVER)
        return len(seen)

    closed(HOUR)
    few = count()
    for _ in range(5):
        closed(HOUR)
        refused(reviewer(), RefusalReason.COURT_ORDER)
    assert count() == few <= 7
