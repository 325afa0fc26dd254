"""Answers that were lost, doubled or said out of turn: each effect at the carrier stays one."""

import pytest

from signoff.closing.rules import CaseState
from signoff.termination import operations as termination
from signoff.termination.rules import StepKind
from tests.peers.box import RunningBox
from tests.sagas.running import LATER, begun, happened_once, run_on, stuck
from tests.world import box_ports, reviewer

pytestmark = pytest.mark.django_db

LOST = [
    ("hlr", "look_up"),
    ("hlr", "stop_service"),
    ("hlr", "remove"),
    ("payments", "create_refund"),
    ("smdp", "*"),
    ("services", "*"),
    ("smsc", "submit_sm"),
    ("mail", "send"),
]


@pytest.mark.parametrize(("system", "operation"), LOST)
def test_a_lost_answer_does_nothing_twice(system: str, operation: str, box: RunningBox) -> None:
    who, case = begun(box)
    box.fault(system, "drop_after", operation, times=2)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value, stuck(case).trouble
    happened_once(who, box)


@pytest.mark.parametrize(("system", "operation"), LOST[:-1])
def test_two_answers_are_one(system: str, operation: str, box: RunningBox) -> None:
    who, case = begun(box)
    box.fault(system, "twice", operation)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value, stuck(case).trouble
    happened_once(who, box)


def test_a_mail_server_that_answers_out_of_turn_is_for_a_person(box: RunningBox) -> None:
    who, case = begun(box)
    box.fault("mail", "twice")
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).kind == StepKind.LETTER_DONE.value
    box.clear_faults()
    case = run_on(termination.retry(case=case, reviewer=reviewer(), now=LATER), box_ports(box))
    assert case.state == CaseState.CLOSED.value
    happened_once(who, box)
