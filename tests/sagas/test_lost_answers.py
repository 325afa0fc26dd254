"""Answers that were lost, doubled or said out of turn: each effect at the carrier stays one."""

import pytest

from signoff.closing.rules import CaseState
from tests.peers.box import RunningBox
from tests.sagas.running import begun, happened_once, run_on, stuck
from tests.world import box_ports

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


def test_a_mail_server_that_says_yes_twice_has_the_letter_and_gets_it_once(
    box: RunningBox,
) -> None:
    """Its second yes stands where the answer to our farewell should be."""
    who, case = begun(box)
    box.fault("mail", "twice")
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    assert [row["arrivals"] for row in box.rows("letters").values()] == [1]
    happened_once(who, box)
