"""The states of a case and the ways between them. Pure: no clock, no database."""

import enum
from datetime import datetime, timedelta
from typing import Any

from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _


class CaseState(enum.Enum):
    """Where a case is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    MORE_INFO = "more_info"
    APPROVED = "approved"
    COOLING_OFF = "cooling_off"
    TO_CONFIRM = "to_confirm"
    CLOSING = "closing"
    NEEDS_ATTENTION = "needs_attention"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class CaseEvent(enum.Enum):
    """What can happen to a case."""

    SUBMIT = "submit"
    TAKE = "take"
    ASSIGN = "assign"
    RELEASE = "release"
    ASK_MORE = "ask_more"
    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    PROPOSE = "propose"
    APPROVE = "approve"
    REFUSE = "refuse"
    UNDO_DECISION = "undo_decision"
    APPEAL = "appeal"
    WAIT = "wait"
    ASK_AGAIN = "ask_again"
    CONFIRM = "confirm"
    START = "start"
    STOP_FOR_PERSON = "stop_for_person"
    RETRY = "retry"
    FINISH = "finish"
    WITHDRAW = "withdraw"


class Scope(enum.Enum):
    """What is closed: one line, or the account with all of its lines."""

    LINE = "line"
    ACCOUNT = "account"


class Reason(enum.Enum):
    """Why people leave. Never a condition: "no reason" is an answer."""

    PRICE = "price"
    COVERAGE = "coverage"
    MOVING = "moving"
    OTHER_CARRIER = "other_carrier"
    NOT_NEEDED = "not_needed"
    SERVICE = "service"
    OTHER = "other"
    NOT_SAID = "not_said"


UNDO_WITHIN = timedelta(seconds=60)
"""So long a reviewer can take a decision back; its letter waits until then."""

_S, _E = CaseState, CaseEvent

TRANSITIONS: dict[CaseState, dict[CaseEvent, CaseState]] = {
    _S.DRAFT: {_E.SUBMIT: _S.SUBMITTED, _E.WITHDRAW: _S.WITHDRAWN},
    _S.SUBMITTED: {
        _E.TAKE: _S.IN_REVIEW,
        _E.ASSIGN: _S.IN_REVIEW,
        _E.UNDO_DECISION: _S.IN_REVIEW,
        _E.WITHDRAW: _S.WITHDRAWN,
    },
    _S.IN_REVIEW: {
        _E.TAKE: _S.IN_REVIEW,
        _E.ASSIGN: _S.IN_REVIEW,
        _E.RELEASE: _S.SUBMITTED,
        _E.ASK_MORE: _S.MORE_INFO,
        _E.PROPOSE: _S.SUBMITTED,
        _E.APPROVE: _S.APPROVED,
        _E.REFUSE: _S.REFUSED,
        _E.WITHDRAW: _S.WITHDRAWN,
    },
    _S.MORE_INFO: {
        _E.ANSWER: _S.IN_REVIEW,
        _E.NO_ANSWER: _S.SUBMITTED,
        _E.UNDO_DECISION: _S.IN_REVIEW,
        _E.WITHDRAW: _S.WITHDRAWN,
    },
    _S.APPROVED: {_E.WAIT: _S.COOLING_OFF, _E.WITHDRAW: _S.WITHDRAWN},
    _S.COOLING_OFF: {
        _E.UNDO_DECISION: _S.IN_REVIEW,
        _E.START: _S.CLOSING,
        _E.ASK_AGAIN: _S.TO_CONFIRM,
        _E.WITHDRAW: _S.WITHDRAWN,
    },
    _S.TO_CONFIRM: {_E.CONFIRM: _S.COOLING_OFF, _E.WITHDRAW: _S.WITHDRAWN},
    _S.CLOSING: {_E.FINISH: _S.CLOSED, _E.STOP_FOR_PERSON: _S.NEEDS_ATTENTION},
    _S.NEEDS_ATTENTION: {_E.RETRY: _S.CLOSING},
    _S.CLOSED: {},
    _S.WITHDRAWN: {},
    _S.REFUSED: {_E.UNDO_DECISION: _S.IN_REVIEW, _E.APPEAL: _S.SUBMITTED},
}


def as_told(state: CaseState, told_from: datetime | None, now: datetime) -> CaseState:
    """The state as its customer may know it.

    told_from: a question of the desk is not told before. Its letter waits as long, and until then
    it can be taken back as if nobody had asked.
    """
    is_held = state is CaseState.MORE_INFO and told_from is not None and now < told_from
    return CaseState.IN_REVIEW if is_held else state


FINAL_STATES = frozenset({_S.CLOSED, _S.WITHDRAWN, _S.REFUSED})
"""Nothing is under way. Only a refusal can be looked at again: by an appeal, or taken back."""
OPEN_STATES = frozenset(CaseState) - FINAL_STATES
NO_ANSWERS: dict[str, Any] = dict.fromkeys(
    ("reason", "reason_text", "contact_name", "contact_email", "contact_phone"), ""
)
"""What is left of the answers of a draft that its customer throws away."""
UNDOABLE_STATES = frozenset(s for s, ways in TRANSITIONS.items() if _E.WITHDRAW in ways)
"""Before the point of no return."""


class NoSuchTransition(Refusal):
    """The case is in a state that does not allow this."""

    def __init__(self, state: CaseState, event: CaseEvent) -> None:
        self.state = state
        self.event = event
        super().__init__(
            "no_such_transition",
            _("This can no longer be done: the case has moved on. Look at its timeline."),
        )


def next_state(state: CaseState, event: CaseEvent) -> CaseState:
    """Where `event` leads from `state`. Raises NoSuchTransition."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise NoSuchTransition(state, event) from None
