"""Sending one notice of the outbox."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import DatabaseError

from signoff.closing.sweeping import OUR_FAULT
from signoff.kernel.identifiers import Msisdn
from signoff.notice import operations as outbox
from signoff.notice.models import Channel, Notice, NoticeState
from signoff.notice.queries import notice
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.texts import Delivery
from signoff.termination.rules import delay_after
from signoff.wiring import Ports

log = structlog.get_logger()

MAX_TRIES = 20
"""About half a day; then a person sees it at the desk."""


def deliver_notice(number: int, tries: int, *, ports: Ports, now: Callable[[], datetime]) -> None:
    """Sends a notice once. A notice that cannot be sent now is tried again later."""
    row = notice(number)
    if row.state != NoticeState.WAITING or row.tries != tries:
        return
    if row.not_before and not outbox.begin_held(notice=number):
        return
    try:
        reference = _send(row, ports)
        outbox.mark_sent(key=row.key, message_id=reference[:200], now=now())
    except Temporary as error:
        if tries >= MAX_TRIES:
            outbox.mark_failed(key=row.key, failure=str(error))
        else:
            outbox.try_later(
                notice=number, tries=tries, failure=str(error), delay_seconds=delay_after(tries + 1)
            )
    except Permanent as error:
        outbox.mark_failed(key=row.key, failure=str(error))
    except OUR_FAULT as error:
        _broke(row, error)
    except DatabaseError:
        raise  # for the engine: nothing is written
    except Exception as error:  # noqa: BLE001 - logged, and shown at the desk
        _broke(row, error)


def _broke(row: Notice, error: Exception) -> None:
    """A mistake of ours: to send it once more would not help, and tell somebody twice."""
    log.exception("notice_broke", notice=row.pk)
    outbox.mark_failed(key=row.key, failure=f"signoff: unexpected {type(error).__name__}")


def _send(row: Notice, ports: Ports) -> str:
    if row.channel == Channel.LETTER:
        return ports.letters.send(
            to=row.recipient,
            subject=row.subject,
            text=row.text,
            key=row.key,
            reply_to=row.reply_to,
        ).message_id
    answer = ports.texts.send(
        to=Msisdn(row.recipient),
        text=row.text,
        key=row.key,
        message_id=row.message_id or None,
        may_repeat=not outbox.begin(notice=row.pk),
        accepted=lambda reference: outbox.note_message_id(
            notice=row.pk, message_id=reference[:200]
        ),
    )
    if answer.delivery is not Delivery.DELIVERED:
        raise Permanent("smsc", "the number cannot receive it")
    return answer.message_id
