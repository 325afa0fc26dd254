"""What a case was promised: the rules that held when a date of it was fixed. Pure.

An operator may change their file, and an upgrade may change a pack, while a case runs. What was
promised stays promised; only what is better for the customer takes its place.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

import rfc8785

from signoff.policies.limits import LIMITS
from signoff.policies.model import MoneyRules, Policy, Rule

PROMISES = frozenset(LIMITS) - {"claim_minutes", "approval_four_eyes", "money.four_eyes_above"}
"""Places in a pack that a customer can count on; the others are how the desk works among itself,
and hold for every case from the moment that they are changed."""


def written(policy: Policy) -> dict[str, Any]:
    """The rules with their values, their laws and how surely each is known, as plain JSON."""
    return policy.model_dump(mode="json", by_alias=True)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form (RFC 8785) of what `written` gave, in hexadecimal digits."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def read(content: Mapping[str, Any], today: Policy) -> Policy:
    """The rules that `written` wrote, perhaps years ago and by an older version.

    A rule that was not known then is today's; one that is no longer known is left out. Raises
    pydantic.ValidationError for a value that no version ever wrote.
    """
    now = written(today)
    known = {name: content[name] for name in Policy.model_fields if name in content}
    old_money = known.get("money", {})
    money = {name: old_money[name] for name in MoneyRules.model_fields if name in old_money}
    return Policy.model_validate({**now, **known, "money": {**now["money"], **money}})


def better_of(promised: Policy, today: Policy, places: Iterable[str]) -> Policy:
    """`promised`, where at each of `places` today's rule stands if it is as good or better.

    Better for the customer, by the same limits that hold an operator to the law. Of two that are
    as good, the promised one stays, with the law that was named.
    """
    for place in places:
        old, new = _at(promised, place), _at(today, place)
        if old.value != new.value and LIMITS[place].allows(new.value, old.value):
            promised = _with(promised, place, new)
    return promised


def _at(policy: Policy, place: str) -> Rule[Any]:
    found = reduce(getattr, place.split("."), policy)
    assert isinstance(found, Rule)  # noqa: S101 - LIMITS names rules only
    return found


def _with(policy: Policy, place: str, rule: Rule[Any]) -> Policy:
    section, _dot, name = place.rpartition(".")
    if not section:
        return policy.model_copy(update={name: rule})
    inner = getattr(policy, section).model_copy(update={name: rule})
    return policy.model_copy(update={section: inner})
