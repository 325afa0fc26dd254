"""The plan of a closing is in the right order, and patience has its bounds."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.termination.rules import (
    MAX_TRIES,
    MESSAGES,
    PATIENCE,
    POINT_OF_NO_RETURN,
    PlanFacts,
    StepKind,
    delay_after,
    plan,
)

K = StepKind
REMOTE = {
    K.CHECK_LINE,
    K.LAST_TEXT,
    K.STOP_SERVICE,
    K.REFUND,
    K.WITHDRAW_PROFILE,
    K.REMOVE_SUBSCRIBER,
    K.ORDER_SERVICE_END,
    K.SERVICE_ENDED,
}
IDS = st.lists(st.integers(1, 10**6), max_size=4, unique=True)
FACTS = st.builds(
    PlanFacts, lines=IDS.filter(bool), refunds=IDS, services=IDS, has_contact_phone=st.booleans()
)


def places(facts: PlanFacts, kind: StepKind) -> list[int]:
    """Where steps of this kind stand."""
    return [step.position for step in plan(facts) if step.kind is kind]


@given(FACTS)
def test_each_thing_is_touched_once_by_each_of_its_steps(facts: PlanFacts) -> None:
    steps = plan(facts)
    assert [step.position for step in steps] == list(range(len(steps)))
    assert len({step.name for step in steps}) == len(steps)
    lines = [str(n) for n in facts.lines]
    for kind in (
        K.CHECK_LINE,
        K.LAST_TEXT,
        K.STOP_SERVICE,
        K.WITHDRAW_PROFILE,
        K.REMOVE_SUBSCRIBER,
    ):
        assert [s.subject for s in steps if s.kind is kind] == lines
    assert [s.subject for s in steps if s.kind is K.REFUND] == [str(n) for n in facts.refunds]
    services = [str(n) for n in facts.services]
    for kind in (K.ORDER_SERVICE_END, K.SERVICE_ENDED):
        assert [s.subject for s in steps if s.kind is kind] == services
    for kind in (K.FINAL_BILL, K.END_SIGN_INS, K.CERTIFICATE, K.LETTER_DONE):
        assert len(places(facts, kind)) == 1
    assert len(places(facts, K.TEXT_DONE)) == facts.has_contact_phone


@given(FACTS)
def test_the_order_is_the_one_that_the_networks_need(facts: PlanFacts) -> None:
    kinds = [step.kind for step in plan(facts)]
    assert max(places(facts, K.CHECK_LINE)) < min(places(facts, K.LAST_TEXT))
    assert max(places(facts, K.LAST_TEXT)) < min(places(facts, K.STOP_SERVICE))
    assert max(places(facts, K.STOP_SERVICE)) < min(places(facts, K.REMOVE_SUBSCRIBER))
    assert max(places(facts, K.WITHDRAW_PROFILE)) < min(places(facts, K.REMOVE_SUBSCRIBER))
    assert all(kinds.index(K.FINAL_BILL) < place for place in places(facts, K.REFUND))
    if facts.services:  # all are ordered before any is waited for
        assert max(places(facts, K.ORDER_SERVICE_END)) < min(places(facts, K.SERVICE_ENDED))
    certificate = kinds.index(K.CERTIFICATE)
    assert all(i < certificate for i, kind in enumerate(kinds) if kind in REMOTE)
    assert set(kinds[certificate + 1 :]) <= MESSAGES
    assert kinds[certificate + 1] is K.LETTER_DONE


@given(FACTS)
def test_the_plan_follows_the_order_of_the_kinds(facts: PlanFacts) -> None:
    groups = [kind for kind, _ in groupby(step.kind for step in plan(facts))]
    assert groups == [kind for kind in StepKind if kind in groups]


@given(FACTS)
def test_before_the_point_of_no_return_nothing_is_changed(facts: PlanFacts) -> None:
    kinds = [step.kind for step in plan(facts)]
    first = kinds.index(POINT_OF_NO_RETURN)
    assert set(kinds[:first]) <= {K.CHECK_LINE, K.LAST_TEXT}


@given(st.integers(1, 10**6))
def test_waiting_grows_and_has_a_bound(tries: int) -> None:
    assert 2 <= delay_after(tries) <= delay_after(tries + 1) <= 7200


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (5, 32), (12, 4096), (13, 7200)])
def test_waiting_doubles(tries: int, seconds: int) -> None:
    assert delay_after(tries) == seconds


def test_a_person_is_asked_after_about_three_days() -> None:
    days = sum(delay_after(n) for n in range(1, MAX_TRIES)) / 86400
    assert 2 <= days <= 4


def test_only_messages_are_given_up_and_soon() -> None:
    assert set(PATIENCE) <= MESSAGES
    waited = {k: sum(delay_after(n) for n in range(1, tries)) for k, tries in PATIENCE.items()}
    assert waited[K.LAST_TEXT] <= 180
    assert waited[K.TEXT_DONE] <= 3 * 3600
    assert all(tries < MAX_TRIES for tries in PATIENCE.values())
