"""Pausing a line and waking it up again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from signoff.accounts.models import Line, LineState
from signoff.accounts.operations import move_lines
from signoff.alternatives.models import Pause, PauseState
from signoff.alternatives.rules import resume_moment
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine

FOLLOW = "follow_pause"
"""Name of the workflow that makes the network follow a pause; its argument is the pause's id."""

CUSTOMER, ENGINE = "customer", "engine"
"""Who paused a line, and who woke it up, in the record."""


def run_key(pause_id: int, tries: int) -> str:
    """One run for each try."""
    return f"pause:{pause_id}:{tries}"


def pause(*, line: Line, until: date, now: datetime) -> Pause:
    """The line rests from now until the start of the day `until`; the number is kept.

    Raises InvalidValue for a bad day, Refusal if the line is not active.
    """
    zone = line.account.time_zone
    resume_at = resume_moment(until=until, today=line.account.day_at(now), time_zone=zone)
    try:
        with transaction.atomic():
            if not move_lines(
                lines=[line.pk], frm=[LineState.ACTIVE], to=LineState.PAUSED, now=now
            ):
                raise Refusal("not_active", _("Only a line that is in use can be paused."))
            row = Pause.objects.create(line=line, asked_at=now, until=until, resume_at=resume_at)
            _record(Event.LINE_PAUSED, row, now, CUSTOMER)
            engine().enqueue(FOLLOW, run_key(row.pk, 0), row.pk)
            engine().enqueue(FOLLOW, f"pause:{row.pk}:wake", row.pk, delay=resume_at - now)
    except IntegrityError:
        raise Conflict("the line is paused already") from None
    return row


def resume(*, line: Line, now: datetime) -> Pause:
    """The line wakes up now. Raises Refusal if it does not rest."""
    with transaction.atomic():
        row = Pause.objects.filter(line=line).exclude(state=PauseState.OVER).first()
        if row is None:
            raise Refusal("not_paused", _("This line is not paused."))
        wake(pause_id=row.pk, now=now)
        follow_again(row, delay=timedelta())
    return row


def wake(*, pause_id: int, now: datetime) -> bool:
    """The wish to wake up: by hand, or because the day has come. False if there is none to wake."""
    awake = Pause.objects.filter(
        pk=pause_id, state__in=[PauseState.ASKED, PauseState.RESTING]
    ).update(state=PauseState.RESUMING, resume_at=now)
    return bool(awake)


def mark_resting(*, pause_id: int) -> bool:
    """The network has switched the line off. False: the pause has gone on meanwhile."""
    rests = Pause.objects.filter(pk=pause_id, state=PauseState.ASKED).update(
        state=PauseState.RESTING, trouble=""
    )
    return bool(rests)


def mark_over(*, pause_id: int, now: datetime) -> None:
    """The network has switched the line on again, or the line is being closed."""
    with transaction.atomic():
        row = Pause.objects.select_related("line__account").get(pk=pause_id)
        if not Pause.objects.filter(pk=pause_id, state=PauseState.RESUMING).update(
            state=PauseState.OVER, ended_at=now, trouble=""
        ):
            return
        move_lines(lines=[row.line_id], frm=[LineState.PAUSED], to=LineState.ACTIVE, now=now)
        _record(Event.LINE_RESUMED, row, now, _woken_by(row))


def follow_again(row: Pause, *, delay: timedelta, trouble: str = "") -> None:
    """Asks for another run that makes the network follow; only once, whoever asks at a time."""
    with transaction.atomic():
        tries = row.tries + 1
        if Pause.objects.filter(pk=row.pk, tries=row.tries).update(
            tries=tries, trouble=trouble[:200]
        ):
            engine().enqueue(FOLLOW, run_key(row.pk, tries), row.pk, delay=delay)


def end_with_line(*, lines: Sequence[int], now: datetime) -> None:
    """The lines are being closed: there is nothing left to wake up."""
    Pause.objects.filter(line__in=lines).exclude(state=PauseState.OVER).update(
        state=PauseState.OVER, ended_at=now
    )


def _woken_by(row: Pause) -> str:
    """On the day `until` the line wakes up by itself."""
    woken_on = row.line.account.day_at(row.resume_at)
    return ENGINE if woken_on >= row.until else CUSTOMER


def _record(event: Event, row: Pause, now: datetime, actor: str) -> None:
    record(
        event=event,
        stream=f"account:{row.line.account_id}",
        at=now,
        actor=actor,
        facts={"line": row.line_id, "until": row.until.isoformat()},
    )
