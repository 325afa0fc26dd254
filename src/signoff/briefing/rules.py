"""When the staff is told what waits, and of what. Pure."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.core import get_global

from signoff.policies.working_days import counts

_SATURDAY = 5


class Topic(enum.Enum):
    """Something that waits, in the order in which the letter tells of it."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    STOPPED = "stopped"
    UNCLAIMED = "unclaimed"
    UNREAD = "unread"
    TICKETS = "tickets"
    APPROVALS = "approvals"
    FAILED = "failed"
    LATE = "late"


CASES = (
    Topic.OVERDUE,
    Topic.DUE_TODAY,
    Topic.STOPPED,
    Topic.UNCLAIMED,
    Topic.UNREAD,
    Topic.TICKETS,
)
MONEY = (Topic.APPROVALS, Topic.FAILED, Topic.LATE)

TOPICS: dict[str, tuple[Topic, ...]] = {"reviewer": CASES, "admin": CASES, "finance": MONEY}
"""By the code of a role; who has none of these gets no letter."""


@dataclass(frozen=True, slots=True)
class Waits:
    """So many things of a topic, and the numbers of their cases: each once, the first one first."""

    topic: Topic
    number: int
    cases: tuple[str, ...]


def topics_for(roles: frozenset[str]) -> tuple[Topic, ...]:
    """What somebody with these roles is told of, each once."""
    wanted = {topic for role in roles for topic in TOPICS.get(role, ())}
    return tuple(topic for topic in Topic if topic in wanted)


def day_to_tell(now: datetime, *, hour: int | None, time_zone: str) -> date | None:
    """Today by the carrier's clock, if its letter is due by now; None before the hour, on a day
    without work, and where `hour` is None: the operator wants no letters."""
    local = now.astimezone(ZoneInfo(time_zone))
    if hour is None or local.hour < hour or not is_worked(local.date(), time_zone):
        return None
    return local.date()


def is_worked(day: date, time_zone: str) -> bool:
    """By the calendar of the country that the time zone is in; Monday to Friday where it is in
    none, like UTC, or where no calendar of the country is known."""
    zone = get_global("zone_aliases").get(time_zone, time_zone)
    country = get_global("zone_territories").get(zone, "")
    try:
        return counts(day, country)
    except NotImplementedError:
        return day.weekday() < _SATURDAY
