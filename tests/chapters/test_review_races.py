"""Reviewers and customers in the same instant: the database decides who was first."""

from datetime import timedelta
from functools import partial

import pytest

from signoff.accounts.models import User
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Conflict, Refusal
from signoff.notice.models import Notice
from signoff.review import claims, operations, reminders, sweeps
from signoff.review.appeals import appeal
from signoff.review.models import Appeal, Claim, Decision, DecisionKind, Question, Reminder
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import MoreKind, RefusalReason
from signoff.review.undo import undo_decision
from signoff.settlement.models import Settlement
from tests.racing import at_once
from tests.world import NOON, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6
LATER = NOON + timedelta(hours=1)
"""Every claim of NOON is over."""
SECOND = timedelta(seconds=1)
WORDS = "The contract of this line runs until 1 May 2027."


def seen(case: Case) -> Case:
    return cases.case_by_id(case.pk)


def won(ends: list[object]) -> list[object]:
    return [end for end in ends if not isinstance(end, Exception)]


def taken(paid: int = 5000) -> tuple[Case, User]:
    by = reviewer()
    case = submitted(customer(services=0, paid=(paid,)))
    return operations.take(case=case, reviewer=by, now=NOON), by


def test_of_two_who_take_over_a_claim_that_is_over_one_gets_it() -> None:
    for _ in range(ROUNDS):
        case, _holder = taken()
        one, two = reviewer(), reviewer()
        ends = at_once(
            *(
                partial(operations.take, case=seen(case), reviewer=who, now=LATER)
                for who in (one, two)
            )
        )
        assert len(won(ends)) == 1
        assert all(isinstance(end, Case | Conflict) for end in ends), ends
        assert Claim.objects.get(case=case).reviewer in {one, two}


def test_a_holder_who_comes_back_and_another_who_takes_over_do_not_both_decide() -> None:
    for _ in range(ROUNDS):
        case, holder = taken()
        other = reviewer()
        yes, take = at_once(
            partial(operations.approve, case=seen(case), reviewer=holder, now=LATER),
            partial(operations.take, case=seen(case), reviewer=other, now=LATER),
        )
        now_is = seen(case)
        assert len(won([yes, take])) == 1, (yes, take)
        decided = isinstance(yes, Case)
        assert (now_is.state == CaseState.COOLING_OFF.value) is decided
        assert Decision.objects.filter(case=case).count() == decided


def test_two_second_persons_at_once_are_one_approval() -> None:
    for _ in range(ROUNDS // 2):
        case, holder = taken(paid=300_000)
        operations.approve(case=case, reviewer=holder, now=NOON)
        second = reviewer()
        operations.take(case=seen(case), reviewer=second, now=NOON)
        tabs = [seen(case), seen(case)]
        ends = at_once(
            *(partial(operations.approve, case=tab, reviewer=second, now=NOON) for tab in tabs)
        )
        assert len(won(ends)) == 1, ends
        finals = Decision.objects.filter(case=case, kind=DecisionKind.FINAL)
        assert finals.count() == 1
        assert Notice.objects.filter(case=case.pk, kind="approved").count() == 1


def test_an_appeal_and_the_reviewers_own_undo_are_one_of_the_two() -> None:
    for _ in range(ROUNDS):
        case, holder = taken()
        case = operations.refuse(
            case=case,
            reviewer=holder,
            reason_code=RefusalReason.CONTRACT_BOUND,
            text=WORDS,
            now=NOON,
        )
        tabs = [seen(case), seen(case)]
        ends = at_once(
            partial(appeal, case=tabs[0], text="It ended in May, see the letter.", now=NOON),
            partial(undo_decision, case=tabs[1], reviewer=holder, now=NOON + SECOND),
        )
        assert len(won(ends)) == 1, ends
        appealed = Appeal.objects.filter(case=case).exists()
        state = CaseState.SUBMITTED if appealed else CaseState.IN_REVIEW
        assert seen(case).state == state.value
        assert Decision.objects.get(case=case).is_current is appealed
        assert CaseLine.objects.get(case=case).is_open
        sweeps.release_refused(now=LATER)
        assert Settlement.objects.filter(case=case.pk, is_current=True).count() == 1


def test_an_answer_and_the_end_of_its_day_are_one_of_the_two() -> None:
    for _ in range(ROUNDS):
        case, holder = taken()
        case = ask_more(
            case=case, reviewer=holder, what=[MoreKind.OTHER], text="Which one is it?", now=NOON
        )
        after = NOON + timedelta(days=15)
        ends = at_once(
            partial(answer_more, case=seen(case), text="The first one.", now=after),
            partial(sweeps.lapse_questions, now=after),
            partial(sweeps.lapse_questions, now=after),
        )
        question = Question.objects.get(case=case)
        lapsed = question.lapsed_at is not None
        assert seen(case).state == ("submitted" if lapsed else "in_review"), ends
        # An answer that came just after the end of its day is kept all the same.
        assert (question.answered_at is not None) is isinstance(ends[0], Case)
        assert lapsed or isinstance(ends[0], Case)
        assert sum(end for end in ends[1:] if isinstance(end, int)) == lapsed


def test_a_yes_that_is_taken_back_and_the_customers_undo_are_one_of_the_two() -> None:
    for _ in range(ROUNDS):
        case, holder = taken()
        case = operations.approve(case=case, reviewer=holder, now=NOON)
        tabs = [seen(case), seen(case)]
        ends = at_once(
            partial(undo_decision, case=tabs[0], reviewer=holder, now=NOON + SECOND),
            partial(closing.withdraw, case=tabs[1], actor="customer", now=NOON + SECOND),
        )
        assert len(won(ends)) == 1, ends
        assert Notice.objects.get(case=case.pk, kind="approved").state == "cancelled"
        gone = seen(case).state == CaseState.WITHDRAWN.value
        assert Notice.objects.filter(case=case.pk, kind="withdrawn").exists() is gone


def test_two_workers_remind_once() -> None:
    case, holder = taken()
    ask_more(case=case, reviewer=holder, what=[MoreKind.OTHER], text="Which one is it?", now=NOON)
    soon = NOON + timedelta(days=13)
    ends = at_once(*(partial(reminders.remind_of_questions, now=soon) for _ in range(3)))
    assert sum(end for end in ends if isinstance(end, int)) == 1, ends
    assert Reminder.objects.count() == 1
    assert Notice.objects.filter(case=case.pk, kind="more_info_reminder").count() == 1


def test_giving_back_and_deciding_in_two_tabs_are_one_of_the_two() -> None:
    for _ in range(ROUNDS // 2):
        case, holder = taken()
        tabs = [seen(case), seen(case)]
        ends = at_once(
            partial(claims.release_claim, case=tabs[0], reviewer=holder, now=NOON),
            partial(operations.approve, case=tabs[1], reviewer=holder, now=NOON),
        )
        assert len(won(ends)) == 1, ends
        assert all(isinstance(end, Case | Conflict | Refusal) for end in ends), ends
