"""The words on the pages, in the language of whoever looks for them."""

import gettext
from functools import cache

from tests.peers.demo import ROOT

LANGUAGES = ("en", "zh-hans")
_FOLDERS = {"zh-hans": "zh_Hans"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder = ROOT / "src" / "signoff" / "locale"
    return gettext.translation("django", folder, [_FOLDERS[language]])


def say(language: str, english: str) -> str:
    """What a page in this language says for the English words. They must have been translated."""
    found = _catalogue(language).gettext(english)
    assert language == "en" or found != english, f"not in the catalogue: {english}"
    return found


def say_count(language: str, one: str, many: str, number: int) -> str:
    """The same for words that go with a number: its placeholders are still in them."""
    found = _catalogue(language).ngettext(one, many, number)
    assert language == "en" or found not in (one, many), f"not in the catalogue: {one}"
    return found
