"""Rule packs: validated once, each rule with its law, the operator's values within the law."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from signoff.cli.policy import app, spoken
from signoff.kernel.errors import InvalidValue
from signoff.policies.load import policies
from signoff.policies.model import Certainty, Pack, Sourced
from signoff.policies.override import PolicyError
from signoff.policies.working_days import add_working_days, is_working_day


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_china_decides_within_fifteen_working_days_by_its_standard() -> None:
    rule = policies().for_country("CN").review_working_days
    assert rule.value == 15
    assert rule.law == "GB/T 35273-2020, 8.5"
    assert rule.certainty is Certainty.FOUND


@pytest.mark.parametrize(("country", "pack"), [("DE", "EU"), ("fr", "EU"), ("GB", "UK")])
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


def test_every_rule_names_its_law_or_says_that_it_is_a_setting() -> None:
    for country in policies().countries:
        policy = policies().for_country(country)
        rules: list[Sourced] = [policy.review_working_days, policy.cooling_off, *policy.duties]
        rules += list(policy.keep.values())
        for rule in rules:
            assert rule.law or rule.certainty is Certainty.SETTING


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


def test_golden_week_and_its_make_up_saturday_are_counted() -> None:
    # 2026: 1 to 7 October are free, Saturday the 10th is worked.
    assert add_working_days(date(2026, 9, 30), 3, "CN") == date(2026, 10, 10)
    assert add_working_days(date(2026, 9, 30), 3, "US") == date(2026, 10, 5)


@given(
    start=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    days=st.integers(1, 30),
    country=st.sampled_from(policies().countries),
)
def test_a_deadline_is_a_working_day_and_has_that_many_up_to_it(
    start: date, days: int, country: str
) -> None:
    end = add_working_days(start, days, country)
    assert is_working_day(end, country)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, country) for day in between) == days


def test_no_days_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 1, 1), 0, "CN")


@pytest.mark.parametrize("name", ["CN", "EU", "UK", "DE", "gb"])
def test_explain_tells_each_rule_with_its_law(name: str) -> None:
    result = CliRunner().invoke(app, ["explain", name])
    assert result.exit_code == 0
    assert "15 working days at most" in result.output
    assert "can be undone for 1 day" in result.output
    assert "no law found: a setting of the operator" in result.output
    assert "Not legal advice" in result.output


def test_explain_speaks_chinese_and_uses_the_operators_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[all]\ncooling_off = "PT90M"\n')
    result = CliRunner().invoke(
        app, ["explain", "CN", "--language", "zh-hans"], env={"SIGNOFF_POLICY_FILE": str(file)}
    )
    assert "中国" in result.output
    assert "1 hour 30 minutes" in result.output


def test_explain_says_what_it_knows_when_asked_for_what_it_does_not() -> None:
    result = CliRunner().invoke(app, ["explain", "BR"])
    assert result.exit_code == 1
    assert "Known: AT" in result.output


def test_no_time_is_spoken_too() -> None:
    assert spoken(timedelta(0)) == "0 seconds"


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
        '[CN.money]\nrefund_days = 7\nfour_eyes_above = "99.50"\n',
    )
    china, france = policies(file).for_country("CN").money, policies(file).for_country("FR").money
    assert china.spend_first.value == france.spend_first.value == "paid"
    assert china.refund_days.value == 7
    assert china.refund_days.set_by_operator
    assert china.four_eyes_above.value == Decimal("99.50")
    assert france.four_eyes_above.pack_value is None
    assert not france.refund_days.set_by_operator


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[EU.money]\nrefund_days = 15\n", r"\[EU\] money.refund_days = 15: .*13\(1\).*14 at most"),
        ('[EU.money]\nrefund_days = "unknown"\n', r"14 at most in AT"),
        ('[EU.money]\nproration = "weeks"\n', r"money.proration: .*'days', 'period' or 'none'"),
        ('[EU.money]\nfour_eyes_above = "-1"\n', r"money.four_eyes_above: .*greater than or equal"),
        ('[EU.money]\nask_again_above = "NaN"\n', r"money.ask_again_above: .*finite"),
        ("[EU.money]\ntip = 1\n", r"money.tip: Extra inputs"),
    ],
)
def test_money_rules_worse_than_the_law_or_absurd_are_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        policies(written(tmp_path, text))
