"""Reads of feeds, and where a case stands in one line."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.feeds.models import Feed
from signoff.feeds.rules import is_over, key_of, token_of
from signoff.kernel.words import gettext_noop as _
from signoff.termination.timeline import Entry, timeline

CLOSING = _("The line is closed, step by step")


def token_for(case: Case) -> str:
    """What stands in the addresses of a case's feeds; empty while they are switched off."""
    feed = Feed.objects.filter(case=case).first()
    return token_of(feed.key, settings.SECRET_KEY) if feed else ""


def case_of_token(token: str, *, now: datetime) -> Case | None:
    """None for an address that was never made, was switched off, or has come to its end."""
    key = key_of(token, settings.SECRET_KEY)
    feed = Feed.objects.filter(key=key).first() if key else None
    if feed is None:
        return None
    case = cases.case_by_id(feed.case_id)
    return None if is_over(case.ended_at, now) else case


def standing(case: Case, *, now: datetime) -> Entry:
    """The entry of the public timeline at which a case stands; not a draft.

    While the line is closed, step by step within minutes, that is the closing as a whole.
    """
    entries = timeline(case, now=now, private=False).entries
    if case.started_at and case.ended_at is None:
        closing = next((entry for entry in entries if entry.code == "approved"), entries[0])
        return replace(closing, code="closing", template=CLOSING, state="now", at=None)
    return [entry for entry in entries if entry.state in {"done", "now", "problem"}][-1]
