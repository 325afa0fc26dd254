"""Telling the staff, once a working day, what waits; and noting who wants to be told, and how."""

from datetime import datetime

from django.db import IntegrityError, transaction

from signoff.accounts.models import User
from signoff.briefing.models import Reader, Told
from signoff.briefing.queries import language_of, people_to_tell, what_waits
from signoff.briefing.rules import Waits, day_to_tell
from signoff.closing.sweeping import by_itself
from signoff.config import config
from signoff.notice import operations as notice
from signoff.notice.staff_words import Part, StaffWords


def tell_staff(*, now: datetime) -> int:
    """Writes the letter of today to whoever has not got it, and returns how many were written.

    May run in any number of workers at a time: the database lets each person be told once a day.
    With nothing to tell there is no letter, and no later one on that day.
    """
    day = day_to_tell(now, hour=config().staff_letter_hour, time_zone=config().time_zone)
    people = people_to_tell(day) if day else []
    if day is None or not people:
        return 0
    waits = what_waits(now=now, today=day)
    done = 0
    for user, topics in people:
        with by_itself("staff_letters", user.pk), transaction.atomic():
            if _once(Told(user=user, day=day, at=now)):
                theirs = [waits[topic] for topic in topics if topic in waits]
                done += bool(theirs) and _write(user, day.isoformat(), theirs, now)
    return done


def _write(user: User, day: str, waits: list[Waits], now: datetime) -> bool:
    letter = notice.write_staff_letter(
        person=user.pk,
        day=day,
        to=user.email,
        language=language_of(user),
        words=StaffWords(
            name=user.get_full_name() or user.username,
            parts=tuple(Part(one.topic.value, one.number, one.cases) for one in waits),
        ),
        now=now,
    )
    notice.post(notice=letter)
    return True


def _once(told: Told) -> bool:
    """False if another worker was first. In the caller's transaction."""
    try:
        with transaction.atomic():
            told.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def note_language(*, user: User, language: str) -> None:
    """The desk speaks this language to them; so will the letter."""
    Reader.objects.update_or_create(user=user, defaults={"language": language})


def want_letter(*, user: User, is_wanted: bool, language: str) -> None:
    """They would like to be told by letter, or not any more."""
    Reader.objects.update_or_create(
        user=user, defaults={"is_wanted": is_wanted, "language": language}
    )


SWEEPS = (tell_staff,)
"""What the worker does by the clock; each returns how many things it did."""
