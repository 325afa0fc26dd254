"""A decision is taken back for a minute, and then stands."""

from datetime import timedelta

import pytest

from signoff.audit.verification import verify
from signoff.closing import operations as closing
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Conflict, Refusal
from signoff.notice.models import Notice
from signoff.review import operations, sweeps
from signoff.review.appeals import appeal
from signoff.review.models import Decision
from signoff.review.queries import case_view
from signoff.review.questions import ask_more
from signoff.review.rules import UNDO_WITHIN, MoreKind
from signoff.review.undo import undo_decision
from signoff.sagas.notices import deliver_notice
from signoff.settlement.models import Settlement
from signoff.termination.operations import take_hold
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.reviewing import APPEAL, ASKED, DAY, SECOND, asked, fresh, letter, refused, taken
from tests.world import NOON, customer, reviewer, submitted

pytestmark = pytest.mark.django_db


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


def test_undo_by_the_customer_stops_the_letter_of_the_approval() -> None:
    rui = reviewer()
    case = operations.approve(case=taken(rui), reviewer=rui, now=NOON)
    closing.withdraw(case=case, actor="customer", now=NOON + SECOND)
    assert Notice.objects.get(kind="approved").state == "cancelled"
