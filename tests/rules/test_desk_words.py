"""What the record says at the desk: every event and every fact in the reader's words."""

import enum
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.utils import translation

import signoff
from signoff.accounts.models import Role
from signoff.audit.events import Event
from signoff.briefing.rules import Topic
from signoff.cli import import_
from signoff.closing.rules import CaseState
from signoff.desk import fact_words, words
from signoff.hotline.rules import Fact
from signoff.idcheck.verdicts import Verdict
from signoff.notice.models import Channel, NoticeState
from signoff.policies.values import Evidence
from signoff.review.disclosing import Hidden
from signoff.review.models import Outcome
from signoff.review.rules import Colour, Mark, MoreKind, QueueGroup, RefusalReason
from signoff.termination.models import ReceiptState
from signoff.termination.rules import StepKind


def test_every_event_has_words() -> None:
    assert [event for event in Event if event.value not in words.WORDS["event"]] == []


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("case", set(CaseState) - {CaseState.DRAFT}), ("notice_state", NoticeState),
        ("channel", Channel), ("decision", Outcome), ("refusal", RefusalReason),
        ("more", MoreKind), ("paper", Evidence), ("verdict", Verdict), ("mark", Mark),
        ("colour", Colour), ("group", QueueGroup), ("hidden", Hidden), ("step", StepKind),
        ("receipt", ReceiptState), ("role", Role), ("topic", Topic), ("fact", Fact),
    ],
)  # fmt: skip
def test_every_code_of_a_closed_list_has_words(kind: str, codes: Iterable[enum.Enum]) -> None:
    assert {code.value for code in codes} == set(words.WORDS[kind])


def test_every_program_that_writes_into_the_record_has_words() -> None:
    named = re.compile(r'(?:actor=|\b(?:ACTOR|ENGINE|CUSTOMER) = )"(\w+)"')
    source = [file.read_text() for file in Path(signoff.__file__).parent.rglob("*.py")]
    found = {actor for text in source for actor in named.findall(text)}
    assert "engine" in found
    assert found - set(words.WORDS["actor"]) == set()


def test_facts_are_told_with_amounts_times_and_codes_in_words() -> None:
    facts = {"refund": 7, "amount": 1000, "currency": "CNY", "from": "a", "to": "b"}
    assert fact_words.told(facts) == "refund 7 · CN¥10.00"
    assert fact_words.told({"seconds": 86400, "scope": "line"}) == "24 hours · One line"
    assert fact_words.told({"asked": "plan activated", "right": 2}) == (
        "asked plan and first month · right answers 2"
    )
    assert fact_words.told({"what": "passport", "words_commitment": "ab" * 32}) == (
        "Passport, the page with the photo · fingerprint abababababab…"
    )
    assert fact_words.told({"step": "last_text:4", "system": "smsc", "attempt": 2}) == (
        "step Last SMS to the line · system SMS centre · try 2"
    )
    with translation.override("zh-hans"):
        assert fact_words.told({"kind": "passport", "pages": 1}) == "护照（照片页） · 页数 1"


def test_an_import_is_told_in_words_and_only_what_changed() -> None:
    facts = {"as_of": "2026-03-31T23:00:00+08:00", "lines_created": 5, "lines_changed": 0}
    assert fact_words.told(facts) == "as of 31 March 2026 15:00 · lines created 5"
    with translation.override("zh-hans"):
        assert fact_words.told({"bill_items_removed": 2}) == "账单明细 移除 2"
    assert set(import_.KINDS) == set(fact_words.IMPORTED)


def test_counts_of_the_command_line_have_names_too() -> None:
    assert fact_words.told({"cases": 3, "numbers": 2}) == "cases 3 · numbers of papers 2"
    assert fact_words.told({"values": 4}) == "texts erased 4"


def test_what_nobody_has_named_is_shown_as_it_is_and_not_for_ever() -> None:
    assert fact_words.told({"colour": "mauve"}) == "colour mauve"
    assert fact_words.told({"rules": "f" * 64}) == "rules ffffffffffff…"
