"""Names reach the bank as the bank has them, or are refused while the customer can still act."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.kernel.errors import InvalidValue
from signoff.kernel.payee_names import bank_words, chinese_name, latin_text

SEPA = re.compile(r"[A-Za-z0-9/?:().,'+ -]+")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Jürgen Groß", "Jurgen Gross"),
        ("  Łukasz   Żółć ", "Lukasz Zolc"),
        ("Zoë O’Neill-Søndergård", "Zoe O'Neill-Sondergard"),
        ("Þórður Ægisson", "THordur AEgisson"),
        ("Şükrü Ağaoğlu", "Sukru Agaoglu"),
        ("Müller & Söhne – Köln", "Muller + Sohne - Koln"),
        ("Ｌｉ　Ｗｅｉ", "Li Wei"),
        ("Ame\u0301lie", "Amelie"),
        ("Li\u200b Wei\u202e", "Li Wei"),
    ],
)
def test_accents_are_dropped_and_nothing_else(typed: str, sent: str) -> None:
    assert latin_text(typed, "holder") == sent


def test_every_letter_of_the_latin_languages_of_europe_has_its_base() -> None:
    letters = [chr(n) for n in [*range(0xC0, 0x180), *range(0x218, 0x21C)] if chr(n).isalpha()]
    assert len(letters) > 180
    assert [letter for letter in letters if not SEPA.fullmatch(latin_text(letter, "x"))] == []


@pytest.mark.parametrize(
    ("typed", "sign"),
    [("李伟", "李"), ("Li 伟", "伟"), ("Γιώργος", "Γ"), ("Щербак", "Щ"), ("김철수", "김"),
     ("Li <Wei>", "<"), ("Li=Wei", "="), ("Li\x07Wei", "U+0007"), ("Li 🙂", "🙂")],
)  # fmt: skip
def test_the_spelling_of_another_script_is_not_guessed(typed: str, sign: str) -> None:
    with pytest.raises(InvalidValue, match="Latin letters") as refusal:
        latin_text(typed, "holder")
    assert refusal.value.params["sign"] == sign
    assert refusal.value.field == "holder"


def test_a_long_name_is_not_cut() -> None:
    assert latin_text("A" * 70, "holder") == "A" * 70
    with pytest.raises(InvalidValue, match="at most 70 characters; this has 71"):
        latin_text("A" * 71, "holder")
    with pytest.raises(InvalidValue, match="this has 72"):
        latin_text("A" * 70 + "ß", "holder")


@pytest.mark.parametrize("typed", ["", "   ", "...", "\u200b"])
@pytest.mark.parametrize("read", [latin_text, chinese_name])
def test_no_name_is_no_name(read: type, typed: str) -> None:
    with pytest.raises(InvalidValue, match="Write the name"):
        read(typed, "holder")


@given(st.text(max_size=90))
def test_whatever_passes_is_in_the_letters_of_every_bank(text: str) -> None:
    try:
        sent = latin_text(text, "holder")
    except InvalidValue:
        return
    assert SEPA.fullmatch(sent)
    assert len(sent) <= 70 and sent == sent.strip()
    assert latin_text(sent, "holder") == sent


@pytest.mark.parametrize(
    "name",
    [
        "李伟",
        "阿卜杜拉·买买提",
        "上海某某（集团）有限公司",
        "58同城",
        "𠮷野家",
        "LI WEI",
        "（香港）李",
    ],
)
def test_chinese_names_stay_as_they_are(name: str) -> None:
    assert chinese_name(name, "holder") == name


@pytest.mark.parametrize(
    "typed",
    ["=HYPERLINK(1)", "+86", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "李\t=1", "'=1", "李\n=1+1", "李\x00",
     "李\u202e伟", '李"伟', "·李", "|calc", "%李"],
)  # fmt: skip
def test_no_name_can_become_a_formula(typed: str) -> None:
    with pytest.raises(InvalidValue, match="cannot stand there"):
        chinese_name(typed, "holder")


@given(st.text(max_size=70))
def test_no_text_at_all_begins_a_formula_or_a_cell(text: str) -> None:
    try:
        sent = chinese_name(text, "holder")
    except InvalidValue:
        return
    assert sent[0].isalnum() or sent[0] in "(（"
    assert not re.search(r"[=+@|\"\x00-\x1f]", sent)
    assert len(sent) <= 60


def test_words_of_a_bank_are_kept_without_what_hides_or_turns() -> None:
    assert bank_words(" 账号\n有误\u202e\x00 ") == "账号 有误"
    assert len(bank_words("x" * 9000)) == 500
