"""A driving licence, read as free text: every country has its own form. Pure.

There is no check digit to rely on (but China prints the citizen's number on it). So nothing is
taken apart: it is asked whether what was registered stands on it, and the dates are collected.
European cards number their fields (Directive 2006/126/EC, annex I): 4b is the expiry.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signoff.idcheck.lines import Line, rows, upright

_DATE = r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})"
_EUROPEAN = r"(\d{2})\s*[-./]\s*(\d{2})\s*[-./]\s*(\d{4}|\d{2})(?!\d)"
_EXPIRY_LABEL = (
    r"(?:4\s*b\s*[.:]?|EXP(?:IRES|IRY)?(?:\s*DATE)?\s*[.:]?|至|有效期至|[-~—]\s*(?=\d{4}))\s*"
)
_EXPIRES = re.compile(f"{_EXPIRY_LABEL}(?:{_DATE}|{_EUROPEAN})", re.I)
_WORDS = re.compile(
    r"DRIV(?:ING|ER)|LICEN[CS]E|F[ÜU]HRERSCHEIN|PERMIS|驾驶证|机动车|運転免許", re.I
)


@dataclass(frozen=True, slots=True)
class Licence:
    """Rows of text from top to bottom, and the expiry if its label was found."""

    rows: tuple[str, ...]
    expires: date | None
    is_licence: bool
    sure: float


def parse(lines: Sequence[Line]) -> Licence:
    """Whichever way up it lies: the rows in which more of the expected words are found."""
    return max(
        (_licence(turned) for turned in upright(lines)),
        key=lambda each: (each.expires is not None, each.is_licence),
    )


def _licence(lines: Sequence[Line]) -> Licence:
    found = rows(lines)
    texts = tuple(unicodedata.normalize("NFKC", row.text) for row in found)
    expiries = [day for text in texts for day in _expiries(text)]
    return Licence(
        rows=texts,
        expires=max(expiries, default=None),
        is_licence=any(_WORDS.search(text) for text in texts),
        sure=min((row.confidence for row in found), default=0.0),
    )


def _expiries(text: str) -> list[date]:
    days = []
    for match in _EXPIRES.finditer(text):
        year, month, day, day_first, month_second, year_last = match.groups()
        try:
            if year:
                days.append(date(int(year), int(month), int(day)))
            else:
                whole = year_last if len(year_last) == 4 else f"20{year_last}"
                days.append(date(int(whole), int(month_second), int(day_first)))
        except ValueError:
            continue
    return days
