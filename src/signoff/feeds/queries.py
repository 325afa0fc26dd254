"""Reads of feeds."""

from datetime import datetime

from django.conf import settings

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.feeds.models import Feed
from signoff.feeds.rules import is_over, key_of, token_of


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
