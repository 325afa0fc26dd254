"""Text can be read on any brand; amounts, dates and browsers are said in the reader's way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from moneyed import CNY, EUR, Money

from signoff.kernel.countries import Country
from signoff.kernel.errors import Refusal
from signoff.portal.browser_rules import named
from signoff.presentation import labels, wording
from signoff.presentation.colour import brand_css, contrast, text_on
from signoff.presentation.row_numbers import row_number

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_text_on_any_colour_has_the_contrast_of_wcag(colour: str) -> None:
    assert contrast(colour, text_on(colour)) >= 4.5


@given(colours)
def test_whatever_the_brand_links_can_be_read_in_light_and_in_dark(colour: str) -> None:
    light, dark = brand_css(colour).split("@media")
    for css, paper, wash in ((light, "#ffffff", "#f3f5f4"), (dark, "#111614", "#1a211e")):
        link = css.split("--brand-text:")[1][:7]
        button, text = css.split("--brand:")[1][:7], css.split("--on-brand:")[1][:7]
        assert contrast(link, paper) >= 4.5
        assert contrast(link, wash) >= 4.5
        assert contrast(button, paper) >= 3
        assert contrast(button, text) >= 4.5


def test_a_brand_that_is_readable_is_left_as_it_is() -> None:
    assert "--brand:#0b5c4b" in brand_css("#0b5c4b")


def test_contrast_agrees_with_the_examples_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [("en", "€1,234.50", "3 January 2026"), ("zh-hans", "€1,234.50", "2026年1月3日")],
)
def test_amounts_and_days_are_in_the_readers_format(language: str, amount: str, day: str) -> None:
    with translation.override(language):
        assert wording.money(Money("1234.50", EUR)) == amount
        assert wording.day(date(2026, 1, 3)) == day


def test_a_moment_is_told_by_the_clock_of_the_reader() -> None:
    late = datetime(2026, 1, 3, 23, 30, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"), translation.override("en"):
        assert wording.moment(late) == "4 January 2026 07:30"
        assert wording.day(late) == "4 January 2026"


def test_parameters_are_said_in_the_readers_format_too() -> None:
    with translation.override("en"):
        said = wording.say(
            "%(amount)s until %(day)s for %(names)s",
            {"amount": Money(5, EUR), "day": date(2026, 1, 3), "names": ("A", "B", "C")},
        )
    assert said == "€5.00 until 3 January 2026 for A, B and C"


def test_a_refusal_without_parameters_may_hold_a_percent_sign() -> None:
    assert wording.said(Refusal("x", "100% sure")) == "100% sure"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(seconds=20), ("20 seconds", "20秒")),
        (timedelta(minutes=90), ("90 minutes", "90分钟")),
        (timedelta(hours=24), ("24 hours", "24小时")),
        (timedelta(days=3), ("3 days", "3天")),
        (timedelta(seconds=-1), ("0 seconds", "0秒")),
    ],
)
def test_a_time_is_told_in_the_unit_that_suits(value: timedelta, words: tuple[str, str]) -> None:
    for language, told in zip(("en", "zh-hans"), words, strict=True):
        with translation.override(language):
            assert wording.duration(value) == told


@pytest.mark.parametrize(
    ("language", "amount", "names", "number"),
    [
        ("en", "CN¥86.40", "A, B and C", "1,234.5678"),
        ("zh-hans", "¥86.40", "A、B和C", "1,234.5678"),
    ],
)
def test_money_lists_and_numbers_are_in_the_readers_format(
    language: str, amount: str, names: str, number: str
) -> None:
    with translation.override(language):
        assert wording.money(Money("86.40", CNY)) == amount
        assert wording.listed(["A", "B", "C"]) == names
        assert wording.shown(Decimal("1234.5678")) == number


def test_every_state_has_words_and_a_tone() -> None:
    for kind, members in labels.WORDS.items():
        enum = type(next(iter(members)))
        for member in enum:
            assert labels.words(kind, member.value)
            assert labels.tone(kind, member.value) in {"plain", "now", "wait", "good", "bad"}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile MicroMessenger/8.0", "WeChat, Android"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_two_words(agent: str, name: str) -> None:
    assert named(agent) == name


@pytest.mark.parametrize(("language", "name"), [("en", "Switzerland"), ("zh-hans", "瑞士")])
def test_a_country_is_said_by_its_name(language: str, name: str) -> None:
    with translation.override(language):
        assert wording.say("In %(country)s.", {"country": Country("CH")}) == f"In {name}."
        assert wording.shown(Country("XX")) == "XX"


@given(st.integers(0, 10**18 - 1))
def test_the_number_of_a_row_comes_back_as_it_went(number: int) -> None:
    assert row_number(str(number)) == number


@given(st.text(max_size=8) | st.just("9" * 5000) | st.sampled_from(["-1", "1.0", "٣", "²", " 1"]))
def test_what_is_no_number_of_a_row_is_the_number_of_none(said: str) -> None:
    assert row_number(said) == (
        int(said) if said and set(said) <= set("0123456789") and len(said) < 19 else 0
    )
