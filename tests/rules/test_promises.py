"""What was promised stays, what is better takes its place, and old books can be read."""

import pytest
from hypothesis import given

from signoff.policies.explain import rule_at
from signoff.policies.limits import LIMITS
from signoff.policies.load import policies
from signoff.policies.model import Policy
from signoff.policies.override import PolicyError, overridden
from signoff.policies.promises import PROMISES, better_of, digest_of, read, written
from signoff.policies.sourced import Rule
from tests.own_values import COUNTRIES, OWN, own


def of(country: str) -> Policy:
    return policies().for_country(country)


def changed(policy: Policy, place: str, value: object) -> Policy | None:
    """None: the law does not let an operator have this value."""
    try:
        return overridden(policy, own(place, value), policy.country, pack=policy)
    except PolicyError:
        return None


@pytest.mark.parametrize("country", policies().countries)
def test_rules_that_were_written_down_are_read_as_they_were(country: str) -> None:
    policy = of(country)
    assert read(written(policy), of("CN")).model_dump() == policy.model_dump()
    assert policies().digest(country) == digest_of(written(policy))


@given(country=COUNTRIES, mine=OWN)
def test_a_book_has_another_digest_when_any_rule_is_another(
    country: str, mine: tuple[str, object]
) -> None:
    policy = of(country)
    other = changed(policy, *mine)
    if other is not None:
        assert digest_of(written(other)) != digest_of(written(policy))
        assert read(written(other), policy) == other


def test_a_book_of_an_older_version_says_nothing_of_rules_that_came_later() -> None:
    old = written(of("CN"))
    del old["evidence_through_appeal"], old["money"]["refund_days"]
    old["a_rule_that_is_gone"] = {"value": 1, "certainty": "setting"}
    old["review_working_days"]["value"] = 9
    policy = read(old, of("CN"))
    assert policy.review_working_days.value == 9
    assert policy.evidence_through_appeal == of("CN").evidence_through_appeal
    assert policy.money == of("CN").money


@given(country=COUNTRIES, before=OWN, after=OWN)
def test_nobody_gets_less_than_was_promised(
    country: str, before: tuple[str, object], after: tuple[str, object]
) -> None:
    promised, today = changed(of(country), *before), changed(of(country), *after)
    if promised is None or today is None:
        return
    best = better_of(promised, today, PROMISES)
    for place in PROMISES:
        had, has, gets = (_rule(p, place) for p in (promised, today, best))
        assert gets.value == had.value or LIMITS[place].allows(gets.value, had.value)
        if has.value != had.value and LIMITS[place].allows(has.value, had.value):
            assert gets == has
        else:
            assert gets == had


def _rule(policy: Policy, place: str) -> Rule[object]:
    found = rule_at(policy, place)
    assert isinstance(found, Rule)
    return found
