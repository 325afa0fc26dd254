"""Who may decide, what the customer is asked, and how a decision is taken back or appealed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from signoff.accounts.models import LineState, Role, User
from signoff.accounts.operations import move_lines
from signoff.audit.models import AuditRow, Opening
from signoff.audit.verification import verify
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import CaseState, NoSuchTransition
from signoff.config import policies
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.notice.models import Notice
from signoff.policies.working_days import add_working_days
from signoff.presentation import wording
from signoff.review import claims, operations, reminders, sweeps
from signoff.review.appeals import appeal
from signoff.review.models import Claim, Decision, Question
from signoff.review.queries import Filters, breaches_next, case_view, days_left, due_by_now, queue
from signoff.review.questions import answer_more, ask_more
from signoff.review.rules import UNDO_WITHIN, Colour, Mark, MoreKind, RefusalReason
from signoff.review.undo import undo_decision
from signoff.sagas.notices import deliver_notice
from signoff.settlement.models import Settlement
from signoff.termination.operations import take_hold
from signoff.termination.timeline import timeline
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.world import NOON, Customer, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

CLAIM = timedelta(minutes=30)
"""`claim_minutes` of China."""
WORDS = "The contract of this line runs until 1 May 2027."
APPEAL = "The contract ended in May: I have the letter here."
ASKED = "The photo is dark. Please send another."
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def taken(by: User, who: Customer | None = None) -> Case:
    return operations.take(case=submitted(who or customer()), reviewer=by, now=NOON)


def refused(by: User, case: Case | None = None, now: datetime = NOON) -> Case:
    return operations.refuse(
        case=case or taken(by),
        reviewer=by,
        reason_code=RefusalReason.CONTRACT_BOUND,
        text=WORDS,
        now=now,
    )


def asked(by: User, *what: MoreKind, now: datetime = NOON) -> Case:
    kinds = what or (MoreKind.OTHER,)
    return ask_more(case=taken(by), reviewer=by, what=kinds, text=ASKED, now=now)


def fresh(case: Case) -> Case:
    return cases.case_by_id(case.pk)


def letter(case: Case, kind: str) -> Notice:
    return Notice.objects.get(case=case.pk, kind=kind, channel="letter", state="waiting")


def test_while_a_claim_lives_only_its_holder_decides() -> None:
    rui, other = reviewer(), reviewer()
    case = taken(rui)
    acts: list[Callable[[], object]] = [
        lambda: operations.take(case=case, reviewer=other, now=NOON + CLAIM - SECOND),
        lambda: operations.approve(case=case, reviewer=other, now=NOON),
        lambda: refused(other, case),
        lambda: ask_more(case=case, reviewer=other, what=[MoreKind.OTHER], text=ASKED, now=NOON),
        lambda: claims.release_claim(case=case, reviewer=other, now=NOON),
    ]
    for act in acts:
        with pytest.raises(claims.Taken) as held:
            act()
        assert (held.value.reviewer, held.value.until) == (rui, NOON + CLAIM)
        assert str(rui.username) not in str(held.value)
    assert fresh(case).state == CaseState.IN_REVIEW.value
    assert not Decision.objects.exists()


def test_a_claim_ends_when_its_holder_does_nothing_and_each_action_renews_it() -> None:
    rui, other = reviewer(), reviewer()
    case = taken(rui)
    assert claims.touch_claim(case=case, reviewer=rui, now=NOON + CLAIM - SECOND)
    with pytest.raises(claims.Taken):
        operations.take(case=case, reviewer=other, now=NOON + CLAIM)
    later = NOON + 2 * CLAIM
    with pytest.raises(Refusal) as not_yet:
        operations.approve(case=case, reviewer=other, now=later)
    assert not_yet.value.code == "not_taken"
    operations.take(case=case, reviewer=other, now=later)
    assert not claims.touch_claim(case=case, reviewer=rui, now=later)
    with pytest.raises(claims.Taken):
        operations.approve(case=fresh(case), reviewer=rui, now=later)
    operations.approve(case=fresh(case), reviewer=other, now=later)


def test_a_holder_who_comes_back_late_and_finds_it_free_goes_on() -> None:
    rui = reviewer()
    case = taken(rui)
    done = operations.approve(case=case, reviewer=rui, now=NOON + DAY)
    assert done.state == CaseState.COOLING_OFF.value


def test_a_case_that_is_given_back_is_anybodys() -> None:
    rui = reviewer()
    case = claims.release_claim(case=taken(rui), reviewer=rui, now=NOON)
    assert (case.state, Claim.objects.count()) == (CaseState.SUBMITTED.value, 0)
    operations.take(case=case, reviewer=reviewer(), now=NOON)


def test_an_administrator_gives_many_cases_to_one_reviewer() -> None:
    boss, rui, other = staff(Role.ADMIN), reviewer(), reviewer()
    free, held = submitted(customer()), taken(other)
    gone = closing.withdraw(case=submitted(customer()), actor="customer", now=NOON)
    done = claims.assign(cases=[free, held, gone], reviewer=rui, by=boss, now=NOON)
    assert done.done == (free.number, held.number)
    assert [number for number, _why in done.left] == [gone.number]
    assert {c.reviewer_id for c in Claim.objects.all()} == {rui.pk}
    with pytest.raises(claims.Taken):
        operations.approve(case=fresh(held), reviewer=other, now=NOON + timedelta(hours=23))
    operations.approve(case=fresh(held), reviewer=rui, now=NOON + timedelta(hours=23))
    with pytest.raises(Refusal):
        claims.assign(cases=[free], reviewer=other, by=rui, now=NOON)
    with pytest.raises(Refusal):
        claims.assign(cases=[free], reviewer=boss, by=boss, now=NOON)


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


def test_a_closing_that_begins_sooner_ends_the_time_to_take_a_yes_back() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    Case.objects.filter(pk=case.pk).update(due_at=NOON + 20 * SECOND)
    case = fresh(case)
    assert case_view(case.number, now=NOON).undo_until == NOON + 20 * SECOND
    with pytest.raises(Refusal) as late:
        undo_decision(case=case, reviewer=rui, now=NOON + 20 * SECOND)
    assert late.value.code == "too_late"
    assert undo_decision(case=case, reviewer=rui, now=NOON + 19 * SECOND).state == "in_review"


def test_a_large_refund_needs_a_second_person() -> None:
    rui, mei = reviewer(), reviewer()
    case = taken(rui, customer(paid=(300_000,)))
    case = operations.approve(case=case, reviewer=rui, now=NOON)
    assert case.state == CaseState.SUBMITTED.value
    (row,) = queue(group=None, search="", now=NOON)
    assert row.marks == {Mark.SECOND_PERSON}
    view = case_view(case.number, now=NOON)
    assert view.proposal is not None
    assert (view.proposal.reviewer, view.decision) == (rui, None)
    assert not Notice.objects.filter(kind="approved").exists()
    with pytest.raises(Refusal) as same:
        operations.take(case=case, reviewer=rui, now=NOON)
    assert same.value.code == "another_person"
    case = operations.take(case=case, reviewer=mei, now=NOON)
    case = operations.approve(case=case, reviewer=mei, now=NOON)
    assert case.state == CaseState.COOLING_OFF.value
    assert letter(case, "approved")


def test_the_database_lets_nobody_be_both_of_four_eyes() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui, customer(paid=(300_000,))), reviewer=rui, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=case, reviewer=rui, outcome="approved", kind="final", decided_at=NOON
        )


def test_a_second_person_may_say_no() -> None:
    rui, mei = reviewer(), reviewer()
    case = operations.approve(case=taken(rui, customer(paid=(300_000,))), reviewer=rui, now=NOON)
    case = refused(mei, operations.take(case=case, reviewer=mei, now=NOON))
    assert case_view(case.number, now=NOON).barred == {mei.pk}
    case = appeal(case=case, text=APPEAL, now=NOON + DAY)
    operations.take(case=case, reviewer=rui, now=NOON + DAY)  # the appeal may be theirs


def test_a_yes_is_taken_back_within_a_minute_and_its_letter_never_goes() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    first, first_due = letter(case, "approved"), case.due_at
    assert first_due is not None
    assert case_view(case.number, now=NOON).undo_until == NOON + UNDO_WITHIN
    with pytest.raises(Refusal):
        undo_decision(case=case, reviewer=reviewer(), now=NOON)
    case = undo_decision(case=case, reviewer=rui, now=NOON + UNDO_WITHIN - SECOND)
    assert (case.state, case.due_at, case.decided_at) == ("in_review", None, None)
    assert take_hold(case_id=case.pk, now=first_due) is None
    carrier = InstantCarrier()
    deliver_notice(first.pk, 0, ports=carrier.ports(), now=lambda: NOON + DAY)
    assert not carrier.done
    later = NOON + timedelta(minutes=5)
    case = operations.approve(case=case, reviewer=rui, now=later)
    assert take_hold(case_id=case.pk, now=first_due) is None  # the first run is too early now
    second = letter(case, "approved")
    assert second.pk != first.pk
    deliver_notice(second.pk, 0, ports=carrier.ports(), now=lambda: later + UNDO_WITHIN)
    deliver_notice(second.pk, 0, ports=carrier.ports(), now=lambda: later + UNDO_WITHIN)
    assert carrier.done == {("letter", case.contact_email): 1}
    assert sorted(engine_rows("close:")) == [f"close:{case.pk}:1", f"close:{case.pk}:2"]
    assert verify().broken == ()


def test_after_the_minute_or_once_the_letter_has_begun_nothing_is_taken_back() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    with pytest.raises(Refusal) as late:
        undo_decision(case=case, reviewer=rui, now=NOON + UNDO_WITHIN)
    assert late.value.code == "too_late"
    Notice.objects.filter(kind="approved").update(is_begun=True)
    with pytest.raises(Conflict):
        undo_decision(case=case, reviewer=rui, now=NOON)
    assert fresh(case).state == CaseState.COOLING_OFF.value
    assert Decision.objects.get(case=case).is_current


def test_a_no_that_is_taken_back_leaves_everything_as_it_was() -> None:
    rui = reviewer()
    who = customer()
    case = refused(rui, taken(rui, who))
    before = Settlement.objects.get(case=case.pk)
    case = undo_decision(case=case, reviewer=rui, now=NOON + SECOND)
    assert (case.state, case.ended_at, case.answer) == ("in_review", None, "")
    assert CaseLine.objects.get(case=case).is_open
    assert Settlement.objects.get(case=case.pk).pk == before.pk
    assert sweeps.release_refused(now=NOON + DAY) == 0
    case = refused(rui, case, now=NOON + timedelta(minutes=2))
    assert sweeps.release_refused(now=NOON + DAY) == 1
    assert sweeps.release_refused(now=NOON + DAY) == 0
    assert not Settlement.objects.filter(case=case.pk).exists()


def test_a_no_whose_settlement_was_let_go_meanwhile_is_not_taken_back() -> None:
    rui = reviewer()
    case = refused(rui)
    assert sweeps.release_refused(now=NOON + UNDO_WITHIN) == 1
    with pytest.raises(Conflict):  # pressed in time, and had to wait for the sweep
        undo_decision(case=case, reviewer=rui, now=NOON + UNDO_WITHIN - SECOND)
    assert fresh(case).state == CaseState.REFUSED.value
    assert letter(case, "refused")


def test_a_second_refusal_has_a_minute_of_its_own() -> None:
    rui, mei = reviewer(), reviewer()
    case = appeal(case=refused(rui), text=APPEAL, now=NOON + 30 * SECOND)
    case = operations.take(case=case, reviewer=mei, now=NOON + 40 * SECOND)
    case = refused(mei, case, now=NOON + 59 * SECOND)
    assert sweeps.release_refused(now=NOON + UNDO_WITHIN) == 0
    case = undo_decision(case=case, reviewer=mei, now=NOON + 70 * SECOND)
    assert Settlement.objects.filter(case=case.pk, is_current=True).count() == 1
    case = refused(mei, case, now=NOON + 80 * SECOND)
    assert sweeps.release_refused(now=NOON + 80 * SECOND + UNDO_WITHIN) == 1
    assert not Settlement.objects.filter(case=case.pk).exists()


def test_a_no_cannot_be_taken_back_once_the_customer_has_begun_anew() -> None:
    rui = reviewer()
    who = customer()
    case = refused(rui, taken(rui, who))
    submitted(who)
    with pytest.raises(Refusal) as elsewhere:
        undo_decision(case=case, reviewer=rui, now=NOON + SECOND)
    assert elsewhere.value.code == "already_closing"
    assert fresh(case).state == CaseState.REFUSED.value
    with pytest.raises(Refusal):
        appeal(case=case, text=APPEAL, now=NOON + SECOND)


def test_a_question_and_a_proposal_are_taken_back_too() -> None:
    rui = reviewer()
    case = undo_decision(case=asked(rui), reviewer=rui, now=NOON + SECOND)
    assert (case.state, case.clock_stopped_on) == ("in_review", None)
    assert Notice.objects.get(case=case.pk, kind="more_info").state == "cancelled"
    ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=NOON + 2 * SECOND)
    big = operations.approve(case=taken(rui, customer(paid=(300_000,))), reviewer=rui, now=NOON)
    big = undo_decision(case=big, reviewer=rui, now=NOON + SECOND)
    assert big.state == CaseState.IN_REVIEW.value
    assert refused(rui, big, now=NOON + 2 * SECOND).state == CaseState.REFUSED.value


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


def test_undo_by_the_customer_stops_the_letter_of_the_approval() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    closing.withdraw(case=case, actor="customer", now=NOON + SECOND)
    assert Notice.objects.get(kind="approved").state == "cancelled"


def test_the_clock_has_a_colour_and_what_breaks_next_is_first() -> None:
    days = {"red": "2026-11-20", "due": "2026-11-23", "amber": "2026-11-25", "green": "2026-11-26"}
    made = {name: submitted(customer()) for name in days}
    for name, day in days.items():
        Case.objects.filter(pk=made[name].pk).update(decide_by=day)
    stopped = asked(reviewer())
    Case.objects.filter(pk=stopped.pk).update(decide_by="2026-11-20")
    now = datetime.fromisoformat("2026-11-23T04:00:00+00:00")  # a Monday
    expected = {Colour.RED: {"red", "due"}, Colour.AMBER: {"amber"}, Colour.GREEN: {"green"}}
    for colour, names in expected.items():
        found = queue(group=None, search="", now=now, filters=Filters(colour=colour))
        assert {row.number for row in found} == {made[name].number for name in names}
        assert {row.colour for row in found} == {colour}
    next_up = [row.number for row in breaches_next(now=now)]
    assert next_up == [made[name].number for name in ("red", "due", "amber")]
    rows = {row.number: row for row in queue(group=None, search="", now=now)}
    assert (rows[stopped.number].colour, rows[stopped.number].clock_stopped) == (None, True)


def test_a_last_day_that_turns_out_to_be_free_is_due_on_the_working_day_before_it() -> None:
    case = submitted(customer())
    Case.objects.filter(pk=case.pk).update(decide_by="2026-11-28")  # a Saturday
    friday = datetime.fromisoformat("2026-11-27T04:00:00+00:00")
    for now, colour in ((friday - DAY, Colour.AMBER), (friday, Colour.RED)):
        for filtered in Colour:
            found = queue(group=None, search="", now=now, filters=Filters(colour=filtered))
            assert [row.colour for row in found] == ([colour] if filtered is colour else [])
    assert due_by_now(now=friday) == ([], [case.number])


def test_the_queue_is_filtered() -> None:
    rui = reviewer()
    rich, mine = submitted(customer(paid=(300_000,))), taken(rui)
    foreign = submitted(customer(country="DE"))
    Case.objects.filter(pk=foreign.pk).update(language="zh-hans")
    old = submitted(customer(), now=NOON - 5 * DAY)
    everything = {rich.number, mine.number, foreign.number, old.number}
    for filters, expected in (
        (Filters(), everything),
        (Filters(least=1000), {rich.number}),
        (Filters(reviewer=rui.pk), {mine.number}),
        (Filters(unclaimed=True), everything - {mine.number}),
        (Filters(country="DE"), {foreign.number}),
        (Filters(language="zh-hans"), {foreign.number}),
        (Filters(older_than=3 * DAY), {old.number}),
        (Filters(marks=frozenset({Mark.APPEAL})), set()),
    ):
        found = queue(group=None, search="", now=NOON, filters=filters)
        assert {row.number for row in found} == expected, filters
        assert len(found) == len(expected)


def test_a_long_cooling_off_is_reminded_of_once_before_its_end() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    assert policies().for_country("CN").cooling_off.value == DAY
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=17)) == 0
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=18)) == 1
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=19)) == 0
    assert letter(case, "cooling_off_ends")
