"""The resident identity card of China, front and back (GA 448). Pure.

The address is on the front too. It is not needed and not taken.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from signoff.idcheck.documents import cn_number
from signoff.idcheck.documents.cn_number import CitizenNumber
from signoff.idcheck.lines import Line, Row, rows, upright
from signoff.idcheck.misreadings import as_digits

_NAME = re.compile(r"姓\s*名\s*[::]?\s*(.+)")
_SEX = re.compile(r"性\s*别?\s*[::]?\s*([男女])")
_ETHNICITY = re.compile(r"民\s*族\s*[::]?\s*([\u4e00-\u9fff]+)")
_D = r"[0-9OoIlSBZ]"
_BIRTH = re.compile(rf"({_D}{{4}})\s*年\s*({_D}{{1,2}})\s*月\s*({_D}{{1,2}})\s*日?")
_HAN_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff][\u3400-\u9fff\U00020000-\U0003ffff·•・. ]*"
)
_AUTHORITY = re.compile(r"(?:签发机关)?\s*[::]?\s*([\u4e00-\u9fff]{2,}(?:公安局|分局|公安厅))")
_VALIDITY = re.compile(
    rf"({_D}{{4}})[.,,。·\s]*({_D}{{2}})[.,,。·\s]*({_D}{{2}})\s*[-—–~一至]+\s*"
    rf"(?:({_D}{{4}})[.,,。·\s]*({_D}{{2}})[.,,。·\s]*({_D}{{2}})|(长期))"
)
_TERMS = ((16, 5), (26, 10), (46, 20))
_FOR_LIFE = 0
_DRAWN_UP = timedelta(days=90)
_FRONT_WORDS = ("姓名", "性别", "民族", "公民身份号码")
_BACK_WORDS = ("居民身份证", "签发机关", "有效期限", "中华人民共和国")


@dataclass(frozen=True, slots=True)
class Front:
    """What could be read; `sure` is the OCR's confidence in the number's line, `name_sure` in the
    name's, 0 to 1."""

    name: str = ""
    sex: str = ""
    ethnicity: str = ""
    birth: date | None = None
    number: CitizenNumber | None = None
    sure: float = 0.0
    name_sure: float = 0.0

    @property
    def found(self) -> int:
        """How many of the fields could be read."""
        return sum(map(bool, (self.name, self.sex, self.ethnicity, self.birth, self.number)))


@dataclass(frozen=True, slots=True)
class Back:
    """`expires` is None both if it could not be read and if the card is valid for life."""

    authority: str = ""
    issued: date | None = None
    expires: date | None = None
    for_life: bool = False

    @property
    def term(self) -> int | None:
        """Whole years; None for life, and if it could not be read."""
        if self.issued is None or self.expires is None:
            return None
        return self.expires.year - self.issued.year

    @property
    def found(self) -> int:
        return sum(map(bool, (self.authority, self.issued, self.expires or self.for_life)))


def may_have_term(back: Back, born: date) -> bool:
    """Whether somebody of that age is given such a card (Resident Identity Cards Law, article 5).

    Up to 15 years: 5; to 25: 10; to 45: 20; from 46: for life. What could not be read may be. A card
    that was asked for before a birthday may be dated after it.
    """
    if back.issued is None or (back.term is None and not back.for_life):
        return True
    terms = {_term_at(born, day) for day in (back.issued, back.issued - _DRAWN_UP)}
    return (_FOR_LIFE if back.for_life else back.term) in terms


def _term_at(born: date, day: date) -> int:
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((term for below, term in _TERMS if age < below), _FOR_LIFE)


def parse_front(lines: Sequence[Line]) -> Front:
    """The fields of the side with the name, whichever way up it lies."""
    return max((_front(rows(turned)) for turned in upright(lines)), key=lambda each: each.found)


def parse_back(lines: Sequence[Line]) -> Back:
    """The fields of the side with the emblem, whichever way up it lies."""
    return max((_back(rows(turned)) for turned in upright(lines)), key=lambda each: each.found)


def is_front(lines: Sequence[Line]) -> bool:
    """Whether the words printed on every front are there."""
    return _has_two(lines, _FRONT_WORDS)


def is_back(lines: Sequence[Line]) -> bool:
    """Whether the words printed on every back are there."""
    return _has_two(lines, _BACK_WORDS)


def _has_two(lines: Sequence[Line], words: Sequence[str]) -> bool:
    text = "".join(re.sub(r"\s", "", line.text) for line in lines)
    return sum(word in text for word in words) >= 2


def _front(found: Sequence[Row]) -> Front:
    texts = [unicodedata.normalize("NFKC", row.text) for row in found]
    numbers = [
        (number, row.confidence)
        for row, text in zip(found, texts, strict=True)
        if (number := cn_number.find(text)) is not None
    ]
    number, sure = max(numbers, key=lambda each: each[0].holds, default=(None, 0.0))
    sex = _first(_SEX, texts)
    name, name_sure = _name(found, texts)
    return Front(
        name=name,
        sex={"男": "M", "女": "F"}.get(sex[1], "") if sex else "",
        ethnicity=ethnicity[1] if (ethnicity := _first(_ETHNICITY, texts)) else "",
        birth=_date(*birth.groups()) if (birth := _first(_BIRTH, texts)) else None,
        number=number,
        sure=sure,
        name_sure=name_sure,
    )


def _name(found: Sequence[Row], texts: Sequence[str]) -> tuple[str, float]:
    """Behind its label, on one row. Spaces between the signs are only layout."""
    for row, text in zip(found, texts, strict=True):
        if labelled := _NAME.search(text):
            name = _HAN_NAME.search(labelled[1])
            return re.sub(r"\s", "", name[0]).rstrip("·•・.") if name else "", row.confidence
    return "", 0.0


def _back(found: Sequence[Row]) -> Back:
    texts = [unicodedata.normalize("NFKC", row.text) for row in found]
    authority = _first(_AUTHORITY, [re.sub(r"\s", "", text) for text in texts])
    validity = _first(_VALIDITY, texts)
    if validity is None:
        return Back(authority=authority[1] if authority else "")
    year, month, day = validity[4], validity[5], validity[6]
    return Back(
        authority=authority[1] if authority else "",
        issued=_date(validity[1], validity[2], validity[3]),
        expires=_date(year, month, day) if year else None,
        for_life=validity[7] is not None,
    )


def _first(pattern: re.Pattern[str], texts: Sequence[str]) -> re.Match[str] | None:
    return next((match for text in texts if (match := pattern.search(text))), None)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(as_digits(year)), int(as_digits(month)), int(as_digits(day)))
    except ValueError:
        return None
