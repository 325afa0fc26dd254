"""Reads for the letter: what waits, and who is told."""

from collections.abc import Iterable
from datetime import date, datetime

from signoff.accounts.models import User
from signoff.accounts.queries import all_staff
from signoff.briefing.models import Reader, Told
from signoff.briefing.rules import Topic, Waits, topics_for
from signoff.closing.listing import numbers_of
from signoff.review import queries as review
from signoff.settlement.models import Refund
from signoff.settlement.refunds import queries as refunds
from signoff.talk.queries import tickets, unread_for_desk


def is_wanted_by(user: User) -> bool:
    """Whether they have not said no to the letter."""
    return not Reader.objects.filter(user=user, is_wanted=False).exists()


def not_wanted() -> set[int]:
    """Ids of the people who have said no (one query)."""
    return set(Reader.objects.filter(is_wanted=False).values_list("user_id", flat=True))


def language_of(user: User) -> str:
    """In which the desk spoke to them last; English for whoever has not been there."""
    row = Reader.objects.filter(user=user).first()
    return row.language if row else "en"


def people_to_tell(day: date) -> list[tuple[User, tuple[Topic, ...]]]:
    """The staff with an address whose day has not been looked at, and what each is told of."""
    passed = not_wanted() | set(Told.objects.filter(day=day).values_list("user_id", flat=True))
    found = []
    for user in all_staff():
        topics = topics_for(frozenset(row.role for row in user.staff_roles.all()))
        if topics and user.email and user.pk not in passed:
            found.append((user, topics))
    return found


def what_waits(*, now: datetime, today: date) -> dict[Topic, Waits]:
    """Of each topic in which something waits. today: by the carrier's calendar."""
    late, due = review.due_by_now(now=now)
    open_tickets = (row.case.number if row.case else "" for row in tickets())
    found = [
        _waits(Topic.OVERDUE, late),
        _waits(Topic.DUE_TODAY, due),
        _waits(Topic.STOPPED, review.stopped()),
        _waits(Topic.UNCLAIMED, review.unclaimed(now=now)),
        _waits(Topic.UNREAD, unread_for_desk()),
        _waits(Topic.TICKETS, open_tickets),
        _refunds(Topic.APPROVALS, refunds.waiting_for_approval()),
        _refunds(Topic.FAILED, refunds.failed_refunds()),
        _refunds(Topic.LATE, refunds.late_refunds(today)),
    ]
    return {one.topic: one for one in found if one.number}


def _waits(topic: Topic, cases: Iterable[str]) -> Waits:
    all_of_them = list(cases)
    return Waits(topic, len(all_of_them), tuple(dict.fromkeys(filter(None, all_of_them))))


def _refunds(topic: Topic, rows: list[Refund]) -> Waits:
    numbers = numbers_of(row.case for row in rows)
    return _waits(topic, (numbers.get(row.case, "") for row in rows))
