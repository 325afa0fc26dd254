"""Filters of the desk: `{% load desk %}`."""

from collections.abc import Iterable, Mapping

from django import template

from signoff.accounts.models import Line
from signoff.audit.models import AuditRow
from signoff.desk import fact_words, words
from signoff.presentation import masking, wording

register = template.Library()


@register.filter
def called(code: str, kind: str) -> str:
    """`{{ receipt.kind|called:"step" }}`: see words.py; nothing for nothing."""
    return words.called(kind, code) if code else ""


@register.inclusion_tag("signoff/components/tag.html")
def desk_tag(kind: str, code: str) -> dict[str, str]:
    """`{% desk_tag "case" row.state.value %}`."""
    return {"words": words.called(kind, code), "tone": words.tone(kind, code)}


@register.inclusion_tag("signoff/components/tag.html")
def deadline(days: int) -> dict[str, str]:
    """`{% deadline row.days_left %}`: how many working days are left, in words and colour."""
    return {"words": words.time_left(days), "tone": words.time_tone(days)}


@register.filter
def masked(address: str) -> str:
    """`{{ notice.recipient|masked }}`."""
    return masking.masked_recipient(address)


@register.filter
def masked_lines(lines: Iterable[Line]) -> str:
    """`{{ view.lines|masked_lines }}`: their numbers, joined as the reader's language joins."""
    return wording.listed([masking.masked_recipient(line.msisdn) for line in lines])


@register.filter
def masked_digits(number: str) -> str:
    """`{{ line.profile.iccid|masked_digits }}`."""
    return masking.masked_digits(number)


@register.filter
def name_of(names: Mapping[int, str], person: int) -> str:
    """`{{ names|name_of:row.reviewer }}`."""
    return names.get(person, "")


@register.filter
def count_of(counts: Mapping[str, int], number: str) -> int:
    """`{{ unread|count_of:row.number }}`: 0 where there is none."""
    return counts.get(number, 0)


@register.filter
def roles_named(roles: Iterable[str]) -> str:
    """`{{ for_roles|roles_named }}`: what roles are called, joined."""
    return wording.listed([words.called("role", role) for role in roles])


@register.filter
def listed(parts: Iterable[str]) -> str:
    """`{{ names|listed }}`: a, b and c."""
    return wording.listed(list(parts))


@register.filter
def facts(row: AuditRow) -> str:
    """What a row of the record says besides its event: refund 7 · CN¥10.00."""
    return fact_words.told(row.facts)
