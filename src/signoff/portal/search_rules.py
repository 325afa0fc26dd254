"""Which page somebody means by what they type. Pure.

Case, width (１２ as 12), accents, spaces and punctuation do not matter; a long word may have a
typing error or two.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from signoff.kernel.mistyped import mistyped


@dataclass(frozen=True, slots=True)
class Place:
    """A page that can be found. `name` is its address's name in the portal."""

    name: str
    title: str
    about: str
    words: tuple[str, ...]


def plain(text: str) -> str:
    """`text` as it is compared: without case, width, accents, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _forgiven(word: str) -> int:
    """Typing errors that a word of this length may have."""
    return 0 if len(word) < 5 else 1 if len(word) < 8 else 2


@cache
def _plain_words(place: Place) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(word) for word in (*place.words, place.title)))


def _fit(typed: str, word: str) -> int:
    """How well `typed` fits `word`: 4 the same, 3 its beginning, 2 mistyped, 1 within it, 0 not."""
    if typed == word:
        return 4
    is_wide = not word.isascii()
    if len(typed) >= (1 if is_wide else 3) and word.startswith(typed):
        return 3
    limit = _forgiven(word)
    if limit and mistyped(typed, word, most=limit):
        return 2
    return 1 if len(word) >= (2 if is_wide else 4) and word in typed else 0


def find(query: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """The pages that `query` means, best first; among equals in the order of `places`."""
    typed = plain(query[:100])
    if not typed:
        return ()
    scored = [(max(_fit(typed, word) for word in _plain_words(place)), place) for place in places]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return tuple(place for _score, place in best)
