"""The Chinese catalogue is complete, compiled, and written as one writes Chinese."""

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Message
from bs4 import BeautifulSoup, Comment, Doctype
from django.contrib import auth
from django.utils.translation import gettext, override
from tools import catalogue

from signoff.notice.words import CaseWords, text

KEPT = catalogue.kept()
HAN = r"\u3400-\u9fff"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")
# Chinese needs no word of its own here.
WITHOUT_WORDS = {
    "IBAN",
    "RSS (Atom)",
    "JSON Feed",
    "eSIM %(iccid)s",
    "eSIM %(iccid)s, IMSI %(imsi)s",
    "%(amount)s by %(method)s",
    "%(name)s, %(at)s",
    "%(text)s.",
}
BOTH_AT_ONCE = {"500.html"}  # it cannot know the reader's language


def _all() -> list[Message]:
    return [message for message in KEPT if message.id]


def _pairs() -> Iterator[tuple[str, str]]:
    """English and Chinese; of a plural, the form for many."""
    for message in _all():
        if isinstance(message.id, str):
            yield message.id, str(message.string)
        else:
            yield message.id[1], "".join(message.string or ())  # Chinese has one form


def test_every_marked_text_is_in_the_catalogue_and_no_other() -> None:
    marked, known = set(catalogue.collected()._messages), set(KEPT._messages)
    assert marked - known == set(), "run: make messages"
    assert known - marked == set(), "run: make messages"


def test_texts_are_found_in_code_with_and_without_django_and_in_pages() -> None:
    files = {name for message in catalogue.collected() for name, _ in message.locations}
    for part in (
        "kernel",
        "eligibility",
        "termination",
        "trust",
        "notice",
        "desk",
        "cli",
        "intake",
    ):
        assert any(name.startswith(f"src/signoff/{part}/") for name in files), part
    assert any(name.endswith(".html") for name in files)


def test_what_is_said_anew_is_a_text_of_allauth_or_django() -> None:
    homes = (Path(allauth.__file__).parent, Path(auth.__file__).parent)
    files = [home / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po" for home in homes]
    known = {text for file in files for text in catalogue.kept(file)._messages}
    said_anew = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue.collected()
        if ("src/signoff/accounts/sign_in_words.py", 0) in message.locations
    }
    assert said_anew
    assert said_anew - known == set()


def test_nothing_waits_for_a_translator() -> None:
    assert [message.id for message in catalogue.waiting(KEPT)] == []


def test_the_files_are_as_the_tool_writes_them_so_that_a_change_is_small() -> None:
    assert catalogue.CHINESE.read_bytes() == catalogue.as_po(catalogue.kept())


def test_what_django_reads_is_what_the_translator_wrote() -> None:
    assert catalogue.CHINESE.with_suffix(".mo").read_bytes() == catalogue.as_mo(KEPT)
    with override("zh-hans"):
        assert gettext("Sign in") == "登录"


def test_places_and_tags_are_the_same_in_both_languages() -> None:
    for english, chinese in _pairs():
        assert sorted(set(PLACE.findall(english))) == sorted(set(PLACE.findall(chinese))), english


def test_texts_begin_and_end_with_a_letter_or_sign_and_not_with_a_blank() -> None:
    for both in _pairs():
        for one in both:
            assert one == one.strip(), one


def test_what_is_to_be_translated_is_english() -> None:
    for message in _all():
        assert not re.search(f"[{HAN}]", str(message.id)), message.id


def test_what_is_translated_is_chinese() -> None:
    for english, chinese in _pairs():
        assert re.search(f"[{HAN}]", chinese) or english in WITHOUT_WORDS, english


def test_chinese_is_written_with_its_own_signs_and_politely() -> None:
    for _, chinese in _pairs():
        words = PLACE.sub("1", chinese)
        assert not re.search(rf"[{HAN}][,;:!?()\"']|[,;!?()\"'][{HAN}]", words), chinese
        assert "..." not in words, chinese
        assert "你" not in words, chinese
        assert not re.search(r"[，。；：！？、] | [，。；：！？、）]", words), chinese


def test_a_space_stands_between_chinese_and_latin() -> None:
    for _, chinese in _pairs():
        words = re.sub(r"</?\w+[^>]*>", "", chinese)
        words = re.sub(r"%\(\w+\)[sd]|\{\w+\}", "", words)
        assert not re.search(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]", words), chinese


# What the glossary did not choose, unless it belongs to another word.
AVOIDED = re.compile("销户|案件|工单|反悔期|帐|双因素|登出|Email|(?<!登录)账号|(?<!国家|语言)代码")


def test_one_thing_has_one_name() -> None:
    assert [chinese for _, chinese in _pairs() if AVOIDED.search(chinese)] == []


@pytest.mark.parametrize("kind", ["last", "received", "done"])
def test_a_text_message_fits_two_parts_and_has_no_link(kind: str) -> None:
    words = CaseWords("SO-7K4M-92QD-X", "123456", "李伟", "+86 138 **** 8002", amount="¥150.00")
    said = text(kind, "zh-hans", words)
    assert len(said.encode("utf-16-be")) // 2 <= 2 * 67
    assert not re.search(r"https?:|www\.|/", said)


def _unmarked(path: Path) -> Iterator[str]:
    """Words of a template that no translator will see: in its text and its attributes."""
    source = path.read_text("utf-8")
    source = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", source, flags=re.S)
    source = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
    soup = BeautifulSoup(source, "html.parser")
    for node in soup.find_all(string=True):
        if not isinstance(node, Comment | Doctype) and node.parent.name not in {"code", "script"}:
            yield str(node)
    for tag in soup.find_all(True):
        yield from (
            str(tag.get(name, "")) for name in ("title", "alt", "aria-label", "placeholder")
        )


def test_no_page_says_anything_that_is_not_marked() -> None:
    pages = list(catalogue.PACKAGE.rglob("templates/**/*.html"))
    assert pages
    for path in pages:
        if path.name not in BOTH_AT_ONCE:
            left = [words for words in _unmarked(path) if re.search(r"[A-Za-z]{2,}", words)]
            assert left == [], path


def test_the_tool_says_when_a_word_is_missing_and_guesses_what_is_alike() -> None:
    found, known = catalogue.Kept(fuzzy=False), catalogue.Kept(locale="zh_Hans", fuzzy=False)
    known.add("Look at the bill", "查看账单", locations=[("a.py", 0)])
    known.add("Gone", "已不存在", locations=[("a.py", 0)])
    found.add("Look at the bills", locations=[("a.py", 0)])
    found.add("Quite new", locations=[("b.py", 0)])
    new = catalogue.updated(known, found)
    assert [message.id for message in catalogue.waiting(new)] == ["Look at the bills", "Quite new"]
    written = catalogue.as_po(new)
    assert "已不存在" not in written.decode()
    assert b"fuzzy" in written
    assert b"Date" not in written
    assert "查看账单".encode() not in catalogue.as_mo(new)
