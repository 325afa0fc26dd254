"""Why a closing may be refused, and how the desk sorts its work. Pure."""

import enum

from signoff.closing.rules import OPEN_STATES, CaseState

SHORTEST_REASON, LONGEST_REASON = 20, 1000
"""Characters of the words that the customer reads with a refusal."""

UNDECIDED = frozenset({CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.MORE_INFO})
"""States in which the clock of the review runs."""


class RefusalReason(enum.Enum):
    """Grounds that a reviewer may give. "We would like to keep you" is not among them."""

    NOT_THE_OWNER = "not_the_owner"
    CONTRACT_BOUND = "contract_bound"
    COURT_ORDER = "court_order"
    FRAUD_CHECK = "fraud_check"


class QueueGroup(enum.Enum):
    """A part of the queue, in the order in which a person should look at them."""

    ATTENTION = "attention"
    WAITING = "waiting"
    IN_REVIEW = "in-review"
    COOLING_OFF = "cooling-off"
    CLOSING = "closing"
    CLOSED = "closed"
    NOT_DONE = "not-done"


_S = CaseState

GROUPS: dict[QueueGroup, frozenset[CaseState]] = {
    QueueGroup.ATTENTION: frozenset({_S.NEEDS_ATTENTION}),
    QueueGroup.WAITING: frozenset({_S.SUBMITTED}),
    QueueGroup.IN_REVIEW: frozenset({_S.IN_REVIEW, _S.MORE_INFO}),
    QueueGroup.COOLING_OFF: frozenset({_S.APPROVED, _S.COOLING_OFF, _S.TO_CONFIRM}),
    QueueGroup.CLOSING: frozenset({_S.CLOSING}),
    QueueGroup.CLOSED: frozenset({_S.CLOSED}),
    QueueGroup.NOT_DONE: frozenset({_S.WITHDRAWN, _S.REFUSED}),
}
"""Every state but `draft`, each once."""

OPEN_GROUP = OPEN_STATES - {CaseState.DRAFT}
"""What the queue shows when nothing is chosen: all that is not over."""


def states_of(group: QueueGroup | None) -> frozenset[CaseState]:
    """The states that a part of the queue shows; None: all that is open."""
    return OPEN_GROUP if group is None else GROUPS[group]
