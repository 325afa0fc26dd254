"""Machine-readable lines of passports and cards (ICAO 9303-4, -5, -6: TD3, TD1, TD2). Pure.

A general OCR reads letters and digits well and the filler `<` badly: it takes it for another
angle, and loses count in a long run. So the lines are not cut at fixed places: what is between
the fillers is found by its form and by its check digits, and runs of fillers are made whole.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeAlias

from signoff.idcheck.documents.check_digit import check_digit
from signoff.idcheck.documents.machine_readable import Checks, MachineReadable
from signoff.idcheck.lines import Line, rows, upright
from signoff.idcheck.misreadings import as_digits, as_letters

_D = "[0-9OQDILZSBG]"
_DATES = (
    rf"(?P<birth>(?:{_D}|<){{6}})(?P<birth_check>{_D})(?P<sex>[MFX<])"
    rf"(?P<expiry>{_D}{{6}})(?P<expiry_check>{_D})"
)
_LOWER = {
    length: re.compile(
        rf"(?P<number>[A-Z0-9][A-Z0-9<]{{{length - 1}}})(?P<check>{_D}|<)"
        rf"(?P<country>[A-Z0-9]{{3}}|D<{{0,2}}){_DATES}(?P<rest>[A-Z0-9<]*)"
    )
    for length in range(6, 11)
}
"""Of TD3 and TD2, by the signs that the number takes."""
_TD1_NUMBER = re.compile(
    r"[ACI][A-Z0-9<](?P<country>[A-Z0-9]{3}|D<{0,2})(?P<number>[A-Z0-9][A-Z0-9<]{8})"
    rf"(?P<check>{_D}|<)(?P<rest>[A-Z0-9<]*)"
)
_TD1_DATES = re.compile(rf"{_DATES}(?P<country>[A-Z0-9]{{3}}|D<{{0,2}})(?P<rest>[A-Z0-9<]*)")
_TD3_NAMES = re.compile(r"P[A-Z<](?P<country>D<{1,2}|[A-Z0-9]{3})(?P<names>[A-Z0-9<]{5,})")
_TD2_NAMES = re.compile(r"[ACI][A-Z<](?P<country>D<{1,2}|[A-Z0-9]{3})(?P<names>[A-Z0-9<]{5,})")
_TD1_NAMES = re.compile(r"(?P<names>[A-Z0-9]+<+[A-Z0-9<]+)")
_ANGLES = str.maketrans(
    {
        **dict.fromkeys("Λ∧‹〈くㄑ＜⟨≤∠ヘ^({[⟵←", "<"),
        **dict.fromkeys("«《", "<<"),
        # An OCR that knows all alphabets takes a Latin letter for its Greek or Cyrillic twin.
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
        **dict(zip("АВЕКМНОРСТУХ", "ABEKMHOPCTYX", strict=True)),
    }
)
_FILLED = re.compile(r"[A-Z0-9<]{20,}")


def parse(lines: Sequence[Line], *, today: date) -> MachineReadable | None:
    """The machine-readable lines among all lines, whichever way up; None if there are none.

    `today` tells the century of the year of birth.
    """
    found: list[MachineReadable] = []
    for turned in upright(lines):
        texts = [
            (text, row.confidence)
            for row in rows(turned)
            if (text := _cleaned("".join(line.text for line in row.lines)))
        ]
        found += _two_lines(texts, today)
        found += _three_lines(texts, today)
    return max(found, key=lambda each: (each.checks.fitting, len(each.names)), default=None)


def is_part(text: str) -> bool:
    """Whether this piece of text is of machine-readable lines: long, or with fillers."""
    plain = unicodedata.normalize("NFKC", text).translate(_ANGLES)
    return "<<" in plain or bool(_cleaned(text))


def _cleaned(text: str) -> str:
    """The row as signs of a machine-readable line; empty if it cannot be one."""
    plain = unicodedata.normalize("NFKC", text.translate(_ANGLES)).translate(_ANGLES)
    packed = re.sub(r"[\s.,·:;-]", "", plain).upper()
    return packed if _FILLED.fullmatch(packed) else ""


_Texts: TypeAlias = Sequence[tuple[str, float]]


def _two_lines(texts: _Texts, today: date) -> Iterator[MachineReadable]:
    """TD3 and TD2: names above, everything else below."""
    for place, (text, sure) in enumerate(texts):
        below = _aligned(text)
        if below is None:
            continue
        above = texts[place - 1] if place else ("", 1.0)
        if match := _TD3_NAMES.match(above[0]):
            size, optional = "TD3", 14
        elif match := _TD2_NAMES.match(above[0]):
            size, optional = "TD2", 7
        else:
            size, optional = ("TD3", 14) if len(text) > 40 else ("TD2", 7)
        names = _names(match["names"]) if match else ""
        rest = _rest(below["rest"], optional, own_check=size == "TD3")
        yield _document(size, names, below, below, rest, today, min(sure, above[1]))


def _three_lines(texts: _Texts, today: date) -> Iterator[MachineReadable]:
    """TD1: number, then dates, then names."""
    for place, (text, sure) in enumerate(texts[:-1]):
        first = _TD1_NUMBER.match(text)
        below, below_sure = texts[place + 1]
        second = _TD1_DATES.match(below)
        if first is None or second is None:
            continue
        last, last_sure = texts[place + 2] if place + 2 < len(texts) else ("", 1.0)
        third = _TD1_NAMES.match(last)
        names = _names(third["names"]) if third else ""
        lowest = min(sure, below_sure, last_sure)
        whole = _td1_rest(text, below)
        yield _document("TD1", names, first, second, whole, today, lowest)


def _aligned(text: str) -> re.Match[str] | None:
    """The lower line of TD3 and TD2, by its form alone.

    Not by its check digits: among many ways to lay it out, one would fit an altered number too.
    A number of nine places comes first; then one that lost fillers; then a stray sign in front.
    """
    for start, length in ((0, 9), (0, 8), (0, 7), (0, 6), (0, 10), (1, 9), (2, 9)):
        match = _LOWER[length].match(text, start)
        if match and as_letters(match["country"]).rstrip("<").isalpha():
            return match
    return None


def _names(text: str) -> str:
    """Up to the fillers that end the field: what was made of those is not a name."""
    surname, _, given = text.partition("<<")
    given = given.lstrip("<").partition("<<")[0]
    return as_letters("<<".join(part for part in (surname.strip("<"), given.strip("<")) if part))


def _rest(rest: str, optional: int, *, own_check: bool) -> tuple[str, str] | None:
    """Optional part and last check digit, from behind the expiry; None if that cannot be told.

    An empty optional part has `<` or 0 as its own check digit (9303-4 section 4.2.2.2).
    """
    length = optional + own_check + 1
    if len(rest) != length:
        filled = rest[:-1].rstrip("<")
        if not rest[-1:].isdigit() or filled:
            return None
        rest = "<" * (length - 1) + rest[-1]
    return rest[:-1], as_digits(rest[-1])


def _td1_rest(first: str, second: str) -> tuple[str, str] | None:
    """What the last check digit of a TD1 covers beside number and dates (9303-5 section 4.2.4)."""
    if len(first) != 30 or len(second) != 30:
        return None
    return first[15:30] + "|" + second[18:29], as_digits(second[29])


def _document(
    size: str,
    names: str,
    of_number: re.Match[str],
    of_dates: re.Match[str],
    rest: tuple[str, str] | None,
    today: date,
    sure: float,
) -> MachineReadable:
    number, check = _number(size, of_number)
    birth = re.sub(r"[A-Z]", lambda sign: as_digits(sign[0]), of_dates["birth"])
    expiry = as_digits(of_dates["expiry"])
    birth_check, expiry_check = (
        as_digits(of_dates["birth_check"]),
        as_digits(of_dates["expiry_check"]),
    )
    country = of_number["country"].rstrip("<")
    return MachineReadable(
        size=size,
        names=names,
        country=as_letters(country),
        number=number,
        number_check=check,
        birth=_date(birth, latest=today),
        sex={"M": "M", "F": "F"}.get(of_dates["sex"], ""),
        expires=_date(expiry, latest=None),
        checks=Checks(
            number=check_digit(number.ljust(9, "<")) == check,
            birth=check_digit(birth) == birth_check,
            expiry=check_digit(expiry) == expiry_check,
            whole=_whole(number, check, birth + birth_check, expiry + expiry_check, rest),
        ),
        sure=sure,
    )


def _number(size: str, match: re.Match[str]) -> tuple[str, str]:
    """Number and its check digit. One of more than nine signs goes on in the optional part of
    cards, up to a filler, with its check digit last (9303-5 section 4.2.2, note j)."""
    number, check = match["number"], match["check"]
    if size != "TD3" and check == "<" and "<" not in number:
        longer = match["rest"].partition("<")[0]
        return number + longer[:-1], as_digits(longer[-1:])
    return number.rstrip("<"), as_digits(check)


def _whole(
    number: str, check: str, birth: str, expiry: str, rest: tuple[str, str] | None
) -> bool | None:
    """The last check digit, over all of it."""
    if rest is None or len(number) > 9:
        return None
    optional, last = rest
    before, parted, after = optional.rpartition("|")
    start = number.ljust(9, "<") + check
    if parted:
        return check_digit(start + before + birth + expiry + after) == last
    return check_digit(start + birth + expiry + optional) == last


def _date(text: str, *, latest: date | None) -> date | None:
    """Two digits of a year: not after `latest`, or else of this century."""
    try:
        day = date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        if latest is not None and day > latest:
            return day.replace(year=day.year - 100)
    except ValueError:
        return None
    return day
