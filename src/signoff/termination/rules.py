"""The plan of a closing: which steps, in which order, and which cannot be taken back. Pure."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class StepKind(enum.Enum):
    """What a step does. The order here is the order of the closing."""

    CHECK_LINE = "check_line"
    LAST_TEXT = "last_text"
    STOP_SERVICE = "stop_service"
    FINAL_BILL = "final_bill"
    REFUND = "refund"
    WITHDRAW_PROFILE = "withdraw_profile"
    REMOVE_SUBSCRIBER = "remove_subscriber"
    ORDER_SERVICE_END = "order_service_end"
    SERVICE_ENDED = "service_ended"
    END_SIGN_INS = "end_sign_ins"
    CERTIFICATE = "certificate"
    LETTER_DONE = "letter_done"
    TEXT_DONE = "text_done"


MESSAGES = frozenset({StepKind.LAST_TEXT, StepKind.LETTER_DONE, StepKind.TEXT_DONE})
"""A person may let the closing go on without these: nothing else depends on them."""

CAN_BE_LEFT = MESSAGES | {StepKind.REFUND}
"""What a person may let the closing go on without: a refund is then the finance desk's."""

POINT_OF_NO_RETURN = StepKind.STOP_SERVICE
"""From here on the closing is only completed, never undone."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """`subject` is the id of what the step acts on: a line, a refund, a service; or empty."""

    kind: StepKind
    subject: str
    position: int

    @property
    def name(self) -> str:
        """Unique within the case."""
        return f"{self.kind.value}:{self.subject}" if self.subject else self.kind.value


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Ids of what the closing touches, each in its fixed order.

    The plan is made once, when the closing begins, and kept as receipts: a later run follows
    the same plan, whatever the closing itself has changed since.
    """

    lines: Sequence[int]
    refunds: Sequence[int]
    services: Sequence[int]
    has_contact_phone: bool


def plan(facts: PlanFacts) -> tuple[PlannedStep, ...]:
    """The steps of a closing, in order."""
    k = StepKind
    wanted: list[tuple[StepKind, str]] = [
        *((k.CHECK_LINE, str(line)) for line in facts.lines),
        *((k.LAST_TEXT, str(line)) for line in facts.lines),
        *((k.STOP_SERVICE, str(line)) for line in facts.lines),
        (k.FINAL_BILL, ""),
        *((k.REFUND, str(refund)) for refund in facts.refunds),
        *((k.WITHDRAW_PROFILE, str(line)) for line in facts.lines),
        *((k.REMOVE_SUBSCRIBER, str(line)) for line in facts.lines),
        *((k.ORDER_SERVICE_END, str(service)) for service in facts.services),
        *((k.SERVICE_ENDED, str(service)) for service in facts.services),
        (k.END_SIGN_INS, ""),
        (k.CERTIFICATE, ""),
        (k.LETTER_DONE, ""),
        *([(k.TEXT_DONE, "")] if facts.has_contact_phone else []),
    ]
    return tuple(PlannedStep(kind, subject, n) for n, (kind, subject) in enumerate(wanted))


MAX_TRIES = 40
"""With the delays below, about three days: after that a person is asked."""

PATIENCE = {StepKind.LAST_TEXT: 6, StepKind.TEXT_DONE: 12}
"""Tries after which the closing goes on without a message that nobody receives: a phone may be
switched off for weeks, and that must not keep a line alive. About two minutes, and two hours."""


def delay_after(tries: int) -> int:
    """Seconds to wait after the `tries`-th failed try: 2, 4, 8 … up to two hours."""
    return min(1 << min(tries, 13), 7200)
