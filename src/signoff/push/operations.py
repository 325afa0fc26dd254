"""Switching it on and off, and what is put down for the worker when a case has moved."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.ports.engine import engine
from signoff.ports.pushes import Browser
from signoff.push.models import Push, PushState, Receiver
from signoff.push.rules import LASTS_AFTER_END, MOST, SETTLES, digest_of

DELIVER = "deliver_push"
"""Name of the workflow that sends one push; its arguments are its number and the tries before."""
_UNDER_WAY = (PushState.WAITING, PushState.BEGUN)


def run_key(push: int, tries: int) -> str:
    """The engine's name of one try to send a push."""
    return f"push:{push}:{tries}"


def switch_on(
    *, case: UUID, stream: str, actor: str, browser: Browser, told: str, now: datetime
) -> None:
    """This browser is told from now on; once is enough, and a new key takes the place of the old.

    told: where the case stands now, which is not told again. The caller holds the case's lock.
    Raises Refusal if the case tells as many as it may.
    """
    digest = digest_of(browser.endpoint)
    keys = {"public_key": browser.public_key, "secret": browser.secret}
    with transaction.atomic():
        if Receiver.objects.filter(case=case, digest=digest).update(**keys):
            return
        if Receiver.objects.filter(case=case).count() >= MOST:
            raise Refusal(
                "too_many_devices",
                _("%(count)s devices are told already. Switch them off first."),
                count=MOST,
            )
        Receiver.objects.create(
            case=case, endpoint=browser.endpoint, digest=digest, told=told, made_at=now, **keys
        )
        record(event=Event.PUSH_ON, stream=stream, at=now, actor=actor, facts={})


def switch_off(*, case: UUID, stream: str, actor: str, digest: str, now: datetime) -> None:
    """One browser is told nothing more; `digest` empty: none is. Twice is as good as once."""
    with transaction.atomic():
        receivers = Receiver.objects.filter(case=case)
        if digest:
            receivers = receivers.filter(digest=digest)
        if receivers.delete()[0]:
            record(event=Event.PUSH_OFF, stream=stream, at=now, actor=actor, facts={})


def changed(*, case: UUID, is_over: bool, now: datetime) -> None:
    """A case has moved: its browsers are told after a while.

    Must be called in the transaction that moved it. The update of what waits already locks it
    against the worker, who therefore reads the case either before this push is put down or after
    the case has moved, and never in between.
    """
    receivers = list(Receiver.objects.filter(case=case).values_list("pk", flat=True))
    if not receivers:
        return
    Receiver.objects.filter(case=case).update(forget_at=now + LASTS_AFTER_END if is_over else None)
    waits = Push.objects.filter(receiver__in=receivers, state=PushState.WAITING)
    waits.update(asked_at=now)
    joined = set(waits.values_list("receiver", flat=True))
    for receiver in receivers:  # three at most
        if receiver not in joined:
            row = Push.objects.create(receiver_id=receiver, asked_at=now)
            engine().enqueue(DELIVER, run_key(row.pk, 0), row.pk, 0, delay=SETTLES)


def begin(*, push: int, tries: int) -> bool:
    """A try begins; what changes from now on is another push. False: it is not this try's turn."""
    mine = Push.objects.filter(pk=push, tries=tries, state__in=_UNDER_WAY)
    return bool(mine.update(state=PushState.BEGUN))


def mark_sent(*, push: Push, told: str, message: str, now: datetime) -> None:
    """The push service has it."""
    with transaction.atomic():
        if _end(push, PushState.SENT, message=message[:200], sent_at=now, failure=""):
            Receiver.objects.filter(pk=push.receiver_id).update(told=told)


def mark_nothing_new(*, push: Push) -> None:
    """The case stands where it stood when this browser was told last."""
    _end(push, PushState.NOTHING_NEW)


def mark_failed(*, push: Push, failure: str) -> None:
    """It was not sent. Nobody has to look: letter and SMS say the same."""
    _end(push, PushState.FAILED, failure=failure[:200])


def _end(push: Push, state: PushState, **changes: object) -> bool:
    begun = Push.objects.filter(pk=push.pk, state__in=_UNDER_WAY)
    return bool(begun.update(state=state, **changes))


def try_later(*, push: Push, failure: str, delay_seconds: int) -> None:
    """Not now: written down, and asked for again after a while, in one transaction."""
    tries = push.tries + 1
    with transaction.atomic():
        mine = Push.objects.filter(pk=push.pk, tries=push.tries, state__in=_UNDER_WAY)
        if mine.update(tries=tries, failure=failure[:200]):
            delay = timedelta(seconds=delay_seconds)
            engine().enqueue(DELIVER, run_key(push.pk, tries), push.pk, tries, delay=delay)


def gone(*, push: Push, stream: str, actor: str, now: datetime) -> None:
    """The push service says that the browser takes nothing more: it is forgotten."""
    with transaction.atomic():
        if Receiver.objects.filter(pk=push.receiver_id).delete()[0]:
            record(event=Event.PUSH_OFF, stream=stream, at=now, actor=actor, facts={"why": "gone"})


def forget_due(*, now: datetime) -> int:
    """Forgets the browsers of cases that ended a week ago; returns how many."""
    return Receiver.objects.filter(forget_at__lte=now).delete()[1].get("push.Receiver", 0)
