"""Sending one push: what the public look-up says of a case, to a browser that asked for it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import FINAL_STATES, CaseState
from signoff.closing.state import stream_of
from signoff.closing.sweeping import OUR_FAULT
from signoff.feeds.queries import standing
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.pushes import Gone
from signoff.push import operations as outbox
from signoff.push.models import Push
from signoff.push.queries import browser_of, is_told_elsewhere, push
from signoff.push.rules import topic_of
from signoff.termination.rules import delay_after
from signoff.termination.timeline import Entry
from signoff.wiring import Ports

log = structlog.get_logger()

MAX_TRIES = 12
"""Some two hours: by then the letter is there, and a late push would only puzzle."""
LONGEST_WAIT = 3600
"""Seconds before the next try, however long a push service asks us to stay away."""
FORGET_EVERY = timedelta(hours=1)


def deliver_push(number: int, tries: int, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """Tells one browser once where its case stands now, unless it knows already."""
    if not outbox.begin(push=number, tries=tries):
        return
    row = push(number)
    if row is None:
        return
    try:
        _tell(row, ports, now)
    except Temporary as error:
        _later(row, error)
    except Permanent as error:
        log.warning("push_refused", push=number, why=str(error))
        outbox.mark_failed(push=row, failure=str(error))
    except OUR_FAULT as error:
        _broke(row, error)
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:  # noqa: BLE001 - logged
        _broke(row, error)


def _broke(row: Push, error: Exception) -> None:
    log.exception("push_broke", push=row.pk)
    outbox.mark_failed(push=row, failure=f"signoff: unexpected {type(error).__name__}")


def _tell(row: Push, ports: Ports, now: Callable[[], datetime]) -> None:
    case = cases.case_by_id(row.receiver.case)
    place = standing(case, now=now())
    if place.code == row.receiver.told:
        outbox.mark_nothing_new(push=row)
        return
    try:
        message = _send(row, case, place, ports, now())
    except Gone:
        outbox.gone(push=row, stream=stream_of(case), actor="push", now=now())
    else:
        outbox.mark_sent(push=row, told=place.code, message=message, now=now())


def _send(row: Push, case: Case, place: Entry, ports: Ports, now: datetime) -> str:
    if ports.pushes is None:
        raise Permanent("push", "switched off by the operator")
    is_over = CaseState(case.state) in FINAL_STATES
    return ports.pushes.send(
        to=browser_of(row.receiver),
        text=words(case, place, is_last=is_over and not is_told_elsewhere(row.receiver)),
        topic=topic_of(case.pk),
        now=now,
    ).message


def _later(row: Push, error: Temporary) -> None:
    if row.tries >= MAX_TRIES:
        outbox.mark_failed(push=row, failure=str(error))
    else:
        delay = max(delay_after(row.tries + 1), min(error.retry_after, LONGEST_WAIT))
        outbox.try_later(push=row, failure=str(error), delay_seconds=delay)


def words(case: Case, place: Entry, *, is_last: bool) -> bytes:
    """What the browser shows (JSON): no name, number of a line, amount or service.

    is_last: nothing will follow, so the browser need not listen any longer.
    """
    with translation.override(case.language):
        title = gettext("Case %(number)s at %(carrier)s") % {
            "number": case.number,
            "carrier": settings.SIGNOFF.brand_name,
        }
        told = {
            "title": title,
            "text": gettext(place.template),
            "language": case.language,
            "address": f"/cases/{case.number}/",
            "last": is_last,
        }
    return json.dumps(told, ensure_ascii=False).encode()


def forget_when_due(*, now: datetime) -> datetime:
    """Forgets the browsers of cases long over; returns when to ask again. Raises DatabaseError."""
    if forgotten := outbox.forget_due(now=now):
        log.info("browsers_forgotten", browsers=forgotten)
    return now + FORGET_EVERY
