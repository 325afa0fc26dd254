"""Which of two values of a rule is worse for the customer, and how to say it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limit:
    """allows: may the operator have `own` where the law has `law`? says: the limit in words."""

    allows: Callable[[Any, Any], bool]
    says: Callable[[Any], str]


AT_MOST = Limit(
    lambda own, law: own is not None and (law is None or own <= law),
    lambda law: f"allows {law} at most",
)
"""A longer time or a higher threshold is worse; not to know it is worst."""

AT_LEAST = Limit(lambda own, law: own >= law, lambda law: f"asks for {law} at least")

FIXED = Limit(lambda own, law: own == law, lambda law: f"says {law!r} and nothing else")


def best_first(*values: object) -> Limit:
    """A closed list, the best for the customer first."""
    return Limit(
        lambda own, law: values.index(own) <= values.index(law),
        lambda law: f"says {law!r}, or what is better for the customer",
    )


LIMITS: dict[str, Limit] = {
    "review_working_days": AT_MOST,
    "money.proration": FIXED,
    "money.spend_first": best_first("promotional", "paid"),
    "money.expired_paid": best_first("refund", "forfeit"),
    "money.disputes": best_first("go_on", "wait"),
    "money.ask_again_above": AT_MOST,
    "money.four_eyes_above": AT_MOST,
    "money.smallest_transfer": AT_MOST,
    "money.refund_days": AT_MOST,
}
"""By the rule's place in a pack. A rule that is not here: the operator decides."""
