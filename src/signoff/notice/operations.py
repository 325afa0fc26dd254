"""Writing to the outbox. A notice is put down in the transaction of what it tells about."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from signoff.notice.account_words import (
    DisputeWords,
    MessageWords,
    dispute_resolved,
    message_waits,
)
from signoff.notice.layout import Wording
from signoff.notice.models import Channel, Notice, NoticeState
from signoff.notice.queries import dispute_key, held_for_account, invitation_key
from signoff.notice.staff_words import InvitationWords, StaffWords, invitation, staff_letter
from signoff.notice.words import CaseWords, letter, text
from signoff.ports.engine import engine

DELIVER = "deliver_notice"
"""Name of the workflow that sends one notice; its argument is the notice's number."""


def run_key(notice: int, tries: int) -> str:
    """The engine's name of one try to send a notice."""
    return f"notice:{notice}:{tries}"


def write_letter(
    *,
    kind: str,
    case: UUID,
    to: str,
    language: str,
    words: CaseWords,
    now: datetime,
    part: str = "",
    reply_to: str = "",
) -> Notice:
    """Puts a letter down, once for each case, kind and part; `post` has it sent."""
    key = f"{case}:{kind}:letter{part and ':'}{part}"
    wording = letter(kind, language, words)
    return _letter(
        wording,
        key=key,
        kind=kind,
        to=to,
        language=language,
        now=now,
        case=case,
        reply_to=reply_to,
    )


def write_dispute_letter(
    *, dispute: UUID, to: str, language: str, words: DisputeWords, now: datetime
) -> Notice:
    """Puts the answer to a dispute down, once for each; it belongs to an account, not to a case."""
    wording = dispute_resolved(language, words)
    key, kind = dispute_key(dispute), "dispute_resolved"
    return _letter(wording, key=key, kind=kind, to=to, language=language, now=now)


def write_message_letter(
    *,
    account: int,
    message: int,
    to: str,
    language: str,
    words: MessageWords,
    now: datetime,
) -> Notice:
    """Puts down, once, that there is a message for a customer that is about no case."""
    wording = message_waits(language, words)
    return _letter(
        wording,
        key=f"account:{account}:message:letter:{message}",
        kind="message",
        to=to,
        language=language,
        now=now,
        reply_to=words.answer_to,
    )


def write_staff_letter(
    *, person: int, day: str, to: str, language: str, words: StaffWords, now: datetime
) -> Notice:
    """Puts down what one of the staff is told on a day (ISO 8601), once."""
    wording = staff_letter(language, words)
    key, kind = f"staff:{person}:{day}:letter", "staff_day"
    return _letter(wording, key=key, kind=kind, to=to, language=language, now=now)


def write_invitation(
    *, person: int, number: int, to: str, language: str, words: InvitationWords, now: datetime
) -> Notice:
    """Puts down that somebody has a place at the desk; `number` is 1 for their first letter."""
    wording = invitation(language, words)
    key, kind = invitation_key(person, number), "staff_invited"
    return _letter(wording, key=key, kind=kind, to=to, language=language, now=now)


def write_text(
    *,
    kind: str,
    case: UUID,
    to: str,
    language: str,
    words: CaseWords,
    now: datetime,
    part: str = "",
) -> Notice:
    """Puts an SMS down, once for each case, kind and part."""
    return _once(
        Notice(
            key=f"{case}:{kind}:text{part and ':' + part}",
            case=case,
            kind=kind,
            channel=Channel.TEXT,
            language=language,
            recipient=to,
            text=text(kind, language, words),
            created_at=now,
        )
    )


def _letter(
    wording: Wording,
    *,
    key: str,
    kind: str,
    to: str,
    language: str,
    now: datetime,
    case: UUID | None = None,
    reply_to: str = "",
) -> Notice:
    return _once(
        Notice(
            key=key,
            case=case,
            kind=kind,
            channel=Channel.LETTER,
            language=language,
            recipient=to,
            subject=wording.subject,
            text=wording.text,
            reply_to=reply_to,
            created_at=now,
        )
    )


def _once(notice: Notice) -> Notice:
    row, _created = Notice.objects.get_or_create(
        key=notice.key,
        defaults={
            field.attname: getattr(notice, field.attname)
            for field in Notice._meta.concrete_fields
            if field.attname not in {"id", "key"}
        },
    )
    return row


def post(*, notice: Notice, delay: timedelta = timedelta()) -> None:
    """Has the worker send a notice. Must be called in the transaction that wrote it.

    delay: from its writing on; so long it can be cancelled.
    """
    not_before = notice.created_at + delay if delay else None
    Notice.objects.filter(pk=notice.pk).update(is_posted=True, not_before=not_before)
    engine().enqueue(DELIVER, run_key(notice.pk, 0), notice.pk, 0, delay=delay)


def cancel_held(*, case: UUID, kinds: Collection[str] = ()) -> int:
    """Letters of a case that are still held back are never sent; returns how many.

    kinds: only these; empty: all. One that the worker has begun to send is left alone: the
    database decides who is first (see `begin_held`).
    """
    held = Notice.objects.filter(
        case=case, state=NoticeState.WAITING, not_before__isnull=False, is_begun=False
    )
    if kinds:
        held = held.filter(kind__in=kinds)
    return held.update(state=NoticeState.CANCELLED)


def cancel_held_for_account(*, account: int, kind: str) -> int:
    """The same for letters that are about no case."""
    held = held_for_account(account, kind).filter(is_begun=False)
    return held.update(state=NoticeState.CANCELLED)


def begin_held(*, notice: int) -> bool:
    """A letter that was held back is about to be sent. False: it was cancelled meanwhile."""
    waiting = Notice.objects.filter(pk=notice, state=NoticeState.WAITING)
    return bool(waiting.update(is_begun=True))


def begin(*, notice: int) -> bool:
    """Writes down that a text is about to be sent. False: an earlier try was already at it."""
    return bool(Notice.objects.filter(pk=notice, is_begun=False).update(is_begun=True))


def note_message_id(*, notice: int, message_id: str) -> None:
    """The SMSC has taken the message: from now on it is asked, not told again."""
    Notice.objects.filter(pk=notice).update(message_id=message_id)


def mark_sent(*, key: str, message_id: str, now: datetime) -> None:
    """It arrived, or the mail server has it."""
    Notice.objects.filter(key=key, state=NoticeState.WAITING).update(
        state=NoticeState.SENT, message_id=message_id, sent_at=now, failure=""
    )


def mark_failed(*, key: str, failure: str) -> None:
    """It will not arrive; a person sees it at the desk."""
    Notice.objects.filter(key=key, state=NoticeState.WAITING).update(
        state=NoticeState.FAILED, failure=failure[:200]
    )


def try_later(*, notice: int, tries: int, failure: str, delay_seconds: int) -> None:
    """Not now: written down, and asked for again after a while, in one transaction."""
    with transaction.atomic():
        changed = Notice.objects.filter(pk=notice, state=NoticeState.WAITING, tries=tries).update(
            tries=tries + 1, failure=failure[:200]
        )
        if changed:
            engine().enqueue(
                DELIVER,
                run_key(notice, tries + 1),
                notice,
                tries + 1,
                delay=timedelta(seconds=delay_seconds),
            )
