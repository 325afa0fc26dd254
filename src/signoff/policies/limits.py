"""Which of two values of a rule is worse for the customer, and how to say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limit:
    """allows: may the operator have `own` where the law has `law`? says: the limit in words."""

    allows: Callable[[Any, Any], bool]
    says: Callable[[Any], str]


def spelt(value: object) -> str:
    """As it stands in a file."""
    match value:
        case None:
            return '"unknown"'
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(value)}]"
        case dict():
            return ", ".join(f"{amount} {code}" for code, amount in value.items()) or "nothing"
        case _:
            return str(value)


AT_MOST = Limit(
    lambda own, law: own is not None and (law is None or own <= law),
    lambda law: f"allows {spelt(law)} at most",
)
"""A longer time or a higher threshold is worse; not to know it is worst."""

AT_LEAST = Limit(lambda own, law: own >= law, lambda law: f"asks for {spelt(law)} at least")

FIXED = Limit(lambda own, law: own == law, lambda law: f"says {spelt(law)} and nothing else")

NO_MORE_THAN = Limit(
    lambda own, law: set(own) <= set(law),
    lambda law: f"allows asking for {spelt(law) if law else 'nothing'} and no more",
)
"""Of a list: what the law does not name may not be asked for."""


AMOUNTS_AT_MOST = Limit(
    lambda own, law: all(code in law and own[code] <= law[code] for code in own),
    lambda law: f"allows {spelt(law)} at most, and nothing in another currency",
)
"""Of amounts by currency: one that is not named is held back whatever its amount."""


def best_first(values: Sequence[object]) -> Limit:
    """A closed list, the best for the customer first."""
    return Limit(
        lambda own, law: values.index(own) <= values.index(law),
        lambda law: f"says {spelt(law)}, or what is better for the customer",
    )


LIMITS: dict[str, Limit] = {
    "review_working_days": AT_MOST,
    "more_info_days": AT_LEAST,
    "more_info_stops_clock": best_first([False, True]),
    "appeal_days": AT_LEAST,
    "cooling_off": FIXED,
    "identity": NO_MORE_THAN,
    "password_again": best_first([False, True]),
    "evidence_days_after_decision": AT_MOST,
    "evidence_through_appeal": best_first([False, True]),
    "durable_receipt": best_first([True, False]),
    "number_rest_days": AT_LEAST,
    "port_after_days": AT_LEAST,
    "approval_four_eyes": best_first(["always", "large_refund", "never"]),
    "claim_minutes": AT_MOST,
    "money.proration": best_first(["none", "days", "period"]),
    "money.spend_first": best_first(["promotional", "paid"]),
    "money.expired_paid": best_first(["refund", "forfeit"]),
    "money.disputes": best_first(["go_on", "wait"]),
    "money.ask_again_above": AT_MOST,
    "money.four_eyes_above": AMOUNTS_AT_MOST,
    "money.smallest_transfer": AT_MOST,
    "money.free_exit_days": AT_LEAST,
    "money.refund_days": AT_MOST,
}
"""By the rule's place in a pack. What is not here is a fact of the operator, like `registration`:
what was asked for when a number was sold."""
