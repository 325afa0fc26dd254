"""Is the caller who they say, and is the call from us? Without a password or a code. Pure.

A secret that is told to a caller's agent is no secret any more, and teaches people to tell it.
What a plan is called, since when a line works and about how much was paid last is no secret: one
of them may be guessed or found, so two of three have to be right.

The words of a call are no secret of the customer's either: our agent says them, and the customer
compares them with their own page and presses a button there (docs/adr/0020-calls.md).
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from moneyed import Money

from signoff.kernel.money import exponent

ENOUGH = 2
"""Right answers, of three."""
VERIFIED_FOR = timedelta(minutes=30)
"""So long the agent may tell the caller of the case."""
TRIES = 3
"""Failures for an account within WITHIN; then nobody is verified for it by telephone."""
WITHIN = timedelta(days=1)

CALL_LASTS = timedelta(minutes=20)
"""So long a call counts that nobody has ended; from the customer's yes on, VERIFIED_FOR."""

CALL_SHOWN = timedelta(hours=1)
"""So long after its beginning an agent still sees what became of a call."""

ACTION = "deny_call"
LIMITS = {ACTION: "20/5m/ip,10/h/key"}
"""Of saying no with number and code, for each address and each case: as tries to look one up."""


class Direction(enum.Enum):
    """Who rang. It decides what the customer is warned of."""

    OURS = "ours"
    THEIRS = "theirs"


class Standing(enum.Enum):
    """Of a call. DENIED and OVER are for good."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Moments:
    """Of a call: until when it counts, and what has happened so far."""

    ends_at: datetime
    ended_at: datetime | None
    confirmed_at: datetime | None
    denied_at: datetime | None


def standing(call: Moments, now: datetime) -> Standing:
    """A no counts more than a yes that came before it."""
    if call.denied_at is not None:
        return Standing.DENIED
    if call.ended_at is not None or call.ends_at <= now:
        return Standing.OVER
    return Standing.WAITING if call.confirmed_at is None else Standing.CONFIRMED


class Fact(enum.Enum):
    """What a caller is asked for."""

    PLAN = "plan"
    ACTIVATED = "activated"
    LAST_PAYMENT = "last_payment"
    LINES = "lines"


_BOUNDS = (10, 30, 50, 100, 200)
"""Of the ranges of amounts, in a currency with two decimal places; a hundred times in one without."""
MANY = 4
"""So many lines, or more."""


@dataclass(frozen=True, slots=True)
class Known:
    """plans: of the lines. months: of their activation, like 2024-05. lines: of the account."""

    plans: frozenset[str]
    months: frozenset[str]
    last_payment: Money | None
    lines: int


@dataclass(frozen=True, slots=True)
class Range:
    """At least `low`, below `high`; None: however much."""

    code: str
    low: Money
    high: Money | None


def facts_asked(known: Known) -> tuple[Fact, Fact, Fact]:
    """Three: of who has never paid anything, the number of lines instead."""
    third = Fact.LINES if known.last_payment is None else Fact.LAST_PAYMENT
    return Fact.PLAN, Fact.ACTIVATED, third


def ranges(currency: str) -> tuple[Range, ...]:
    """Of amounts, the smallest first."""
    step = 1 if exponent(currency) else 100
    bounds = [Money(Decimal(step * bound), currency) for bound in (0, *_BOUNDS)]
    pairs = zip(bounds, [*bounds[1:], None], strict=True)
    return tuple(Range(str(place), low, high) for place, (low, high) in enumerate(pairs))


def right(known: Known, said: Mapping[Fact, str]) -> frozenset[Fact]:
    """The questions that were answered rightly; other facts than those asked do not count."""
    return frozenset(fact for fact in facts_asked(known) if _is_right(known, fact, said.get(fact)))


def _is_right(known: Known, fact: Fact, said: str | None) -> bool:
    if not said:
        return False
    match fact:
        case Fact.PLAN:
            return said in known.plans
        case Fact.ACTIVATED:
            return said in known.months
        case Fact.LAST_PAYMENT:
            return said == _range_of(known)
        case Fact.LINES:
            return said == str(min(known.lines, MANY))


def _range_of(known: Known) -> str:
    paid = known.last_payment
    if paid is None:
        return ""
    found = ranges(paid.currency.code)
    return next(r.code for r in found if r.low <= paid and (r.high is None or paid < r.high))


def passes(answers_right: int) -> bool:
    """Enough of them were right."""
    return answers_right >= ENOUGH
