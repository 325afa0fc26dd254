"""What the customer is asked, their answer, and the clock that stands still meanwhile."""

from datetime import date

import pytest

from signoff.audit.models import AuditRow, Opening
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Conflict, InvalidValue
from signoff.notice.models import Notice
from signoff.policies.working_days import add_working_days
from signoff.presentation import wording
from signoff.review import operations, reminders, sweeps
from signoff.review.appeals import appeal
from signoff.review.models import Claim, Question
from signoff.review.queries import Filters, days_left, queue
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import UNDO_WITHIN, Mark, MoreKind
from signoff.review.undo import undo_decision
from signoff.termination.timeline import timeline
from tests.engine_rows import engine_rows
from tests.reviewing import APPEAL, ASKED, CLAIM, DAY, SECOND, asked, fresh, letter, refused, taken
from tests.world import NOON, reviewer

pytestmark = pytest.mark.django_db


def test_a_question_tells_the_customer_what_and_until_when_and_stops_the_clock() -> None:
    rui = reviewer()
    case = asked(rui, MoreKind.PASSPORT, MoreKind.OTHER)
    assert case.state == CaseState.MORE_INFO.value
    question = Question.objects.get(case=case)
    assert question.answer_by == date(2026, 12, 6)
    told = letter(case, "more_info")
    assert "the passport and an answer to our question" in told.text
    assert ASKED in told.text
    assert "6 December 2026" in told.text
    assert told.not_before == NOON + UNDO_WITHIN
    assert engine_rows(f"notice:{told.pk}:0")[f"notice:{told.pk}:0"].status == "DELAYED"
    left = days_left(case, NOON)
    assert days_left(case, NOON + 10 * DAY) == left
    assert ASKED not in str(list(AuditRow.objects.values_list("facts", flat=True)))
    assert Opening.objects.filter(value=ASKED).exists()


def test_an_answer_goes_on_with_the_same_reviewer_and_a_later_last_day() -> None:
    rui = reviewer()
    case = asked(rui)
    last, left = case.decide_by, days_left(case, NOON)
    assert last is not None
    later = NOON + 5 * DAY
    case = answer_more(case=case, text="Here it is.", now=later)
    assert case.state == CaseState.IN_REVIEW.value
    assert case.decide_by == add_working_days(last, 5, "CN")  # Monday to Friday
    assert days_left(case, later) == left
    question = Question.objects.get(case=case)
    assert (question.answer, question.days_waited) == ("Here it is.", 5)
    assert Claim.objects.get(case=case).expires_at == later + CLAIM
    with pytest.raises(Conflict):
        answer_more(case=case, text="Once more.", now=later)
    operations.approve(case=case, reviewer=rui, now=later)


def test_an_answer_before_the_letter_has_gone_stops_the_letter() -> None:
    case = asked(reviewer())
    answer_more(case=case, text="I see it on the page already.", now=NOON + SECOND)
    assert Notice.objects.get(kind="more_info").state == "cancelled"


@pytest.mark.parametrize(
    ("what", "words", "field"),
    [
        ([MoreKind.OTHER], "Too short", "text"),
        ([MoreKind.OTHER], "x" * 1001, "text"),
        ([], ASKED, "what"),
        ([MoreKind.SELFIE], ASKED, "what"),  # the rule pack of China does not ask for it
    ],
)
def test_a_question_is_about_something_that_may_be_asked(
    what: list[MoreKind], words: str, field: str
) -> None:
    rui = reviewer()
    case = taken(rui)
    with pytest.raises(InvalidValue) as wrong:
        ask_more(case=case, reviewer=rui, what=what, text=words, now=NOON)
    assert wrong.value.field == field
    assert fresh(case).state == CaseState.IN_REVIEW.value


def test_an_empty_answer_is_no_answer() -> None:
    case = asked(reviewer())
    with pytest.raises(InvalidValue):
        answer_more(case=case, text="  ", now=NOON)
    assert fresh(case).state == CaseState.MORE_INFO.value


def test_a_customer_who_does_not_answer_is_reminded_once_and_never_dropped() -> None:
    rui = reviewer()
    case = asked(rui)
    left = days_left(case, NOON)
    assert reminders.remind_of_questions(now=NOON + 11 * DAY) == 0
    assert [reminders.remind_of_questions(now=NOON + n * DAY) for n in (12, 13, 14)] == [1, 0, 0]
    assert "your closing is not dropped" in letter(case, "more_info_reminder").text
    assert sweeps.lapse_questions(now=NOON + 14 * DAY) == 0  # the last day is the customer's
    over = NOON + 15 * DAY
    assert sweeps.lapse_questions(now=over) == 1
    assert sweeps.lapse_questions(now=over) == 0
    case = fresh(case)
    assert case.state == CaseState.SUBMITTED.value
    assert days_left(case, over) == left
    assert not Claim.objects.filter(case=case).exists()
    only = Filters(marks=frozenset({Mark.NO_ANSWER}))
    assert [r.number for r in queue(group=None, search="", now=over, filters=only)] == [case.number]
    answer_more(case=case, text="I was away. Here it is.", now=over)
    assert fresh(case).state == CaseState.SUBMITTED.value
    assert Question.objects.get(case=case).answer == "I was away. Here it is."
    assert len(queue(group=None, search="", now=over, filters=only)) == 0


def test_a_question_that_was_taken_back_does_not_hide_the_one_before_it() -> None:
    rui = reviewer()
    case = asked(rui)
    over = NOON + 15 * DAY
    assert sweeps.lapse_questions(now=over) == 1
    case = operations.take(case=fresh(case), reviewer=rui, now=over)
    case = ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=over)
    case = undo_decision(case=case, reviewer=rui, now=over + SECOND)
    answer_more(case=case, text="I was away. Here it is.", now=over + DAY)
    assert Question.objects.get(undone_at=None).answer == "I was away. Here it is."


def test_a_day_that_moved_because_we_waited_for_the_customer_says_so() -> None:
    rui = reviewer()
    case = answer_more(case=asked(rui), text="Here it is.", now=NOON + 2 * DAY)  # till Tuesday

    def why() -> list[str]:
        shown = timeline(case, now=NOON).entries
        rule = next(entry.rule for entry in shown if entry.code == "review")
        return [wording.said(sentence) for sentence in rule]

    moved = "We waited 2 working days for you to answer; they are not counted."
    assert moved in why()
    case = appeal(case=refused(rui, case, now=NOON + 3 * DAY), text=APPEAL, now=NOON + 4 * DAY)
    assert moved not in why()  # the appeal has a last day of its own


def test_of_a_short_time_to_answer_nobody_is_reminded_with_the_question_itself() -> None:
    case = asked(reviewer())
    Question.objects.update(answer_by=date(2026, 11, 24))
    assert reminders.remind_of_questions(now=NOON + SECOND) == 0
    assert reminders.remind_of_questions(now=NOON + DAY) == 0
    assert not Notice.objects.filter(case=case.pk, kind="more_info_reminder").exists()
