"""The citizen identity number of China (GB 11643-1999): 17 digits and a check digit. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from signoff.idcheck.misreadings import as_digits

_SIGN = "[0-9OoQDIil|!LZzSsBbGgq]"
_NUMBER = re.compile(rf"(?<![0-9A-Za-z]){_SIGN}{{17}}(?:{_SIGN}|[Xx×])(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """As read: 18 signs, of which the last may be X."""

    text: str

    @property
    def holds(self) -> bool:
        """Whether the check digit fits (ISO 7064 MOD 11-2) and the middle is a date of birth."""
        return self.text[-1] == ric.calc_check_digit(self.text) and self.birth is not None

    @property
    def birth(self) -> date | None:
        try:
            return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))
        except ValueError:
            return None

    @property
    def sex(self) -> str:
        """`M` or `F`: the 17th digit is odd for men."""
        return "M" if int(self.text[16]) % 2 else "F"


def find(text: str) -> CitizenNumber | None:
    """The number in a line. Letters in it can only be digits that were misread, but for X."""
    joined = re.sub(r"(?<=[0-9A-Za-z|!])\s+(?=[0-9A-Za-z|!×])", "", text)
    candidates = [parse(match[0]) for match in _NUMBER.finditer(joined)]
    found = [each for each in candidates if each is not None]
    return next((each for each in found if each.holds), found[0] if found else None)


def birth_of(registered: str) -> date | None:
    """The date of birth within a registered number; None if that is of another paper."""
    number = parse(registered)
    return number.birth if number is not None and number.holds else None


def is_one(text: str) -> bool:
    """Whether `text`, as registered, is a citizen's number that can be: nobody's passport has one."""
    number = parse(text)
    return number is not None and number.holds


def parse(text: str) -> CitizenNumber | None:
    """`text` as a number of 18 signs; None if it cannot be one. Its check digit is not judged."""
    packed = re.sub(r"[\s-]", "", text).replace("×", "X")
    if len(packed) != 18:
        return None
    last = "X" if packed[-1] in "Xx" else as_digits(packed[-1])
    number = as_digits(packed[:-1]) + last
    return CitizenNumber(number) if re.fullmatch(r"[0-9]{17}[0-9X]", number) else None
