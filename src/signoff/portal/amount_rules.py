"""An amount as people type it. Pure."""

import re
import unicodedata
from decimal import Decimal

from signoff.kernel.errors import InvalidValue
from signoff.kernel.money import exponent, from_minor
from signoff.kernel.words import gettext_noop as _

_LONGEST = 20


def typed(minor: int, code: str) -> str:
    """3340, EUR → 33.40: how a field that may be changed shows an amount."""
    return str(from_minor(minor, code).amount)


def parsed(text: str, code: str, *, field: str = "amount") -> int:
    """Minor units of `code`: 33.40, 33,40, 1,234.50, ¥33.40 and full-width signs are understood.

    Raises InvalidValue for anything else. What has two meanings is not guessed: 1,234 is a
    thousand and more for some, and little more than one for others.
    """
    number = _number(text, code)
    places = exponent(code)
    units = None if number is None else number.scaleb(places)
    if units is None or units != units.to_integral_value():
        raise InvalidValue(
            "amount_unclear",
            _("Write the amount in digits, like %(example)s."),
            field=field,
            example=typed(1250 if places else 1250 * 10, code),
        )
    return int(units)


def _number(text: str, code: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", text).strip().replace("元", "")
    plain = re.sub(rf"^(?:{code}|[^\w\s.,-]+)|(?:{code}|[^\w\s.,-]+)$", "", plain, flags=re.I)
    plain = re.sub(r"[\s'’]", "", plain)
    if len(plain) > _LONGEST:
        return None
    if re.fullmatch(r"[0-9]+", plain):
        return Decimal(plain)
    if found := re.fullmatch(r"([0-9]+)[.,]([0-9]{1,3})", plain):
        is_clear = len(found[2]) < 3 or exponent(code) == 3
        return Decimal(f"{found[1]}.{found[2]}") if is_clear else None
    grouped = re.fullmatch(r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)[.,]([0-9]+)", plain)
    if grouped and plain[-len(grouped[3]) - 1] != grouped[2]:
        return Decimal(re.sub(r"[.,]", "", grouped[1]) + "." + grouped[3])
    return None
