"""The rules in words: for an operator all of them, for a customer the one behind a date."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from typer.testing import CliRunner

from signoff.cli.policy import app, spoken
from signoff.policies.explain import not_published, reason_for, told
from signoff.policies.load import policies
from signoff.policies.model import Policy
from signoff.policies.sentences import SENTENCES, Sentence
from tests.own_values import OWN, written

PLACE = re.compile(r"%\((\w+)\)s")


def english(sentences: tuple[Sentence, ...]) -> list[str]:
    return [spoken(sentence, "en") for sentence in sentences]


def of(country: str, file: Path | None = None) -> Policy:
    return policies(file).for_country(country)


@given(own_value=OWN)
def test_every_value_has_a_sentence_with_its_places_filled(own_value: tuple[str, Any]) -> None:
    place, value = own_value
    sentence = SENTENCES[place](None if value == "unknown" else value)
    assert set(PLACE.findall(sentence.template)) == set(sentence.params)
    assert spoken(sentence, "en").endswith(".")


def test_a_closing_that_does_not_wait_is_not_said_to_be_undone_for_no_time() -> None:
    assert spoken(SENTENCES["cooling_off"](timedelta(0)), "en") == (
        "An approved closing begins at once, and cannot be undone."
    )


def test_one_day_is_not_called_days() -> None:
    assert spoken(SENTENCES["appeal_days"](1), "en").endswith("within 1 day.")
    assert spoken(SENTENCES["appeal_days"](2), "en").endswith("within 2 days.")


def test_a_date_is_explained_by_its_rule_and_the_law() -> None:
    assert english(reason_for(of("CN"), "review_working_days")) == [
        "A decision takes 15 working days at most.",
        "This is by GB/T 35273-2020, 8.5.",
    ]
    assert english(reason_for(of("CN"), "cooling_off")) == [
        "An approved closing can be undone for 24 hours.",
        "This is our own rule: no law that we know fixes it.",
    ]
    assert english(reason_for(of("CN"), "money.refund_days"))[0] == (
        "No law that we know says by when a refund must be sent."
    )
    assert english(reason_for(of("JP"), "keep.registration")) == [
        "The identity that the number was registered with: for 3 years.",
        "This is by Act on Preventing the Improper Use of Mobile Phones (2005), article 4: "
        "three years after the contract ends.",
    ]


def test_what_an_operator_does_better_is_said_to_be_their_own(tmp_path: Path) -> None:
    file = written(tmp_path, "[CN]\nreview_working_days = 5\n[EU]\nreview_working_days = 15\n")
    assert english(reason_for(of("CN", file), "review_working_days")) == [
        "A decision takes 5 working days at most.",
        "This is our own rule; GB/T 35273-2020, 8.5 asks for less than we do.",
    ]
    same = english(reason_for(of("DE", file), "review_working_days"))[1]
    assert (
        same
        == "This is by GDPR (EU) 2016/679, article 12(3): one month, and two more with reasons."
    )


def test_what_an_operator_keeps_for_a_shorter_time_is_not_said_to_be_by_the_law(
    tmp_path: Path,
) -> None:
    policy = of("CN", written(tmp_path, "[CN.keep.logs]\nmonths = 3\n"))
    law = "Cybersecurity Law, article 21: at least six months"
    assert english(reason_for(policy, "keep.logs")) == [
        "Logs of the systems: for 3 months.",
        f"This is our own rule, because of {law}.",
    ]
    (logs,) = (r for s in told(policy) for r in s.rules if r.place == "keep.logs")
    assert logs.why is not None
    assert spoken(logs.why, "en") == f"Your own value, within {law}."
    policy = of("CN", written(tmp_path, "[CN.keep.case]\nmonths = 3\n"))
    (case,) = (r for s in told(policy) for r in s.rules if r.place == "keep.case")
    assert case.why is not None
    assert spoken(case.why, "en") == "Your own value."


def test_a_setting_near_a_law_names_it() -> None:
    assert english(reason_for(of("DE"), "keep.bills"))[1] == (
        "This is our own rule, because of National tax and accounting law."
    )


def test_a_missing_calendar_is_named_in_the_reason() -> None:
    last = english(reason_for(of("CN"), "review_working_days", unpublished=(2027,)))[-1]
    assert last == (
        "The calendar of 2027 is not published yet, so every day of it was counted: "
        "the date can only be too early."
    )
    assert "2027 and 2028" in spoken(not_published((2027, 2028)), "en")


def test_the_law_is_cited_in_the_readers_language() -> None:
    why = reason_for(of("CN"), "keep.logs")[1]
    assert "《网络安全法》第二十一条" in spoken(why, "zh-hans")
    assert "Cybersecurity Law, article 21" in spoken(why, "en")


@pytest.mark.parametrize("what", ["keep.nothing", "duties", "name", "money", ""])
def test_what_is_no_rule_has_no_reason(what: str) -> None:
    with pytest.raises(KeyError):
        reason_for(of("CN"), what)


@pytest.mark.parametrize("country", policies().countries)
def test_all_rules_of_a_country_are_told_once(country: str) -> None:
    policy = of(country)
    places = [rule.place for section in told(policy) for rule in section.rules]
    named = [place for place in places if place != "duties"]
    assert len(named) == len(set(named))
    assert set(SENTENCES) | {f"keep.{category}" for category in policy.keep} <= set(named)
    assert ("closing_button" in named) == (policy.closing_button is not None)
    assert places.count("duties") == len(policy.duties)


# The command


def explained(*words: str, **environment: str) -> str:
    result = CliRunner().invoke(app, ["explain", *words], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", ["CN", "EU", "UK", "DE", "gb", "US", "JP"])
def test_explain_tells_each_rule_with_its_law(name: str) -> None:
    output = explained(name, "--language", "en")
    assert "15 working days at most" in output
    assert "can be undone for 24 hours" in output
    assert "Where nothing stands, we found no law" in output
    assert "not legal advice" in output
    settings = [line for line in output.splitlines() if line.startswith("  A case that a reviewer")]
    assert len(settings) == 1
    assert "%(" not in output


def test_explain_says_how_surely_a_rule_is_known() -> None:
    output = explained("EU", "--language", "en")
    assert "new article 11a of Directive 2011/83/EU; read in a public text." in output
    assert (
        "two more with reasons; from memory, not read again: check before you rely on it." in output
    )
    assert "From 19 June 2026 the buttons say “Withdraw from contract here”" in output
    assert "Whoever is signed in is not asked again who they are." in output


def test_explain_tells_countries_of_a_pack_apart_where_the_operator_does(tmp_path: Path) -> None:
    file = written(tmp_path, "[DE]\nreview_working_days = 7\n[FR]\nreview_working_days = 7\n")
    rest, both = explained("EU", "--language", "en", SIGNOFF_POLICY_FILE=str(file)).split(
        "European Union (DE, FR): the rules"
    )
    assert "European Union (AT, BE, BG, CY, CZ, DK," in rest
    assert "15 working days at most" in rest
    assert "7 working days at most" in both
    assert explained("EU", "--language", "en").count(": the rules") == 1


def test_explain_speaks_chinese_and_uses_the_operators_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[all]\ncooling_off = "PT90M"\n')
    output = explained("CN", LC_ALL="zh_CN.UTF-8", SIGNOFF_POLICY_FILE=str(file))
    assert "中国" in output
    assert "90分钟" in output
    assert "《个人信息保护法》第四十七条" in output


def test_explain_says_what_is_the_operators_own(tmp_path: Path) -> None:
    file = written(tmp_path, "[CN]\nreview_working_days = 5\nclaim_minutes = 10\n")
    output = explained("CN", "--file", str(file), "--language", "en")
    assert "5 working days at most.\n    Your own value, within GB/T 35273-2020, 8.5." in output
    assert "after 10 minutes.\n    Your own value." in output


def test_explain_says_what_it_knows_when_asked_for_what_it_does_not() -> None:
    result = CliRunner().invoke(app, ["explain", "BR"])
    assert result.exit_code == 1
    assert "Known: AT" in result.output


def test_a_language_that_there_is_not_is_refused_and_not_answered_in_english() -> None:
    assert CliRunner().invoke(app, ["explain", "CN", "--language", "klingon"]).exit_code == 2


def test_values_are_written_as_the_language_writes_them() -> None:
    values = {"day": date(2026, 6, 19), "time": timedelta(hours=24), "many": ("a", "b")}
    sentence = Sentence("%(day)s %(time)s %(many)s", values)
    assert spoken(sentence, "en") == "19 June 2026 24 hours a and b"
    assert spoken(sentence, "zh-hans") == "2026年6月19日 24小时 a和b"
