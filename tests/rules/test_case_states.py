"""The states of a case: all can be reached, none is a trap, and the end is the end."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from signoff.closing.rules import (
    FINAL_STATES,
    OPEN_STATES,
    TRANSITIONS,
    UNDOABLE_STATES,
    CaseEvent,
    CaseState,
    NoSuchTransition,
    next_state,
)

S = CaseState
OPEN_IN_ORDER: list[CaseState] = sorted(OPEN_STATES, key=lambda s: s.value)
AFTER_NO_RETURN = {S.CLOSING, S.NEEDS_ATTENTION, S.CLOSED}


def reachable(start: CaseState) -> set[CaseState]:
    """Every state that some events lead to, `start` among them."""
    found, left = {start}, [start]
    while left:
        new = set(TRANSITIONS[left.pop()].values()) - found
        found |= new
        left += new
    return found


def starting_states(event: CaseEvent) -> frozenset[CaseState]:
    """The states from which `event` is possible."""
    return frozenset(state for state, ways in TRANSITIONS.items() if event in ways)


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(CaseState)
    assert reachable(S.DRAFT) == set(CaseState)


def test_every_event_happens_somewhere() -> None:
    assert all(starting_states(event) for event in CaseEvent)


def test_the_end_is_the_end() -> None:
    assert {S.CLOSED, S.WITHDRAWN, S.REFUSED} == FINAL_STATES
    assert all(reachable(state) == {state} for state in FINAL_STATES - {S.REFUSED})
    assert set(CaseState) == FINAL_STATES | OPEN_STATES
    assert not FINAL_STATES & OPEN_STATES


def test_a_refusal_is_looked_at_again_by_an_appeal_or_when_it_is_taken_back_and_not_otherwise() -> (
    None
):
    assert TRANSITIONS[S.REFUSED] == {
        CaseEvent.APPEAL: S.SUBMITTED,
        CaseEvent.UNDO_DECISION: S.IN_REVIEW,
    }


def test_what_is_decided_was_in_somebodys_hands() -> None:
    for event in (CaseEvent.APPROVE, CaseEvent.REFUSE, CaseEvent.ASK_MORE, CaseEvent.PROPOSE):
        assert starting_states(event) == {S.IN_REVIEW}


def test_a_decision_that_is_taken_back_is_in_review_again_and_never_after_no_return() -> None:
    back = starting_states(CaseEvent.UNDO_DECISION)
    assert back == {S.SUBMITTED, S.MORE_INFO, S.COOLING_OFF, S.REFUSED}
    assert {TRANSITIONS[state][CaseEvent.UNDO_DECISION] for state in back} == {S.IN_REVIEW}


def test_a_question_that_nobody_answers_never_ends_the_case() -> None:
    assert TRANSITIONS[S.MORE_INFO][CaseEvent.NO_ANSWER] in UNDOABLE_STATES
    ends = {e for e, to in TRANSITIONS[S.MORE_INFO].items() if to in FINAL_STATES}
    assert ends == {CaseEvent.WITHDRAW}


@pytest.mark.parametrize("state", OPEN_IN_ORDER)
def test_from_every_open_state_an_end_can_be_reached(state: CaseState) -> None:
    assert reachable(state) & FINAL_STATES


def test_undo_ends_where_the_closing_begins() -> None:
    assert OPEN_STATES - AFTER_NO_RETURN == UNDOABLE_STATES
    for state in AFTER_NO_RETURN:
        assert reachable(state) <= AFTER_NO_RETURN


def test_nothing_is_closed_without_an_approval() -> None:
    without = {
        state: {e: to for e, to in ways.items() if e is not CaseEvent.APPROVE}
        for state, ways in TRANSITIONS.items()
    }
    found, left = {S.DRAFT}, [S.DRAFT]
    while left:
        new = set(without[left.pop()].values()) - found
        found |= new
        left += new
    assert not found & (AFTER_NO_RETURN | {S.APPROVED, S.COOLING_OFF})


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("event", CaseEvent)
def test_what_is_not_in_the_table_is_refused_in_words(state: CaseState, event: CaseEvent) -> None:
    if event in TRANSITIONS[state]:
        assert next_state(state, event) is TRANSITIONS[state][event]
        assert state in starting_states(event)
    else:
        with pytest.raises(NoSuchTransition) as refused:
            next_state(state, event)
        assert (refused.value.state, refused.value.event) == (state, event)
        assert refused.value.code == "no_such_transition"


class Walk(RuleBasedStateMachine):
    """Somebody presses everything, in any order, for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.state = S.DRAFT
        self.past: list[CaseState] = []
        self.decided = False

    @rule(event=st.sampled_from(CaseEvent))
    def press(self, event: CaseEvent) -> None:
        """Whatever is refused changes nothing."""
        try:
            new = next_state(self.state, event)
        except NoSuchTransition:
            return
        self.decided |= event is CaseEvent.APPROVE
        self.past.append(self.state)
        self.state = new

    @precondition(lambda self: self.state not in FINAL_STATES)
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """From an open state there is always a way on."""
        event = data.draw(st.sampled_from(sorted(TRANSITIONS[self.state], key=lambda e: e.value)))
        self.press(event)

    @invariant()
    def no_way_back(self) -> None:
        """What has begun to close was approved, and is never undone."""
        if self.state in AFTER_NO_RETURN:
            assert self.decided
        if AFTER_NO_RETURN & set(self.past):
            assert self.state in AFTER_NO_RETURN
        assert not {S.CLOSED, S.WITHDRAWN} & set(self.past)


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestWalk = Walk.TestCase
