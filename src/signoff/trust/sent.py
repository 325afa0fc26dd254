"""Did we send this very text? Compared word for word with what was sent to this one customer. Pure."""

import unicodedata
from collections.abc import Iterable

SHORTEST = 40
"""Characters, blanks not counted: less than a whole message of ours may stand in it by accident."""


def same_words(text: str) -> str:
    """What is left when only the way of breaking lines, and the width of signs, is different."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def place_of(pasted: str, sent: Iterable[str]) -> int | None:
    """Which of the texts was pasted, or a longer part of it; None: nothing of what was sent.

    Only what is in a text of ours counts: a forger may put our words into a longer one.
    """
    words = same_words(pasted)
    for place, text in enumerate(sent):
        ours = same_words(text)
        if words and (words == ours or (len(words) >= SHORTEST and words in ours)):
            return place
    return None
