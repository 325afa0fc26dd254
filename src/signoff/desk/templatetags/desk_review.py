"""Filters of the review desk: `{% load desk_review %}`."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from signoff.accounts.models import User
from signoff.desk import people
from signoff.kernel.clock import now
from signoff.presentation import wording
from signoff.talk.models import Message

register = template.Library()


@register.filter
def clock(value: datetime) -> str:
    """`{{ claim.expires_at|clock }}`: 14:05; of another day, with the day."""
    if timezone.localtime(value).date() == timezone.localtime(now()).date():
        return date_format(timezone.localtime(value), "H:i")
    return wording.moment(value)


@register.filter
def to_the_second(value: datetime) -> str:
    """`{{ view.undo_until|to_the_second }}`: 14:05:30."""
    return date_format(timezone.localtime(value), "H:i:s")


@register.filter
def person(user: User) -> str:
    """`{{ decision.reviewer|person }}`: the name, or the user name."""
    return people.name_of(user)


@register.filter
def written(message: Message) -> str:
    """`{{ message|written }}`: as somebody wrote it; the program's words in the reader's language."""
    return wording.say(message.text) if message.is_in_our_words else message.text


@register.filter
def is_over(value: datetime | None) -> bool:
    """`{% if row.claimed_until|is_over %}`: others may take it."""
    return value is None or value <= now()
