"""Amounts, dates, times and lists as their reader writes them (Unicode CLDR, through Babel).

The only place that knows how a language writes them; pages, messages and documents ask here.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from moneyed import Money

from signoff.kernel.money import exponent

_LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}

# From so many seconds on, in units of so many.
_UNITS = (
    (48 * 3600, 86400, "day"),
    (2 * 3600, 3600, "hour"),
    (120, 60, "minute"),
    (0, 1, "second"),
)

# Babel has some of the long forms of Chinese under no name of a plural, and then shows its own key.
_UNIT_LENGTHS: dict[str, Literal["short", "long"]] = {"zh-hans": "short"}


def _locale(language: str) -> str:
    return _LOCALES.get(language, "en_GB")


def money_text(money: Money, language: str) -> str:
    """86.40 CNY → CN¥86.40 (en), ¥86.40 (zh-hans); always with all decimals of ISO 4217.

    Not with those of CLDR, which are as people pay in shops: 12.50 RSD would be shown as 12.
    """
    code = money.currency.code
    pattern = _money_pattern(_locale(language), exponent(code))
    return format_currency(
        money.amount, code, format=pattern, locale=_locale(language), currency_digits=False
    )


@cache
def _money_pattern(locale: str, places: int) -> str:
    """The locale's own, with so many decimals."""
    standard: str = Locale.parse(locale).currency_formats["standard"].pattern
    return standard.replace("0.00", f"0.{'0' * places}".rstrip("."))


def number_text(number: int | Decimal, language: str) -> str:
    """1,234.5; with all of its decimals."""
    return format_decimal(number, locale=_locale(language), decimal_quantization=False)


def percent_text(percent: int, language: str) -> str:
    """82 → 82%; whole percents."""
    return format_percent(Decimal(percent) / 100, locale=_locale(language))


def month_text(day: date, language: str) -> str:
    """November 2026 (en), 2026年11月 (zh-hans)."""
    return format_skeleton("yMMMM", day, locale=_locale(language))


def date_text(day: date, language: str) -> str:
    """22 November 2026 (en), 2026年11月22日 (zh-hans)."""
    return format_date(day, "long", locale=_locale(language))


def moment_text(moment: datetime, language: str, time_zone: str) -> str:
    """Day and minute on the reader's own clock."""
    local = moment.astimezone(ZoneInfo(time_zone))
    day = format_date(local.date(), "long", locale=_locale(language))
    clock = format_datetime(local, "HH:mm", locale=_locale(language))
    return f"{day} {clock}"


def duration_text(duration: timedelta, language: str) -> str:
    """In the unit that suits: 3 days, 24 hours, 90 minutes (en), 3天 (zh-hans); none is negative."""
    seconds = max(duration.total_seconds(), 0)
    size, unit = next((size, unit) for least, size, unit in _UNITS if seconds >= least)
    length = _UNIT_LENGTHS.get(language, "long")
    return format_unit(round(seconds / size), f"duration-{unit}", length, locale=_locale(language))


def list_text(words: Sequence[str], language: str) -> str:
    """`a, b and c` (en), `a、b和c` (zh-hans)."""
    return format_list(list(words), locale=_locale(language))


def country_text(code: str, language: str) -> str:
    """FR → France (en), 法国 (zh-hans); a code that CLDR does not know stays as it is."""
    return str(Locale.parse(_locale(language)).territories.get(code, code))
