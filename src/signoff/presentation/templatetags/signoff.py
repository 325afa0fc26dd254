"""Filters for every page: `{% load signoff %}`."""

from datetime import date, datetime, timedelta

from django import template
from django.forms import BoundField, Field
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from moneyed import Money

from signoff.presentation import labels, wording
from signoff.termination.timeline import Entry

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """`{{ result.due|money }}`."""
    return wording.money(amount)


@register.filter
def minor(units: int, currency: str) -> str:
    """`{{ bill.total_minor|minor:account.currency }}`."""
    return wording.minor(units, currency)


@register.filter
def day(value: date | None) -> str:
    """`{{ bill.due_on|day }}`; nothing for None."""
    return wording.day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ case.submitted_at|moment }}`; nothing for None."""
    return wording.moment(value) if value else ""


@register.filter
def telephone(number: str) -> str:
    """`{{ line.msisdn|telephone }}`."""
    return wording.telephone(number)


@register.filter
def say(what: wording.Said | None) -> str:
    """`{{ finding|say }}`: the words of anything with a template and params."""
    return wording.said(what) if what else ""


@register.filter
def tells(entry: Entry) -> str:
    """`{{ entry|tells }}`: what a timeline's entry says besides its title; mostly nothing."""
    return wording.say(entry.tells, entry.params)


@register.filter
def term(text: str) -> str:
    """`{{ part.method|term }}`: a word of ours that a row keeps in English."""
    return wording.shown(text)


@register.filter
def duration(value: timedelta) -> str:
    """`{{ policy.cooling_off.value|duration }}`: 24 hours, 3 days."""
    return wording.duration(value)


@register.filter
def words(state: str, kind: str) -> str:
    """`{{ case.state|words:"case" }}`: what a state, reason or kind is called (labels.py)."""
    return labels.words(kind, state)


@register.inclusion_tag("signoff/components/tag.html")
def tag(kind: str, state: str) -> dict[str, str]:
    """`{% tag "case" case.state %}`: the state as a coloured tag."""
    return {"words": labels.words(kind, state), "tone": labels.tone(kind, state)}


@register.filter
def named(error: str, field: BoundField) -> str:
    """`{{ error|named:field }}`: where Django only says that something is missing, says what."""
    if error == str(Field.default_error_messages["required"]):
        return _("Fill in “%(label)s”.") % {"label": field.label}
    return error


@register.filter
def unprompted(field: BoundField) -> SafeString:
    """`{{ field|unprompted }}`: without the grey words that allauth puts into it.

    They only repeat the label, and look like an answer.
    """
    return field.as_widget(attrs={"placeholder": False})  # False leaves an attribute out
