"""What a passport's page says in print, above its machine-readable lines. Pure.

Every country lays it out in its own way (ICAO 9303-3 section 3 fixes only what has to be there). So
fields are not looked for by their labels: words, numbers, dates and signs for the sex are collected.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from signoff.idcheck.documents import mrz
from signoff.idcheck.lines import Line, rows, upright

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN ENE",
            "FEB FEV",
            "MAR MRZ MAC",
            "APR AVR ABR",
            "MAY MAI MAJ",
            "JUN JUIN",
            "JUL JUIL",
            "AUG AOU AGO",
            "SEP SET",
            "OCT OKT OUT OTT",
            "NOV",
            "DEC DIC DEZ",
        ),
        start=1,
    )
    for name in names.split()
}
"""As passports shorten them in the languages that are met most."""
_NUMBER = r"(\d{1,2})"
_PART = r"\s*[-./ 年月]?\s*"
_YEAR = r"(\d{4}|\d{2})(?!\d)"
_IN_DIGITS = re.compile(rf"(?<!\d){_NUMBER}{_PART}{_NUMBER}{_PART}{_YEAR}")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}}){_PART}{_NUMBER}{_PART}{_NUMBER}(?!\d)")
_IN_WORDS = re.compile(rf"(?<!\d){_NUMBER}\s*[-./]?\s*([^\d]{{3,16}}?)\s*[-./]?\s*{_YEAR}")
_NUMBERED_MONTH = re.compile(rf"(?<!\d)(\d{{2}})\s*{_NUMBER}\s*月\s*/?\s*[A-Z]{{3,4}}\s*{_YEAR}")
_SEX = re.compile(r"(?<![A-Z])([MF])(?![A-Z])|([男女])")


@dataclass(frozen=True, slots=True)
class Day:
    """As printed; of a year in two digits only those are known."""

    year: int
    month: int
    day: int

    def is_that_of(self, other: date) -> bool:
        """Whether it may be the same day."""
        year = other.year if self.year >= 100 else other.year % 100
        return (self.year, self.month, self.day) == (year, other.month, other.day)


@dataclass(frozen=True, slots=True)
class Page:
    """rows: the text above, both ways that it may lie. sexes: of `M` and `F`, those that stand alone."""

    rows: tuple[str, ...]
    days: frozenset[Day]
    sexes: frozenset[str]


def parse(lines: Sequence[Line]) -> Page:
    """Everything that is not a part of the machine-readable lines."""
    printed = [line for line in lines if not mrz.is_part(line.text)]
    texts = dict.fromkeys(_text(row.text) for turned in upright(printed) for row in rows(turned))
    return Page(
        rows=tuple(texts),
        days=frozenset(day for text in texts for day in _days(text)),
        sexes=frozenset(sex for text in texts for sex in _sexes(text)),
    )


def _text(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def _days(text: str) -> Iterator[Day]:
    for match in _YEAR_FIRST.finditer(text):
        yield from _day(match[1], match[2], match[3])
    for match in _IN_DIGITS.finditer(text):
        yield from _day(match[3], match[2], match[1])
    for match in _NUMBERED_MONTH.finditer(text):
        yield from _day(match[3], match[2], match[1])
    for match in _IN_WORDS.finditer(text):
        if month := _month(match[2]):
            yield from _day(match[3], month, match[1])


def _month(words: str) -> int | None:
    """Of one language or two, like `AUG/AOÛ`."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    found = (_MONTHS.get(word[:4]) or _MONTHS.get(word[:3]) for word in re.findall("[A-Z]+", plain))
    return next((month for month in found if month), None)


def _day(year: str, month: str | int, day: str) -> Iterator[Day]:
    found = Day(int(year), int(month), int(day))
    if 1 <= found.month <= 12 and 1 <= found.day <= 31:
        yield found


def _sexes(text: str) -> Iterator[str]:
    for match in _SEX.finditer(text):
        yield match[1] or {"男": "M", "女": "F"}[match[2]]
