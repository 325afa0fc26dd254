"""Two at the same instant: the database decides, and there is never a half of anything."""

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from signoff.accounts.models import Line, LineState
from signoff.audit.verification import verify
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import CaseState, Reason, Scope
from signoff.config import config
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.keys import load_or_create
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.review import sweeps
from signoff.review.models import Claim, Decision
from signoff.review.rules import UNDO_WITHIN, RefusalReason
from signoff.sagas.closing import close_case
from signoff.settlement.models import Refund, Settlement
from signoff.termination import operations as termination
from signoff.termination.models import Receipt
from signoff.termination.operations import LostHold
from tests.instant import InstantCarrier
from tests.racing import at_once
from tests.world import NOON, Customer, approved, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(days=3)
ROUNDS = 20


@pytest.fixture(autouse=True)
def signing_key() -> None:
    """As `signoff keys new` would make it."""
    load_or_create(config().signing_key_file)


def start(who: Customer, scope: Scope = Scope.LINE, lines: list[Line] | None = None) -> Case:
    """Presses “close”."""
    return closing.start_draft(
        account=who.account, lines=lines or who.lines, scope=scope, language="en", now=NOON
    )


def test_two_tabs_that_start_at_once_get_one_draft() -> None:
    for _ in range(ROUNDS):
        who = customer(services=0)
        one, two = at_once(partial(start, who), partial(start, who))
        assert one.pk == two.pk
        assert Case.objects.filter(account=who.account).count() == 1
        assert CaseLine.objects.filter(line=who.lines[0], is_open=True).count() == 1


def test_a_line_and_its_account_at_once_make_one_case() -> None:
    for _ in range(ROUNDS // 2):
        who = customer(lines=2, services=0)
        ends = at_once(partial(start, who, lines=who.lines[:1]), partial(start, who, Scope.ACCOUNT))
        assert sorted(type(end).__name__ for end in ends) == ["Case", "Refusal"]
        assert Case.objects.filter(account=who.account).count() == 1


def test_two_presses_of_confirm_submit_once() -> None:
    for _ in range(ROUNDS // 2):
        who = customer(services=0)
        case = start(who)
        closing.save_reason(case=case, reason=Reason.PRICE, text="")
        shown = cases.preview(who.account, who.lines, scope=Scope.LINE, now=NOON, case=case)

        def confirm(pk: Any = case.pk, digest: str = shown.settlement.digest) -> Case:
            return closing.submit(
                case=cases.case_by_id(pk), settlement_digest=digest, session_key="", now=NOON
            )

        ends = at_once(confirm, confirm)
        assert {end.state for end in ends} == {CaseState.SUBMITTED.value}
        assert Settlement.objects.filter(case=case.pk).count() == 1
        assert Refund.objects.filter(case=case.pk).count() == 2
        assert Notice.objects.filter(case=case.pk, channel="letter").count() == 1


def test_two_reviewers_take_at_once() -> None:
    for _ in range(ROUNDS // 2):
        case = submitted(customer(services=0))
        one, two = reviewer(), reviewer()
        seen = [cases.case_by_id(case.pk), cases.case_by_id(case.pk)]
        ends = at_once(
            partial(review.take, case=seen[0], reviewer=one, now=NOON),
            partial(review.take, case=seen[1], reviewer=two, now=NOON),
        )
        assert sorted(type(end).__name__ for end in ends) == ["Case", "Conflict"]
        assert Claim.objects.filter(case=case).count() == 1


def test_yes_and_no_at_once_is_one_decision() -> None:
    for _ in range(ROUNDS // 2):
        case = submitted(customer(services=0))
        one = reviewer()
        review.take(case=case, reviewer=one, now=NOON)
        seen = [cases.case_by_id(case.pk), cases.case_by_id(case.pk)]
        ends = at_once(
            partial(review.approve, case=seen[0], reviewer=one, now=NOON),
            partial(
                review.refuse,
                case=seen[1],
                reviewer=one,
                reason_code=RefusalReason.COURT_ORDER,
                text="A court has ordered us to keep it.",
                now=NOON,
            ),
        )
        assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
        decision = Decision.objects.get(case=case)
        now_is = cases.case_by_id(case.pk)
        yes = now_is.state == CaseState.COOLING_OFF.value
        assert decision.outcome == ("approved" if yes else "refused")
        sweeps.release_refused(now=NOON + UNDO_WITHIN)
        assert Settlement.objects.filter(case=case.pk).exists() is yes
        assert Notice.objects.filter(case=case.pk, kind__in=["approved", "refused"]).count() == 1


def test_undo_against_the_start_of_the_closing() -> None:
    undone = 0
    for _ in range(ROUNDS):
        who = customer(services=0)
        case = approved(who)
        seen = cases.case_by_id(case.pk)
        undo, begin = at_once(
            partial(closing.withdraw, case=seen, actor="customer", now=LATER),
            partial(termination.take_hold, case_id=case.pk, now=LATER),
        )
        state = CaseState(cases.case_by_id(case.pk).state)
        line = Line.objects.get(pk=who.lines[0].pk)
        settled = Settlement.objects.filter(case=case.pk).exists()
        planned = Receipt.objects.filter(case=case).exists()
        if state is CaseState.WITHDRAWN:
            undone += 1
            assert isinstance(undo, Case)
            assert begin is None or isinstance(begin, Conflict)
            assert (line.state, settled, planned) == (LineState.ACTIVE, False, False)
        else:
            assert state is CaseState.CLOSING
            assert isinstance(undo, Conflict)
            assert isinstance(begin, Case)
            assert (line.state, settled, planned) == (LineState.CLOSING, True, True)
        assert CaseLine.objects.get(case=case).is_open is (state is CaseState.CLOSING)
    assert verify().broken == ()


def test_a_run_that_finds_the_case_just_undone_ends_quietly() -> None:
    for _ in range(ROUNDS // 2):
        carrier = InstantCarrier()
        case = approved(customer(services=0))
        seen = cases.case_by_id(case.pk)
        _undo, run = at_once(
            partial(closing.withdraw, case=seen, actor="customer", now=LATER),
            partial(close_case, case.pk, ports=carrier.ports(), now=lambda: LATER),
        )
        assert run is None
        state = cases.case_by_id(case.pk).state
        assert state in {CaseState.WITHDRAWN.value, CaseState.CLOSED.value}
        assert bool(carrier.done) is (state == CaseState.CLOSED.value)


def test_two_runs_at_once_do_everything_once() -> None:
    for _ in range(ROUNDS // 4):
        carrier = InstantCarrier()
        case = approved(customer())

        def run(pk: Any = case.pk, carrier: InstantCarrier = carrier) -> None:
            close_case(pk, ports=carrier.ports(), now=lambda: LATER)

        assert at_once(run, run, run) == [None, None, None]
        if cases.case_by_id(case.pk).state == CaseState.CLOSING.value:
            run()  # each was overtaken by the next, and the last by nobody: it is asked for again
        assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value
        assert set(carrier.done.values()) == {1}


def test_an_overtaken_run_writes_nothing_more() -> None:
    """The first run stands inside a remote call while a second takes the case and ends it."""
    carrier, slow = InstantCarrier(), InstantCarrier()
    slow._known = carrier._known
    inside, go_on = threading.Event(), threading.Event()

    def stand(call: str) -> None:
        if call == "withdraw":
            inside.set()
            assert go_on.wait(20)

    slow.before = stand
    case = approved(customer())
    ended: list[BaseException | None] = []

    def first() -> None:
        try:
            close_case(case.pk, ports=slow.ports(), now=lambda: LATER)
            ended.append(None)
        except BaseException as raised:  # noqa: BLE001 - the test looks at it
            ended.append(raised)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first, daemon=True)
    thread.start()
    assert inside.wait(20)
    close_case(case.pk, ports=carrier.ports(), now=lambda: LATER)
    assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value
    before = list(Receipt.objects.filter(case=case).order_by("position").values())
    go_on.set()
    thread.join(20)
    assert ended == [None]
    assert list(Receipt.objects.filter(case=case).order_by("position").values()) == before
    assert set((carrier.done + slow.done).values()) == {1}


def test_who_was_overtaken_may_write_nothing() -> None:
    case = approved(customer())
    old = termination.take_hold(case_id=case.pk, now=LATER)
    assert old is not None
    new = termination.take_hold(case_id=case.pk, now=LATER)
    assert new is not None
    assert new.fence > old.fence
    receipt = Receipt.objects.filter(case=case).order_by("position")[0]
    with pytest.raises(LostHold):
        termination.intend(case=old, receipt=receipt, now=LATER)
    with pytest.raises(LostHold):
        termination.note_reference(case=old, receipt=receipt, reference="x")
    with pytest.raises(Conflict):
        termination.finish(case=old, now=LATER)
    assert Receipt.objects.get(pk=receipt.pk).state == "planned"
    assert cases.case_by_id(case.pk).state == CaseState.CLOSING.value
    termination.intend(case=new, receipt=receipt, now=LATER)
    assert Receipt.objects.get(pk=receipt.pk).state == "intended"


def test_a_refusal_names_the_other_case() -> None:
    who = customer(lines=2)
    first = start(who, lines=who.lines[:1])
    with pytest.raises(Refusal) as refused:
        start(who, Scope.ACCOUNT)
    assert refused.value.params["case"] == first.number
