"""Numbers of documents. Pure.

What keeps false matches away: a misreading is undone only where the place allows one sign alone
(a digit), or where the printed check digit proves it. One number looking like another is no proof.
"""

import re
import unicodedata
from collections.abc import Sequence

from signoff.idcheck.comparison import Sameness
from signoff.idcheck.documents import cn_number
from signoff.idcheck.documents.check_digit import check_digit
from signoff.idcheck.documents.cn_number import CitizenNumber
from signoff.idcheck.misreadings import differences, may_be_misread

_SHORTEST = 6
"""Signs of a number that free text may be searched for."""


def plain(number: str) -> str:
    """Letters and digits only, in capitals: how people write a number is not its content."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def compare_citizen_number(read: CitizenNumber | None, registered: str) -> Sameness:
    """Of a Chinese card. A number whose check digit fails is never the same."""
    if not plain(registered):
        return Sameness.UNREGISTERED
    if read is None:
        return Sameness.UNREAD
    wanted = cn_number.parse(plain(registered))
    if wanted is None:
        return Sameness.OTHER_PAPER
    if wanted.text == read.text:
        return Sameness.SAME if read.holds else Sameness.NEARLY
    return _nearly_or_different(read.text, wanted.text, proven=read.holds)


def compare_document_number(read: str, printed_check: str, registered: str) -> Sameness:
    """Of machine-readable lines, where letters and digits may stand in one place.

    The registered number is taken for the one read if they are equal and the check digit fits; or
    if they differ by look-alikes only, the number as read breaks its check digit, and the
    registered one keeps it. So a G for a 6, which the check digit cannot tell apart, is not taken.
    """
    wanted, found = plain(registered), plain(read)
    if not wanted:
        return Sameness.UNREGISTERED
    if not found:
        return Sameness.UNREAD
    if cn_number.is_one(wanted):
        return Sameness.OTHER_PAPER
    read_holds = _holds(found, printed_check)
    if found == wanted:
        return Sameness.SAME if read_holds else Sameness.NEARLY
    if not read_holds and _look_alike(found, wanted) and _holds(wanted, printed_check):
        return Sameness.SAME
    return _nearly_or_different(found, wanted, proven=read_holds)


def find_number(rows: Sequence[str], registered: str) -> Sameness:
    """In free text without check digits: the same only if it stands there whole, sign for sign."""
    wanted = plain(registered)
    if not wanted:
        return Sameness.UNREGISTERED
    if len(wanted) < _SHORTEST:
        return Sameness.UNREAD
    tokens = tokens_of(rows)
    if wanted in tokens:
        return Sameness.SAME
    if any(_look_alike(token, wanted) for token in tokens):
        return Sameness.NEARLY
    return Sameness.UNREAD


def tokens_of(rows: Sequence[str]) -> set[str]:
    """Everything in free text that may be a number, or a part of one."""
    return {token for row in rows for token in _tokens(row)}


def _tokens(row: str) -> set[str]:
    """Words of the row, and neighbours of them joined: numbers are printed in groups."""
    words = [plain(word) for word in re.split(r"[^0-9A-Za-z-]+", row)]
    words = [word for word in words if word]
    return {
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + 5, len(words)) + 1)
    }


def _holds(number: str, printed_check: str) -> bool:
    return bool(printed_check) and check_digit(number.ljust(9, "<")) == printed_check


def _look_alike(one: str, other: str) -> bool:
    pairs = differences(one, other)
    return (
        pairs is not None and 0 < len(pairs) <= 3 and all(may_be_misread(*pair) for pair in pairs)
    )


def _nearly_or_different(read: str, wanted: str, *, proven: bool) -> Sameness:
    """`proven`: the number as read keeps its check digit, so that one slip is out of the question."""
    pairs = differences(read, wanted)
    if pairs is None:
        return (
            Sameness.DIFFERENT
            if proven
            else Sameness.NEARLY
            if _within(read, wanted)
            else Sameness.DIFFERENT
        )
    alike = all(may_be_misread(*pair) for pair in pairs)
    if alike and len(pairs) <= 3:
        return Sameness.NEARLY
    if not proven and len(pairs) <= 1:
        return Sameness.NEARLY
    return Sameness.DIFFERENT


def _within(read: str, wanted: str) -> bool:
    """A sign lost or added at one end."""
    shorter, longer = sorted((read, wanted), key=len)
    return len(longer) - len(shorter) == 1 and shorter in longer
