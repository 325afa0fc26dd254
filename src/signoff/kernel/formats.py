"""Amounts and dates as their reader writes them (Unicode CLDR, through Babel)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from moneyed import Money

_LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}


def _locale(language: str) -> str:
    return _LOCALES.get(language, "en_GB")


def money_text(money: Money, language: str) -> str:
    """12.50 EUR → €12.50 (en), €12.50 (zh-hans); always with the currency's own decimals."""
    return format_currency(money.amount, money.currency.code, locale=_locale(language))


def date_text(day: date, language: str) -> str:
    """22 November 2026 (en), 2026年11月22日 (zh-hans)."""
    return format_date(day, "long", locale=_locale(language))


def moment_text(moment: datetime, language: str, time_zone: str) -> str:
    """Day and minute on the reader's own clock."""
    local = moment.astimezone(ZoneInfo(time_zone))
    day = format_date(local.date(), "long", locale=_locale(language))
    clock = format_datetime(local, "HH:mm", locale=_locale(language))
    return f"{day} {clock}"
