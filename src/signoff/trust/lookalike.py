"""Does one name look like another? Unicode's confusables (UTS 39), folding and edit distance."""

import json
import unicodedata
from functools import cache
from importlib import resources

from signoff.kernel.mistyped import mistyped

HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Unicode categories of characters that one does not see."""

_ASCII_TWINS = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "$": "s"})
_ASCII_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def hidden_in(text: str) -> bool:
    """Is there a character that one does not see: zero-width, direction marks, controls?"""
    return any(unicodedata.category(sign) in HIDDEN for sign in text)


def without_hidden(text: str) -> str:
    """`text` as an eye reads it."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in HIDDEN)


@cache
def _twins() -> dict[str, str]:
    """Characters outside ASCII that look like one of ASCII.

    The package's own module would keep a hundred times as much in memory for good.
    """
    file = resources.files("confusable_homoglyphs") / "confusables.json"
    found: dict[str, str] = {}
    for sign, twins in json.loads(file.read_text(encoding="utf-8")).items():
        plain = next((t["c"] for t in twins if t["c"].isascii() and t["c"].isalnum()), None)
        if len(sign) == 1 and not sign.isascii() and plain:
            found[sign] = plain.lower()
    return found


def skeleton(name: str) -> str:
    """What is left when everything that looks alike is written alike."""
    folded = unicodedata.normalize("NFKD", without_hidden(name)).casefold()
    plain = "".join(_twins().get(sign, sign) for sign in folded if not unicodedata.combining(sign))
    plain = plain.translate(_ASCII_TWINS)
    for pair, single in _ASCII_PAIRS:
        plain = plain.replace(pair, single)
    return plain


def scripts_in(label: str) -> frozenset[str]:
    """Names of the alphabets in `label`; Chinese, Japanese and Korean count as one."""
    scripts = {unicodedata.name(sign, "UNKNOWN").split()[0] for sign in label if sign.isalpha()}
    east = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"}
    return frozenset(scripts - east) | (frozenset({"CJK"}) if scripts & east else frozenset())


def nearly(one: str, other: str) -> bool:
    """A typing error apart: a letter changed, added, dropped or swapped with its neighbour.

    Two in a name of ten and more.
    """
    most = 2 if len(other) >= 10 else 1
    return one != other and mistyped(one, other, most=most)
