"""What states, reasons and kinds are called, and the tone of their tags.

A row keeps a state as text; the kind says which list it belongs to: `words("case", "closing")`.
Tones are those of `components.css`: plain, now (it moves by itself), wait (somebody has to act),
good, bad.
"""

from enum import Enum

from django.utils.translation import gettext_lazy as _

from signoff.accounts.models import LineState, ServiceState
from signoff.closing.rules import CaseState, Reason, Scope
from signoff.settlement.models import (
    BillState,
    BucketKind,
    DisputeReason,
    DisputeState,
    RefundState,
)

WORDS: dict[str, dict[Enum, object]] = {
    "case": {
        CaseState.DRAFT: _("Not sent yet"),
        CaseState.SUBMITTED: _("Sent"),
        CaseState.IN_REVIEW: _("Being checked"),
        CaseState.MORE_INFO: _("We need something from you"),
        CaseState.APPROVED: _("Approved"),
        CaseState.COOLING_OFF: _("Time to change your mind"),
        CaseState.TO_CONFIRM: _("Please look at the amount again"),
        CaseState.CLOSING: _("Closing now"),
        CaseState.NEEDS_ATTENTION: _("A person is looking into it"),
        CaseState.CLOSED: _("Closed"),
        CaseState.WITHDRAWN: _("Undone"),
        CaseState.REFUSED: _("Refused"),
    },
    "line": {
        LineState.ACTIVE: _("Working"),
        LineState.PAUSED: _("Paused"),
        LineState.CLOSING: _("Closing"),
        LineState.CLOSED: _("Closed"),
    },
    "service": {
        ServiceState.ACTIVE: _("Working"),
        ServiceState.ENDED: _("Ended"),
    },
    "bill": {
        BillState.UNPAID: _("Not paid"),
        BillState.PAID: _("Paid"),
    },
    "bucket": {
        BucketKind.PAID: _("Money you paid in"),
        BucketKind.PROMOTIONAL: _("Promotional credit"),
        BucketKind.DEPOSIT: _("Deposit"),
    },
    "refund": {
        RefundState.PLANNED: _("Planned"),
        RefundState.SENT: _("On its way"),
        RefundState.PAID: _("Paid back"),
        RefundState.FAILED: _("Did not arrive"),
    },
    "dispute": {
        DisputeState.OPEN: _("We are looking at it"),
        DisputeState.UPHELD: _("You were right"),
        DisputeState.REJECTED: _("It stays as it is"),
    },
    "dispute_reason": {
        DisputeReason.NOT_USED: _("I did not use this"),
        DisputeReason.NOT_ORDERED: _("I did not order this"),
        DisputeReason.WRONG_AMOUNT: _("The amount is wrong"),
        DisputeReason.TWICE: _("It is charged twice"),
        DisputeReason.OTHER: _("Something else"),
    },
    "scope": {
        Scope.LINE: _("One line"),
        Scope.ACCOUNT: _("The whole account"),
    },
    "reason": {
        Reason.PRICE: _("It costs too much"),
        Reason.COVERAGE: _("The network is not good where I am"),
        Reason.MOVING: _("I am moving away"),
        Reason.OTHER_CARRIER: _("I am going to another carrier"),
        Reason.NOT_NEEDED: _("I no longer need it"),
        Reason.SERVICE: _("I am not happy with the service"),
        Reason.OTHER: _("Something else"),
        Reason.NOT_SAID: _("I would rather not say"),
    },
}

_TONES: dict[str, dict[Enum, str]] = {
    "case": {
        CaseState.SUBMITTED: "now",
        CaseState.IN_REVIEW: "now",
        CaseState.MORE_INFO: "wait",
        CaseState.APPROVED: "now",
        CaseState.COOLING_OFF: "now",
        CaseState.TO_CONFIRM: "wait",
        CaseState.CLOSING: "now",
        CaseState.NEEDS_ATTENTION: "wait",
        CaseState.CLOSED: "good",
        CaseState.REFUSED: "bad",
    },
    "line": {
        LineState.ACTIVE: "good",
        LineState.PAUSED: "wait",
        LineState.CLOSING: "now",
    },
    "bill": {
        BillState.UNPAID: "wait",
        BillState.PAID: "good",
    },
    "dispute": {
        DisputeState.OPEN: "now",
        DisputeState.UPHELD: "good",
    },
    "refund": {
        RefundState.SENT: "now",
        RefundState.PAID: "good",
        RefundState.FAILED: "bad",
    },
}

_ENUMS: dict[str, type[Enum]] = {kind: type(next(iter(entries))) for kind, entries in WORDS.items()}


def words(kind: str, state: str | Enum) -> str:
    """What `state` is called, in the reader's language. Raises KeyError for an unknown kind."""
    return str(WORDS[kind][_member(kind, state)])


def tone(kind: str, state: str | Enum) -> str:
    """The tone of its tag. Raises KeyError for an unknown kind."""
    return _TONES.get(kind, {}).get(_member(kind, state), "plain")


def _member(kind: str, state: str | Enum) -> Enum:
    """Raises ValueError for a state that the kind does not know."""
    return _ENUMS[kind](state)
