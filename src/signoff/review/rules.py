"""What a reviewer may ask and why a closing may be refused; how the desk sorts its work. Pure."""

import enum
from collections.abc import Sequence
from datetime import date

from signoff.closing.rules import OPEN_STATES, UNDO_WITHIN, CaseState
from signoff.kernel.words import gettext_noop as _
from signoff.policies.sentences import EVIDENCE
from signoff.policies.values import Evidence
from signoff.policies.working_days import add_working_days, working_days_left

__all__ = ["UNDO_WITHIN"]

SHORTEST_REASON, LONGEST_REASON = 20, 1000
"""Characters of the words that the customer reads with a refusal."""
SHORTEST_QUESTION, LONGEST_QUESTION = 10, 1000
LONGEST_ANSWER = 1000
SHORTEST_APPEAL, LONGEST_APPEAL = 20, 1000

UNDECIDED = frozenset({CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.MORE_INFO})
"""States in which the clock of the review runs, or waits for the customer."""

SOON = 2
"""Working days that are left when the clock turns amber."""


class RefusalReason(enum.Enum):
    """Grounds that a reviewer may give. "We would like to keep you" is not among them."""

    NOT_THE_OWNER = "not_the_owner"
    CONTRACT_BOUND = "contract_bound"
    COURT_ORDER = "court_order"
    FRAUD_CHECK = "fraud_check"


REFUSAL_WORDS: dict[RefusalReason, str] = {
    RefusalReason.NOT_THE_OWNER: _("we cannot see that the line is yours"),
    RefusalReason.CONTRACT_BOUND: _("the line has a contract that still runs"),
    RefusalReason.COURT_ORDER: _("a court or an authority forbids it"),
    RefusalReason.FRAUD_CHECK: _("we have to rule out that somebody is using your name"),
}
"""As the customer reads them, within a sentence."""


class MoreKind(enum.Enum):
    """What a reviewer may ask for: a paper of `policies.values.Evidence`, or an answer."""

    ID_CARD_FRONT = "id_card_front"
    ID_CARD_BACK = "id_card_back"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    SELFIE = "selfie"
    CONTACT = "contact"
    OTHER = "other"


PAPERS: dict[MoreKind, Evidence] = {MoreKind(paper.value): paper for paper in Evidence}

MORE_WORDS: dict[MoreKind, str] = {
    **{kind: EVIDENCE[paper] for kind, paper in PAPERS.items()},
    MoreKind.CONTACT: _("how we can reach you"),
    MoreKind.OTHER: _("an answer to our question"),
}
"""As the customer reads them, in a list within a sentence."""


class Colour(enum.Enum):
    """Of the clock of a review."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Mark(enum.Enum):
    """Something that the queue points out."""

    SECOND_PERSON = "second_person"
    APPEAL = "appeal"
    NO_ANSWER = "no_answer"


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


def colour_of(days_left: int) -> Colour:
    """days_left: working days after today; red on the last day and after it."""
    if days_left <= 0:
        return Colour.RED
    return Colour.AMBER if days_left <= SOON else Colour.GREEN


def moved_on(decide_by: date, *, stopped_on: date, today: date, country: str) -> tuple[date, int]:
    """The last day after the clock stood still, and by how many working days it moved.

    As many working days are left as were when the clock stopped.
    """
    if today <= stopped_on:
        return decide_by, 0
    waited = working_days_left(stopped_on, today, country)
    return (add_working_days(decide_by, waited, country), waited) if waited else (decide_by, 0)


def needs_second_person(rule: str, *, is_large: bool) -> bool:
    """rule: `approval_four_eyes` of the rule pack. is_large: the refund is above its amount."""
    return rule == "always" or (rule == "large_refund" and is_large)


def not_allowed(what: Sequence[MoreKind], allowed: Sequence[str]) -> list[MoreKind]:
    """The papers among `what` that the rule pack does not let us ask for."""
    return [kind for kind in what if kind in PAPERS and kind.value not in allowed]
