"""Rule packs: validated once, each rule with its law, the operator's values within the law."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from signoff.kernel.errors import InvalidValue
from signoff.policies.explain import rule_at
from signoff.policies.limits import LIMITS
from signoff.policies.load import policies
from signoff.policies.model import Certainty, MoneyRules, Pack, Rules, Sourced
from signoff.policies.override import MoneyOverride, Override, PolicyError
from signoff.policies.sentences import SENTENCES


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_china_decides_within_fifteen_working_days_by_its_standard() -> None:
    rule = policies().for_country("CN").review_working_days
    assert rule.value == 15
    assert rule.law == "GB/T 35273-2020, 8.5"
    assert rule.certainty is Certainty.FOUND


@pytest.mark.parametrize(
    ("country", "pack"), [("DE", "EU"), ("fr", "EU"), ("GB", "UK"), ("us", "US"), ("JP", "JP")]
)
def test_a_country_finds_its_pack(country: str, pack: str) -> None:
    policy = policies().for_country(country)
    assert (policy.pack, policy.country) == (pack, country.upper())


def test_all_27_members_are_in_the_eu_pack() -> None:
    assert len(policies().of_pack("EU")) == 27


def test_an_unknown_country_is_named_with_those_that_are_known() -> None:
    with pytest.raises(InvalidValue, match=r"“BR”.*CN.*DE.*GB"):
        policies().for_country("BR")


def test_the_eu_fixes_the_words_of_the_buttons_from_its_day_on() -> None:
    policy = policies().for_country("DE")
    assert policy.button_on(date(2026, 6, 18)) is None
    button = policy.button_on(date(2026, 6, 19))
    assert button
    assert button.start.in_language("en").lower() == "withdraw from contract here"
    assert button.confirm.in_language("en").lower() == "confirm withdrawal"
    assert policies().for_country("CN").button_on(date(2030, 1, 1)) is None


def test_there_is_a_pack_for_each_of_five_laws() -> None:
    assert policies().packs == ("CN", "EU", "JP", "UK", "US")


@pytest.mark.parametrize("code", policies().packs)
def test_every_rule_names_its_law_in_both_languages_or_is_a_setting(code: str) -> None:
    policy = policies().of_pack(code)[0]
    rules: list[Sourced] = [rule_at(policy, place) for place in SENTENCES]
    rules += [*policy.keep.values(), *policy.duties]
    if policy.closing_button:
        rules.append(policy.closing_button)
    for rule in rules:
        assert rule.law or rule.certainty is Certainty.SETTING
        assert bool(rule.law) == bool(rule.law_zh), rule.law


def test_every_rule_of_a_pack_has_a_sentence_and_an_operators_value() -> None:
    plain = {"closing_button", "money", "keep", "duties", "name"}
    top, money = set(Rules.model_fields) - plain, set(MoneyRules.model_fields)
    assert top | {f"money.{name}" for name in money} == set(SENTENCES)
    assert set(Override.model_fields) - {"money", "keep"} == top
    assert set(MoneyOverride.model_fields) == money
    assert set(LIMITS) == set(SENTENCES) - {"registration"}


def test_what_the_law_fixes_is_in_the_packs() -> None:
    china, europe, america = (policies().for_country(c) for c in ("CN", "DE", "US"))
    assert europe.identity.value == ()
    assert europe.durable_receipt.value is True
    assert europe.port_after_days.value == 31
    assert china.evidence_days_after_decision.value == 0
    assert china.review_working_days.value == 15
    assert (america.number_rest_days.value, america.number_rest_days.is_law) == (45, True)


@pytest.mark.parametrize("country", policies().countries)
def test_nobody_is_asked_for_more_than_at_registration(country: str) -> None:
    policy = policies().for_country(country)
    assert set(policy.identity.value) <= set(policy.registration.value)
    assert list(policy.contradictions()) == []


def test_a_rule_that_claims_a_law_must_name_it() -> None:
    with pytest.raises(ValidationError, match="name its law"):
        Pack.model_validate(
            {
                "code": "XX",
                "name": {"en": "X", "zh-hans": "X"},
                "countries": ["XX"],
                "review_working_days": {"value": 5, "certainty": "found"},
                "cooling_off": {"value": "PT1H", "certainty": "setting"},
                "keep": {},
            }
        )


def test_the_narrower_section_wins(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        [all]
        cooling_off = "PT20S"
        [EU]
        cooling_off = "PT2H"
        [DE]
        cooling_off = "PT3H"
        """,
    )
    known = policies(file)
    assert known.for_country("CN").cooling_off.value == timedelta(seconds=20)
    assert known.for_country("FR").cooling_off.value == timedelta(hours=2)
    assert known.for_country("DE").cooling_off.value == timedelta(hours=3)


def test_better_for_the_customer_than_the_law_is_allowed(tmp_path: Path) -> None:
    file = written(tmp_path, "[CN]\nreview_working_days = 3\n[CN.keep.registration]\nmonths = 12\n")
    policy = policies(file).for_country("CN")
    assert policy.review_working_days.value == 3
    assert policy.review_working_days.law == "GB/T 35273-2020, 8.5"
    assert policy.keep["registration"].months == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[CN]\nreview_working_days = 16\n", r"GB/T 35273-2020, 8.5 allows 15 at most in CN"),
        ("[all]\nreview_working_days = 16\n", r"allows 15 at most"),
        ("[CN.keep.registration]\nmonths = 25\n", r"MIIT Order 25.* 24 months at most"),
        ("[CN.keep.location]\nmonths = 5\n", r"CN keeps no 'location'.*law"),
        ("[CN]\nreview_days = 5\n", r"\[CN\]: review_days: Extra inputs"),
        ("[CN]\nreview_working_days = 0\n", r"review_working_days: .*greater than or equal to 1"),
        ('[CN]\ncooling_off = "P20D"\n', r"cooling_off: .*P14D"),
        ('[CN]\ncooling_off = "-PT1H"\n', r"cooling_off: .*PT0S"),
        ('[CN]\ncooling_off = "a while"\n', r"\[CN\]: cooling_off:"),
        ("CN = 5\n", r"\[CN\]: the file:"),
        ("[BR]\nreview_working_days = 3\n", r"\[BR\]: no such country or pack; known: .*CN"),
        ("[CN\n", r"policy.toml is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_reason(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        policies(written(tmp_path, text))


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.toml cannot be read"):
        policies(tmp_path / "nowhere.toml")
    (tmp_path / "policy.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match=r"policy\.toml cannot be read"):
        policies(tmp_path / "policy.toml")


def test_a_new_category_is_kept_when_its_law_is_named(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[DE.keep.register]\nmonths = 12\nlaw = "TKG § 172"\n'
        'what = { en = "Who held the number", zh-hans = "号码使用人" }\n',
    )
    assert policies(file).for_country("DE").keep["register"].law == "TKG § 172"
    assert "register" not in policies(file).for_country("FR").keep


def test_the_sample_carriers_file_fits() -> None:
    policy = policies(Path("examples/boom/policy.toml")).for_country("CN")
    assert policy.cooling_off.value == timedelta(seconds=20)


def test_money_is_by_days_gifts_first_and_nothing_paid_for_is_lost() -> None:
    for country in policies().countries:
        money = policies().for_country(country).money
        assert money.proration.value == "days"
        assert money.spend_first.value == "promotional"
        assert money.expired_paid.value == "refund"
        assert money.ask_again_above.value == 0


def test_where_no_law_says_by_when_a_refund_is_out_the_pack_says_that_it_does_not_know() -> None:
    rule = policies().for_country("CN").money.refund_days
    assert (rule.value, rule.certainty) == (None, Certainty.SETTING)
    assert policies().for_country("DE").money.refund_days.value == 14


def test_an_operator_sets_the_money_rules(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '[all.money]\nspend_first = "paid"\n'
        '[CN.money]\nrefund_days = 7\nfour_eyes_above = { CNY = "99.50", usd = "15" }\n',
    )
    china, france = policies(file).for_country("CN").money, policies(file).for_country("FR").money
    assert china.spend_first.value == france.spend_first.value == "paid"
    assert china.refund_days.value == 7
    assert china.refund_days.set_by_operator
    assert china.four_eyes_above.value == {"CNY": Decimal("99.50"), "USD": Decimal(15)}
    assert france.four_eyes_above.pack_value is None
    assert not france.refund_days.set_by_operator


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[EU.money]\nrefund_days = 15\n", r"\[EU\] money.refund_days = 15: .*13\(1\).*14 at most"),
        ('[EU.money]\nrefund_days = "unknown"\n', r"14 at most in AT"),
        ('[EU.money]\nproration = "weeks"\n', r"money.proration: .*'days', 'period' or 'none'"),
        (
            '[EU.money]\nfour_eyes_above = { EUR = "-1" }\n',
            r"four_eyes_above.EUR: .*greater than or",
        ),
        (
            '[EU.money]\nfour_eyes_above = "250"\n',
            r"four_eyes_above: .*an amount for each currency",
        ),
        ('[EU.money]\nfour_eyes_above = { EURO = "250" }\n', r"“EURO” is not a currency"),
        ('[EU.money]\nask_again_above = "NaN"\n', r"money.ask_again_above: .*finite"),
        ("[EU.money]\ntip = 1\n", r"money.tip: Extra inputs"),
    ],
)
def test_money_rules_worse_than_the_law_or_absurd_are_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        policies(written(tmp_path, text))
