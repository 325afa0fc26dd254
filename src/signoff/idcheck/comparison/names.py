"""Names of people. Pure.

Order of the parts, diacritics, transliteration and the gaps between given names do not count:
MUELLER<<ANNA<MARIA is Anna-Maria Müller. Anything else that differs is at most nearly the same.
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from typing import TypeAlias

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.comparison.spelling import spellings
from signoff.idcheck.misreadings import as_letters, differences, may_be_misread

_HAN = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(rf"[{_HAN}]+(?:[·•・‧][{_HAN}]+)*")

_NEAR = 3
"""Rows on which the parts of one name may stand."""

Words: TypeAlias = tuple[frozenset[str], ...]


def is_han(name: str) -> bool:
    """Whether `name` is written with Chinese characters."""
    return re.search(rf"[{_HAN}]", name) is not None


def is_readable(name: str, signs: Container[str]) -> bool:
    """Whether an OCR that knows only `signs` can read `name`, as it is or in capitals.

    One that it does not know is left out by it, or taken for another one.
    """
    composed = unicodedata.normalize("NFKC", name)
    return all(sign in signs for sign in composed + composed.upper() if sign.isalpha())


def compare_names(read: str, registered: str, *, cut_short: bool = False) -> Sameness:
    """`read` from a document, with `<` or spaces between its parts, in any order.

    `cut_short`: the field of the document was full, so that its last part may be a beginning only.
    """
    if not registered.strip():
        return Sameness.UNREGISTERED
    if not read.strip("< "):
        return Sameness.UNREAD
    if is_han(read) or is_han(registered):
        if not (is_han(read) and is_han(registered)):
            return Sameness.OTHER_SCRIPT
        return _compare_han(_han(read), _han(registered))
    found, wanted = _words(as_letters(read)), _words(registered)
    if not found or not wanted or not all(found) or not all(wanted):
        return Sameness.OTHER_SCRIPT
    return _compare_words(found, wanted, cut_short=cut_short)


def find_name(rows: Sequence[str], registered: str) -> Sameness:
    """In free text: the same only if the name stands there whole.

    Parts of a name in letters may stand on neighbouring rows, as on European licences, with the
    mark of another field between them.
    """
    if not registered.strip():
        return Sameness.UNREGISTERED
    if is_han(registered):
        return _find_han(rows, _han(registered))
    wanted = _words(registered)
    if len(wanted) < 2 or not all(wanted):
        return Sameness.OTHER_SCRIPT if not all(wanted) else Sameness.UNREAD
    on_rows = [words for row in rows if (words := [word for word in _words(row) if word])]
    for place in range(len(on_rows)):
        near = tuple(word for row in on_rows[place : place + _NEAR] for word in row)
        if _assigned(wanted, near) == len(wanted):
            return Sameness.SAME
    return Sameness.UNREAD


def _han(name: str) -> str:
    return "".join(re.findall(rf"[{_HAN}]", unicodedata.normalize("NFKC", name)))


def _compare_han(read: str, registered: str) -> Sameness:
    if read == registered:
        return Sameness.SAME if len(read) > 1 else Sameness.NEARLY
    pairs = differences(read, registered)
    if pairs is not None and len(pairs) == 1 and may_be_misread(*pairs[0]):
        return Sameness.NEARLY
    return Sameness.DIFFERENT


def _find_han(rows: Sequence[str], registered: str) -> Sameness:
    runs = [_han(run) for row in rows for run in _HAN_RUN.findall(re.sub(r"\s+", " ", row))]
    labelled = [run.removeprefix("姓名") for run in runs]
    found = [_compare_han(run, registered) for run in labelled]
    return next((one for one in (Sameness.SAME, Sameness.NEARLY) if one in found), Sameness.UNREAD)


def _words(name: str) -> Words:
    """Each part of the name with its spellings."""
    parts = re.split(r"[\s<,.;:/()\-‐–·]+", unicodedata.normalize("NFKC", name))
    return tuple(spellings(part) for part in parts if part)


def _compare_words(found: Words, wanted: Words, *, cut_short: bool) -> Sameness:
    letters = min(sum(len(min(word)) for word in words) for words in (found, wanted))
    if letters < 4:
        return Sameness.NEARLY if _same_parts(found, wanted) else Sameness.DIFFERENT
    if _same_parts(found, wanted) or _same_but_for_gaps(found, wanted):
        return Sameness.SAME
    together = _assigned(wanted, found)
    if together == len(wanted) >= 2:
        return Sameness.MORE
    if together == len(found) >= 2:
        return Sameness.NEARLY
    if cut_short and _begins(found, wanted):
        return Sameness.NEARLY
    return _one_slip(found, wanted)


def _same_parts(found: Words, wanted: Words) -> bool:
    return len(found) == len(wanted) == _assigned(wanted, found)


def _assigned(wanted: Words, found: Sequence[frozenset[str]]) -> int:
    """How many of the wanted parts have one of their own among those found."""
    left = list(found)
    count = 0
    for word in wanted:
        partner = next((each for each in left if each & word), None)
        if partner is not None:
            left.remove(partner)
            count += 1
    return count


def _same_but_for_gaps(found: Words, wanted: Words) -> bool:
    """XIAOMING for Xiao Ming: parts of one are joined in the other, and only so.

    Li Anna and Lian Na have the same letters and are two people: no gap of one may fall inside a
    part of the other on both sides.
    """
    return any(_joins(turn, found) or _joins(found, turn) for turn in _turns(wanted))


def _turns(words: Words) -> Iterator[Words]:
    """The parts beginning with each in turn: the surname first or last."""
    for start in range(len(words)):
        yield words[start:] + words[:start]


def _joins(many: Words, few: Words) -> bool:
    """Whether each of `few` is one or more neighbours of `many`, in order, with none left over."""
    if not few:
        return not many
    return any(
        _joins(many[size:], few[1:])
        for size in range(1, len(many) - len(few) + 2)
        if _joined(many[:size]) & few[0]
    )


def _joined(words: Words) -> frozenset[str]:
    ways = frozenset({""})
    for word in words:
        ways = frozenset(start + end for start in sorted(ways)[:64] for end in word)
    return ways


def _begins(found: Words, wanted: Words) -> bool:
    """All parts found are there, but the last, which is a beginning."""
    *whole, last = found
    if _assigned(tuple(whole), wanted) != len(whole):
        return False
    return any(long.startswith(short) for word in wanted for long in word for short in last)


def _one_slip(found: Words, wanted: Words) -> Sameness:
    """Nearly, if one part differs by one sign and the others are there."""
    if len(found) != len(wanted) or _assigned(wanted, found) < len(wanted) - 1:
        return Sameness.DIFFERENT
    for word in wanted:
        for other in found:
            if any(_within_one(a, b) for a in word for b in other if min(len(a), len(b)) >= 4):
                rest = tuple(each for each in found if each is not other)
                left = tuple(each for each in wanted if each is not word)
                if _assigned(left, rest) == len(left):
                    return Sameness.NEARLY
    return Sameness.DIFFERENT


def _within_one(one: str, other: str) -> bool:
    """One sign changed, lost or added."""
    pairs = differences(one, other)
    if pairs is not None:
        return len(pairs) <= 1
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) != 1:
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
