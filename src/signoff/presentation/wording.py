"""Words for people: templates with parameters, said in the reader's language and format."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.translation import get_language, gettext
from moneyed import Money

from signoff.kernel.countries import Country
from signoff.kernel.errors import Refusal
from signoff.kernel.formats import (
    date_text,
    duration_text,
    list_text,
    moment_text,
    money_text,
    month_text,
    number_text,
    percent_text,
)
from signoff.kernel.identifiers import Msisdn
from signoff.kernel.money import from_minor
from signoff.policies.sourced import Words

NO_BREAK = "\N{NO-BREAK SPACE}"


class Said(Protocol):
    """Anything that carries its words as an English template and its parameters apart."""

    @property
    def template(self) -> str:
        """An English text, marked for translation, with `%(name)s` places."""

    @property
    def params(self) -> Mapping[str, object]:
        """What goes into the places."""


def _language() -> str:
    return get_language() or "en"


def money(amount: Money) -> str:
    """An amount in the reader's format: €12.50, CN¥86.40."""
    return money_text(amount, _language())


def minor(units: int, currency: str) -> str:
    """An amount in minor units of `currency`, in the reader's format."""
    return money(from_minor(units, currency))


def day(value: date) -> str:
    """A date; of a moment, its date in the reader's time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return date_text(value, _language())


def month(value: date) -> str:
    """The month of a date, without the day."""
    return month_text(value, _language())


def percent(value: int) -> str:
    """Whole percents, in the reader's format."""
    return percent_text(value, _language())


def moment(value: datetime) -> str:
    """Date and time of day in the reader's time zone."""
    return moment_text(value, _language(), timezone.get_current_timezone_name())


def telephone(number: str) -> str:
    """A number in E.164 with the spaces of its country, unbroken; other senders as they are."""
    return Msisdn(number).spoken.replace(" ", NO_BREAK) if number.startswith("+") else number


def duration(value: timedelta) -> str:
    """In the unit that suits: 3 days, 24 hours, 90 minutes; in the reader's language."""
    return duration_text(value, _language())


def listed(words: list[str]) -> str:
    """`a, b and c`, as the reader's language joins them."""
    return list_text(words, _language())


def shown(value: object) -> str:  # noqa: PLR0911 - one return for each kind of value
    """One parameter in the reader's format."""
    match value:
        case Money():
            return money(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case timedelta():
            return duration(value)
        case Words() | Country():
            return value.in_language(_language())
        case Msisdn():
            return value.spoken
        case str():
            # A word of ours, like “Bank transfer”, is in the catalogue; a name is not.
            return gettext(value) if value else ""
        case int() | Decimal():
            return number_text(value, _language())
        case list() | tuple():
            return listed([shown(part) for part in value])
        case _:
            return str(value)


def say(template: str, params: Mapping[str, object] | None = None) -> str:
    """`template` in the reader's language, with its parameters in the reader's format."""
    if not template:
        return ""
    words = gettext(template)
    return words % {name: shown(value) for name, value in params.items()} if params else words


def said(what: Said | Refusal) -> str:
    """The words of a finding, a part, an entry or a refusal."""
    return say(what.template, what.params)
