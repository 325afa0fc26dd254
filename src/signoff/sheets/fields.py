"""Columns that exports share: references, numbers of the network, days, countries."""

import re
import unicodedata
import zoneinfo
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated

import phonenumbers

from signoff.idcheck.comparison.numbers import plain
from signoff.kernel.errors import InvalidValue
from signoff.kernel.identifiers import Eid, Iccid, Imei, Imsi, Msisdn
from signoff.kernel.words import gettext_noop as _
from signoff.sheets.cells import CellError, cell, cell_or, filled, matching, one_of, pattern


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


paper_number = cell_or("", _paper_number)
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
        moment.astimezone(UTC)  # as it is kept: on the first and the last day that there is, none
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or moment.utcoffset() is None:
        raise InvalidValue(
            "moment",
            _("“%(value)s” is not a moment: write it like 2026-03-31T18:05:00+08:00."),
            value=value,
        )
    return moment


def _yes_no(value: str) -> bool:
    return one_of("yes", "no")(value) == "yes"


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


_key = matching(
    "key",
    r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}",
    _("“%(value)s” is not a reference: up to 32 letters, digits and signs of “. _ : / -”."),
)
KeyText = Annotated[str, cell(_key)]
OptionalKey = Annotated[str | None, cell_or(None, _key)]
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
OptionalMsisdn = Annotated[Msisdn | None, cell_or(None, _msisdn)]
ImsiText = Annotated[Imsi, cell(lambda value: Imsi.parse(filled(value)))]
IccidText = Annotated[Iccid, cell(lambda value: Iccid.parse(filled(value)))]
OptionalEid = Annotated[Eid | None, cell_or(None, Eid.parse)]
ImeiText = Annotated[Imei, cell(lambda value: Imei.parse(filled(value)))]
Day = Annotated[date, cell(_day)]
OptionalDay = Annotated[date | None, cell_or(None, _day)]
Moment = Annotated[datetime, cell(_moment)]
YesNo = Annotated[bool, cell(lambda value: _yes_no(filled(value)))]
YesUnlessNo = Annotated[bool, cell_or(True, _yes_no)]  # noqa: FBT003 - a value for an empty cell, as "" is
"""An empty cell is yes."""
OptionalCountry = Annotated[str, cell_or("", _country)]
