"""The pages that can be found, and the words for each: those stand in `search_words.toml`."""

import tomllib
from collections.abc import Collection, Iterator
from importlib import resources
from typing import Any

from signoff.kernel.errors import SignoffError
from signoff.kernel.words import gettext_noop as _
from signoff.portal.search_rules import Place, plain

WORDS_FILE = "search_words.toml"


class SearchWordsError(SignoffError):
    """The file of words is not right; the text names each place and what is wrong there."""


_PAGES = (
    (
        "close",
        _("Close a line or the account"),
        _("See what it comes to first. Nothing ends until you have confirmed it."),
    ),
    (
        "home",
        _("Your lines and closings"),
        _("Numbers, plans, what is open and how far it is."),
    ),
    (
        "bills",
        _("Bills and balance"),
        _("What you paid, what is open, and what is left."),
    ),
    (
        "account",
        _("Account"),
        _("Your details, password, two-factor sign-in, and where you are signed in."),
    ),
    (
        "data",
        _("Download your data"),
        _("Bills, lines and closings as files that you can keep."),
    ),
    (
        "status",
        _("Look up a closing"),
        _("With case number and code, without signing in."),
    ),
    (
        "take_along",
        _("Take the number to another carrier"),
        _("What to do, without closing anything here."),
    ),
    (
        "remove_esim",
        _("Remove the eSIM from your phone"),
        _("Step by step, after a line is closed."),
    ),
    (
        "check",
        _("Is this really you?"),
        _("Paste a link, a number or a message, and see whether it is from us."),
    ),
    (
        "photos_of_a_case",
        _("Photos of papers"),
        _("Add, look at or remove a photo that a closing asks for."),
    ),
    (
        "appeal_of_a_case",
        _("Ask another person to decide"),
        _("When a closing was refused and you do not agree."),
    ),
    (
        "talk",
        _("Talk to a person"),
        _("Write to us about a closing or anything else, and read what we answered."),
    ),
    (
        "calling",
        _("Are we calling you right now?"),
        _("See whether it is really us on the telephone, and who."),
    ),
    (
        "official",
        _("Official channels"),
        _("The addresses and numbers that are really ours."),
    ),
)
"""Address's name in the portal, title, and what the page is for."""


def words_by_page(text: str, pages: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The words of each of `pages`, from TOML. Raises SearchWordsError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SearchWordsError(f"{WORDS_FILE} is not TOML: {error}") from None
    if faults := list(_faults(content, pages)):
        raise SearchWordsError("\n".join(f"{WORDS_FILE}: {fault}" for fault in faults))
    return {page: tuple(words) for page, words in content.items()}


def _faults(content: dict[str, Any], pages: Collection[str]) -> Iterator[str]:
    yield from (f"{page}: has no words" for page in pages if not content.get(page))
    for page, words in content.items():
        if page not in pages:
            yield f"{page}: no such page; known: {', '.join(pages)}"
        elif not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            yield f"{page}: write a list of words in quotes"
        else:
            compared = [plain(word) for word in words]
            for at, word in enumerate(words):
                if not compared[at]:
                    yield f"{page}: “{word}” has neither letter nor digit"
                elif compared[at] in compared[:at]:
                    yield f"{page}: “{word}” stands there twice"


def _places() -> tuple[Place, ...]:
    file = resources.files("signoff.portal") / WORDS_FILE
    words = words_by_page(file.read_text(encoding="utf-8"), [name for name, *_said in _PAGES])
    return tuple(Place(name, title, about, words[name]) for name, title, about in _PAGES)


PLACES = _places()
"""In the order in which they are listed. A wrong file is said when the module is read."""
