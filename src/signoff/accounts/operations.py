"""Writes to accounts, lines, profiles, services and sign-ins."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.module_loading import import_string

from signoff.accounts.models import (
    Account,
    Line,
    LineState,
    LinkedService,
    Profile,
    ProfileState,
    ServiceState,
    User,
)
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.identifiers import Iccid

_AT_ONCE = 500
"""Sessions in one transaction."""


def move_lines(
    *, lines: Sequence[int], frm: Sequence[LineState], to: LineState, now: datetime
) -> int:
    """Compare-and-set of the state of lines; returns how many changed.

    They are known "as of" now: an export that was made before does not move them back.
    """
    return Line.objects.filter(pk__in=lines, state__in=frm).update(state=to, as_of=now)


def mark_profile(*, line: int, state: ProfileState, now: datetime) -> None:
    """What we know of the profile of a line since now."""
    Profile.objects.filter(line_id=line).update(state=state, as_of=now)


def observe_profile(*, iccid: Iccid, state: ProfileState, seen_at: datetime, now: datetime) -> bool:
    """The SM-DP+ told us of a profile, as it was at `seen_at`. False if we have no such profile.

    What comes late is not news: an "installed" that was delayed on its way must not bring back a
    profile that has been deleted since.
    """
    seen_at = min(seen_at, now)
    with transaction.atomic():
        changed = Profile.objects.filter(iccid=iccid, as_of__lte=seen_at).exclude(state=state)
        for profile in changed.select_related("line"):
            profile.state, profile.as_of = state, seen_at
            profile.save(update_fields=["state", "as_of"])
            record(
                event=Event.PROFILE_OBSERVED,
                stream=f"account:{profile.line.account_id}",
                at=now,
                actor="smdp",
                facts={"line": profile.line_id, "state": state.value},
            )
        return Profile.objects.filter(iccid=iccid).exists()


def end_service(*, service: int, now: datetime) -> None:
    """A linked service has ended."""
    LinkedService.objects.filter(pk=service).update(state=ServiceState.ENDED, as_of=now)


def close_account(*, account: int, now: datetime) -> None:
    """Nobody can sign in any more; second factors and addresses of the sign-in are forgotten.

    The password opens nothing now, but stays known: who types it is told that the account is
    closed, and nobody else is.
    """
    Account.objects.filter(pk=account, closed_at=None).update(closed_at=now)
    for user in User.objects.filter(account__pk=account):
        user.is_active = False
        user.save(update_fields=["is_active"])
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()


def session_mark(session_key: str) -> str:
    """What a case keeps of a session: enough to recognise it, useless to anybody who reads it."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{session_key}".encode()).hexdigest()


def is_signed_in(account: Account, *, mark: str) -> bool:
    """Whether the session with this mark is one of the account's user, and goes on."""
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    return any(
        session_mark(sign_in.session_key) == mark
        and store(sign_in.session_key).exists(sign_in.session_key)
        for sign_in in UserSession.objects.filter(user__account__pk=account.pk)
    )


def end_sign_ins(*, account: int, except_mark: str = "") -> int:
    """Ends every sign-in of an account's user, but for the session with this mark; counts them."""
    return _end(
        [
            sign_in
            for sign_in in UserSession.objects.filter(user__account__pk=account)
            if not except_mark or session_mark(sign_in.session_key) != except_mark
        ]
    )


def end_sign_ins_of(*, user: User) -> int:
    """Ends every sign-in of a person; counts them."""
    return _end(list(UserSession.objects.filter(user=user)))


def forget_expired_sessions(*, now: datetime) -> int:
    """Deletes sessions that ran out, with what they kept; counts them.

    That is where from and with what browser somebody signed in, and perhaps a form that waits for
    its sender's password, like the account that money is to go to.
    """
    with transaction.atomic():
        keys = list(
            Session.objects.filter(expire_date__lte=now).values_list("session_key", flat=True)[
                :_AT_ONCE
            ]
        )
        if keys:
            UserSession.objects.filter(session_key__in=keys).delete()
            Session.objects.filter(session_key__in=keys, expire_date__lte=now).delete()
    return len(keys)


SWEEPS = (forget_expired_sessions,)


def _end(sign_ins: Sequence[UserSession]) -> int:
    store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    for sign_in in sign_ins:
        store(sign_in.session_key).delete(sign_in.session_key)
        sign_in.delete()
    return len(sign_ins)
