"""Who looks at a case and may decide: claims, and the two of four eyes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from signoff.accounts.models import Role
from signoff.closing import operations as closing
from signoff.closing.rules import CaseState
from signoff.config import policies
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice
from signoff.review import claims, operations, reminders
from signoff.review.appeals import appeal
from signoff.review.models import Claim, Decision
from signoff.review.queries import case_view, queue
from signoff.review.questions import ask_more
from signoff.review.rules import Mark, MoreKind
from tests.reviewing import APPEAL, ASKED, CLAIM, DAY, SECOND, fresh, letter, refused, taken
from tests.world import NOON, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db


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


def test_a_long_cooling_off_is_reminded_of_once_before_its_end() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    assert policies().for_country("CN").cooling_off.value == DAY
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=17)) == 0
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=18)) == 1
    assert reminders.remind_of_closings(now=NOON + timedelta(hours=19)) == 0
    assert letter(case, "cooling_off_ends")
