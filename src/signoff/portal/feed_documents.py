"""A timeline as Atom (RFC 4287) and as JSON Feed 1.1 (jsonfeed.org), in the case's language.

The same words as on the public look-up: no name, number, amount or service.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from signoff.closing.models import Case
from signoff.presentation import wording
from signoff.termination.timeline import Entry, timeline

ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json; charset=utf-8"
_BY = {
    "review": gettext_noop("We answer by %(day)s."),
    "more_info": gettext_noop("We wait for an answer until %(day)s."),
    "refused": gettext_noop("It can be appealed until %(day)s."),
}
"""The last day of an entry, in words."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that has happened, or that a case stands at. id: the same at each reading."""

    id: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Following:
    """A case's feed, in words. about: the page on which the case can be looked up."""

    title: str
    text: str
    language: str
    carrier: str
    about: str
    identifier: UUID
    items: tuple[Item, ...]


def following(case: Case, *, carrier: str, about: str, now: datetime) -> Following:
    """The newest first."""
    zone = ZoneInfo(case.account.time_zone)
    with translation.override(case.language), timezone.override(zone):
        items = tuple(_items(case, now))[::-1]
        title = _("Case %(number)s at %(carrier)s") % {"number": case.number, "carrier": carrier}
        text = _("How far a closing is. It shows no names, numbers or amounts.")
    return Following(title, text, case.language, carrier, about, _named(case, "feed"), items)


def _named(case: Case, what: str) -> UUID:
    return uuid5(case.pk, what)


def _items(case: Case, now: datetime) -> Iterator[Item]:
    last = case.submitted_at or case.created_at
    for number, entry in enumerate(timeline(case, now=now, private=False).entries):
        if not _is_told(case, entry):
            continue
        if entry.state in {"done", "problem"} and entry.at:
            last = max(last, entry.at)
        elif entry.code == "more_info" and case.told_from:
            last = max(last, case.told_from)
        # A closing that is tried again goes on where it was: the place in the list names the step.
        identifier = _named(case, f"{number}:{entry.code}:{entry.state}")
        yield Item(identifier.urn, wording.said(entry), _text(entry), last)


def _is_told(case: Case, entry: Entry) -> bool:
    """What is done; and where the case stands, but not each step that takes a second."""
    if entry.state == "now":
        return case.started_at is None
    return entry.state in {"done", "problem"}


def _text(entry: Entry) -> str:
    """More about an entry, a sentence a line; mostly nothing."""
    lines = []
    if entry.state == "now" and entry.at:
        lines.append(_("Until %(moment)s.") % {"moment": wording.moment(entry.at)})
    if entry.by and entry.code in _BY:
        lines.append(gettext(_BY[entry.code]) % {"day": wording.day(entry.by)})
    elif entry.tells:
        lines.append(wording.say(entry.tells, entry.params))
    return "\n".join(lines)


def atom(feed: Following, *, address: str) -> bytes:
    """address: where it was read from."""
    made = Atom1Feed(
        title=feed.title,
        link=feed.about,
        description=feed.text,
        language=feed.language,
        author_name=feed.carrier,
        feed_url=address,
        feed_guid=feed.identifier.urn,
        subtitle=feed.text,
    )
    for item in feed.items:
        made.add_item(
            title=item.title,
            link=feed.about,
            description=item.text,
            unique_id=item.id,
            pubdate=item.at,
            updateddate=item.at,
        )
    return made.writeString("utf-8").encode()


def json_feed(feed: Following, *, address: str) -> bytes:
    """address: where it was read from."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.text,
        "home_page_url": feed.about,
        "feed_url": address,
        "language": feed.language,
        "authors": [{"name": feed.carrier}],
        "items": [
            {
                "id": item.id,
                "url": feed.about,
                "title": item.title,
                "content_text": item.text or item.title,
                "date_published": item.at.isoformat(),
            }
            for item in feed.items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
