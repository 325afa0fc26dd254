"""An operator's own values: settings are theirs, the law's limits are not, whatever the rule."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from signoff.policies.explain import rule_at
from signoff.policies.limits import LIMITS, spelt
from signoff.policies.load import policies
from signoff.policies.model import Policy, Rule
from signoff.policies.override import PolicyError, overridden
from signoff.policies.values import Evidence
from tests.own_values import COUNTRIES, OWN, VALUES, own, written


def rule(policy: Policy, place: str) -> Rule[Any]:
    found = rule_at(policy, place)
    assert isinstance(found, Rule)
    return found


@given(own_value=OWN, country=COUNTRIES)
def test_a_setting_takes_any_value_and_a_law_only_what_is_as_good(
    own_value: tuple[str, Any], country: str
) -> None:
    place, value = own_value
    policy = policies().for_country(country)
    before = rule(policy, place)
    known = None if value == "unknown" else value
    fits = not before.is_law or place not in LIMITS or LIMITS[place].allows(known, before.value)
    try:
        after = rule(overridden(policy, own(place, value), country, pack=policy), place)
    except PolicyError as error:
        assert not fits
        assert before.law in str(error)
        assert place in str(error)
    else:
        assert fits
        assert (after.value, after.pack_value, after.set_by_operator) == (known, before.value, True)
        assert (after.law, after.certainty) == (before.law, before.certainty)


@given(own_value=OWN, country=COUNTRIES)
def test_the_other_rules_stay_as_they_are(own_value: tuple[str, Any], country: str) -> None:
    place, value = own_value
    policy = policies().for_country(country)
    try:
        changed = overridden(policy, own(place, value), country, pack=policy)
    except PolicyError:
        return
    for other in set(VALUES) - {place}:
        assert rule(changed, other) == rule(policy, other)
    assert (changed.keep, changed.duties) == (policy.keep, policy.duties)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[DE]\nidentity = ["passport"]\nregistration = ["passport"]\n',
         r"\[DE\] identity = \[passport\]: .*11a.* asking for nothing and no more in DE"),
        ("[EU]\ndurable_receipt = false\n", r"durable_receipt = false: .*11a.*says true"),
        ("[FR]\nport_after_days = 7\n", r"port_after_days = 7: .*2018/1972.*31 at least in FR"),
        ("[CN]\nevidence_days_after_decision = 1\n", r"GB/T 35273-2020, 8.5 allows 0 at most"),
        ("[US]\nnumber_rest_days = 44\n", r"47 CFR 52.15.*asks for 45 at least .*in US"),
        ('[CN]\nidentity = ["driving_licence"]\n',
         r"CN: identity asks for driving_licence, which registration did not .*GB/T.*no more"),
        ('[GB]\nidentity = ["passport"]\n', r"GB: identity asks for passport, which registration"),
        ("[DE]\nnumber_rest_days = 20\n", r"DE: number_rest_days = 20: .*31 days"),
        ("[JP]\nport_after_days = 91\n", r"JP: number_rest_days = 90: .*91 days"),
        ('[GB]\nregistration = ["selfie", "selfie"]\n', r"registration: .*same evidence twice"),
        ('[GB]\nregistration = ["password"]\n', r"registration\.0: .*'selfie'"),
        ('[GB]\napproval_four_eyes = "sometimes"\n', r"approval_four_eyes: .*'always'"),
        ("[GB]\nclaim_minutes = 0\n", r"claim_minutes: .*greater than or equal to 1"),
        ("[GB]\nappeal_days = 1000\n", r"appeal_days: .*less than or equal to 365"),
        ("[GB]\nreview_working_days = true\n", r"review_working_days: .*valid integer"),
        ('[GB]\nmore_info_days = "7"\n', r"more_info_days: .*valid integer"),
        ("[GB]\ncooling_off = 24\n", r"cooling_off: .*with its unit, like PT24H"),
        ("[GB]\nclosing_button = 1\n", r"closing_button: Extra inputs"),
    ],
)  # fmt: skip
def test_what_is_worse_or_does_not_go_together_is_refused_with_law_and_limit(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        policies(written(tmp_path, text))


def test_what_registration_asked_for_may_be_asked_again_where_no_law_forbids_it(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, '[GB]\nidentity = ["passport"]\nregistration = ["passport"]\n')
    assert policies(file).for_country("GB").identity.value == (Evidence.PASSPORT,)


def test_a_narrower_section_may_be_looser_than_a_wider_one_within_the_law(tmp_path: Path) -> None:
    file = written(tmp_path, "[all]\nreview_working_days = 5\n[CN]\nreview_working_days = 10\n")
    china = policies(file).for_country("CN").review_working_days
    assert (china.value, china.pack_value) == (10, 15)
    worse = written(tmp_path, "[all]\nreview_working_days = 5\n[CN]\nreview_working_days = 16\n")
    with pytest.raises(PolicyError, match="allows 15 at most"):
        policies(worse)


def test_of_what_is_kept_a_narrower_section_goes_up_to_the_law_and_not_to_the_wider_one(
    tmp_path: Path,
) -> None:
    text = "[all.keep.bills]\nmonths = 12\n[CN.keep.bills]\nmonths = {}\n"
    bills = policies(written(tmp_path, text.format(24))).for_country("CN").keep["bills"]
    assert (bills.months, bills.set_by_operator) == (24, True)
    as_the_pack = policies(written(tmp_path, text.format(360))).for_country("CN").keep["bills"]
    assert as_the_pack == policies().for_country("CN").keep["bills"]
    with pytest.raises(PolicyError, match="lets you keep it 360 months at most in CN"):
        policies(written(tmp_path, text.format(361)))


def test_a_law_that_an_operator_names_is_not_one_that_we_have_read(tmp_path: Path) -> None:
    file = written(
        tmp_path, '[GB.keep.bills]\nmonths = 60\nlaw = "Limitation Act 1980, section 5"\n'
    )
    bills = policies(file).for_country("GB").keep["bills"]
    assert (bills.law, bills.is_law) == ("Limitation Act 1980, section 5", False)
    longer = written(tmp_path, '[GB.keep.bills]\nmonths = 73\nlaw = "Some act"\n')
    with pytest.raises(PolicyError, match=r"HMRC.* 72 months at most"):
        policies(longer)


def test_a_law_of_ones_own_is_told_in_both_languages(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[DE.keep.bills]\nmonths = 96\nlaw = "AO § 147"\nlaw_zh = "德国《税法通则》第147条"\n',
    )
    bills = policies(file).for_country("DE").keep["bills"]
    assert bills.months == 96
    assert bills.law_in("zh-hans") == "德国《税法通则》第147条"
    assert bills.law_in("en") == "AO § 147"


def test_values_are_spelt_as_in_the_file() -> None:
    spelt_values = [spelt(v) for v in (None, True, ("a", "b"), 5, Decimal("0.01"))]
    assert spelt_values == ['"unknown"', "true", "[a, b]", "5", "0.01"]
