"""Types of cells for pydantic models of rows. Each refuses in words, by `InvalidValue`."""

import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any

import phonenumbers
from pydantic import PlainValidator

from signoff.idcheck.comparison.numbers import plain
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import Eid, Iccid, Imei, Imsi, Msisdn
from signoff.kernel.words import gettext_noop as _


class CellError(ValueError):
    """Carries an InvalidValue through pydantic, which passes on only ValueErrors."""

    def __init__(self, refusal: InvalidValue) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


def cell(parse: Callable[[str], Any]) -> PlainValidator:
    """A cell that `parse` reads, which raises InvalidValue if it cannot."""

    def parsed(value: Any) -> Any:
        try:
            return parse(value)
        except InvalidValue as refusal:
            raise CellError(refusal) from None

    return PlainValidator(parsed)


def _or_none(parse: Callable[[str], Any]) -> PlainValidator:
    """An empty cell means that there is none."""
    return cell(lambda value: parse(value) if value else None)


def filled(value: str) -> str:
    """Raises InvalidValue if the cell is empty."""
    if not value:
        raise InvalidValue("blank", _("The cell is empty."))
    return value


def _text(most: int) -> Callable[[str], str]:
    def parse(value: str) -> str:
        composed = unicodedata.normalize("NFC", filled(value))
        if len(composed) > most:
            raise InvalidValue(
                "too_long",
                _("The text has %(length)s characters; at most %(most)s fit."),
                length=len(composed),
                most=most,
            )
        return composed

    return parse


def _pattern(code: str, expression: str, template: str) -> Callable[[str], str]:
    compiled = re.compile(expression)

    def parse(value: str) -> str:
        if not compiled.fullmatch(filled(value)):
            raise InvalidValue(code, template, value=value)
        return value

    return parse


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise InvalidValue(
                "unknown_word",
                _("“%(value)s” is none of %(words)s."),
                value=value,
                words=", ".join(words),
            )
        return value

    return parse


def word(*words: str) -> PlainValidator:
    """One of `words`, written exactly so."""
    return cell(_one_of(*words))


def word_or(default: str, *words: str) -> PlainValidator:
    """One of `words`, written exactly so; an empty cell is `default`."""
    parse = _one_of(*words)
    return cell(lambda value: parse(value) if value else default)


def text(most: int) -> PlainValidator:
    """Some text of at most `most` characters, in Unicode's composed form."""
    return cell(_text(most))


def pattern(code: str, expression: str, template: str) -> PlainValidator:
    """Text that the regular expression fits as a whole; `template` may show `%(value)s`."""
    return cell(_pattern(code, expression, template))


def optional_pattern(code: str, expression: str, template: str) -> PlainValidator:
    """The same, or an empty cell, which stays an empty text."""
    parse = _pattern(code, expression, template)
    return cell(lambda value: parse(value) if value else "")


def _paper_number(value: str) -> str:
    """As it is compared: letters and digits, in capitals. The refusal does not repeat it, since
    refusals are printed and kept in logs."""
    number = plain(value)
    signs = re.fullmatch(r"[0-9A-Za-z\s./()-]*", unicodedata.normalize("NFKC", value))
    fits = signs and re.fullmatch(r"[0-9A-Z]{5,24}", number)
    if not (fits and re.search("[0-9]", number) and len(set(number)) > 1):
        raise InvalidValue(
            "paper_number",
            _("That is no number of a paper: 5 to 24 letters from A to Z and digits are."),
        )
    return number


paper_number = cell(lambda value: _paper_number(value) if value else "")
"""Number of an identity document, or an empty cell, which stays an empty text."""


def _msisdn(value: str) -> Msisdn:
    if not filled(value).startswith("+"):
        raise InvalidValue(
            "msisdn_plus",
            _("“%(value)s” does not begin with + and the country code, like +86 138 0013 8000."),
            value=value,
        )
    return Msisdn.parse(value)


def _day(value: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", filled(value)):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidValue(
        "date", _("“%(value)s” is not a day: write it like 2026-03-31."), value=value
    )


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(filled(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.utcoffset() is None:
        raise InvalidValue(
            "moment",
            _("“%(value)s” is not a moment: write it like 2026-03-31T18:05:00+08:00."),
            value=value,
        )
    return moment


def _yes_no(value: str) -> bool:
    return _one_of("yes", "no")(value) == "yes"


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", filled(value)) or not least <= int(value) <= most:
            raise InvalidValue(
                "whole_number",
                _("“%(value)s” is not a whole number from %(least)s to %(most)s."),
                value=value,
                least=least,
                most=most,
            )
        return int(value)

    return parse


def whole(least: int, most: int) -> PlainValidator:
    """A whole number from `least` to `most`."""
    return cell(_whole(least, most))


def _country(value: str) -> str:
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidValue(
            "country",
            _("“%(value)s” is not a country of ISO 3166-1: two capital letters, like CN."),
            value=value,
        )
    return value


@cache
def _zones() -> frozenset[str]:
    """Reading the list looks through folders: once is enough."""
    return frozenset(zoneinfo.available_timezones())


def _zone(value: str) -> str:
    if value not in _zones():
        raise InvalidValue(
            "time_zone",
            _("“%(value)s” is not a time zone of the IANA list, like Asia/Shanghai."),
            value=value,
        )
    return value


def check_days(first: date | None, last: date | None) -> None:
    """Raises CellError, for a model's validator, if `last_day` is before `first_day`."""
    if first and last and last < first:
        raise CellError(
            InvalidValue(
                "days_reversed",
                _("The last day, %(last)s, is before the first, %(first)s: exchange them."),
                field="last_day",
                first=first,
                last=last,
            )
        )


KeyText = Annotated[
    str,
    pattern(
        "key",
        r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}",
        _("“%(value)s” is not a reference: up to 32 letters, digits and signs of “. _ : / -”."),
    ),
]
LongKeyText = Annotated[
    str,
    pattern(
        "key",
        r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}",
        _("“%(value)s” is not a reference: up to 64 letters, digits and signs of “. _ : / -”."),
    ),
]
EmailText = Annotated[
    str,
    pattern(
        "email",
        r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
        _("“%(value)s” is not an e-mail address, like name@example.com."),
    ),
]
LanguageText = Annotated[
    str,
    pattern(
        "language",
        r"[a-z]{2,3}(-[a-z0-9]{2,6})?",
        _("“%(value)s” is not a language, like en or zh-hans."),
    ),
]
CountryText = Annotated[str, cell(_country)]
ZoneText = Annotated[str, cell(_zone)]
MsisdnText = Annotated[Msisdn, cell(_msisdn)]
OptionalMsisdn = Annotated[Msisdn | None, _or_none(_msisdn)]
ImsiText = Annotated[Imsi, cell(lambda value: Imsi.parse(filled(value)))]
IccidText = Annotated[Iccid, cell(lambda value: Iccid.parse(filled(value)))]
OptionalEid = Annotated[Eid | None, _or_none(Eid.parse)]
ImeiText = Annotated[Imei, cell(lambda value: Imei.parse(filled(value)))]
OptionalKey = Annotated[
    str | None,
    _or_none(
        _pattern(
            "key",
            r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}",
            _("“%(value)s” is not a reference: up to 32 letters, digits and signs of “. _ : / -”."),
        )
    ),
]
Day = Annotated[date, cell(_day)]
OptionalDay = Annotated[date | None, _or_none(_day)]
Moment = Annotated[datetime, cell(_moment)]
YesNo = Annotated[bool, cell(lambda value: _yes_no(filled(value)))]
YesUnlessNo = Annotated[bool, cell(lambda value: not value or _yes_no(value))]
"""An empty cell is yes."""
OptionalCountry = Annotated[str, cell(lambda value: _country(value) if value else "")]
