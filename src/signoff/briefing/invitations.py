"""Inviting a new colleague: they get a letter, and choose their password by “forgotten password”.

The letter holds no secret, and never runs out: the code that lets somebody choose a password goes
to the mailbox when they ask for it, and is good for minutes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from signoff.accounts.models import Role, User
from signoff.accounts.staff import add_staff, invited_again
from signoff.briefing.operations import note_language
from signoff.briefing.queries import language_of
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _
from signoff.notice import operations as notice
from signoff.notice.models import Notice, NoticeState
from signoff.notice.queries import invitations_of
from signoff.notice.staff_words import InvitationWords

MOST = 9
"""So many letters to one person; who has answered none of them does not read that mailbox."""


def invite(
    *,
    username: str,
    email: str,
    called: str,
    roles: Iterable[Role],
    language: str,
    by: User,
    now: datetime,
) -> User:
    """Somebody has a place at the desk, without a password, and a letter goes to them.

    language: of the letter, and of later ones until they have been at the desk. Raises
    InvalidValue for what is wrong or taken, Refusal if `by` is no administrator.
    """
    with transaction.atomic():
        person = add_staff(
            username=username,
            email=email,
            password=None,
            roles=roles,
            called=called,
            by=by,
            now=now,
        )
        note_language(user=person, language=language)
        _write(person, 1, by, now)
    return person


def invite_again(*, person: int, email: str, by: User, now: datetime) -> None:
    """Another letter, to the address that is right now.

    Raises InvalidValue for an address that is taken, and Refusal if they have chosen a password,
    while the last letter is on its way, and after MOST letters.
    """
    with transaction.atomic():
        user = invited_again(person=person, email=email, by=by, now=now)
        letters = invitations_of(person, most=MOST)
        if any(_is_on_its_way(letter, user.email) for letter in letters):
            raise Refusal("on_its_way", _("The last letter to them is still on its way."))
        if len(letters) >= MOST:
            raise Refusal(
                "invited_often",
                _("They have got %(count)s letters. Ask them whether they read that mailbox."),
                count=MOST,
            )
        _write(user, len(letters) + 1, by, now)


def last_invitation(person: int) -> Notice | None:
    """The newest letter that invited them; None for who got their password on the server."""
    letters = invitations_of(person, most=MOST)
    return letters[-1] if letters else None


def _is_on_its_way(letter: Notice, address: str) -> bool:
    return letter.state == NoticeState.WAITING and letter.recipient == address


def _write(person: User, number: int, by: User, now: datetime) -> None:
    letter = notice.write_invitation(
        person=person.pk,
        number=number,
        to=person.email,
        language=language_of(person),
        words=InvitationWords(
            name=person.get_full_name() or person.username,
            username=person.username,
            by=by.get_full_name() or by.username,
        ),
        now=now,
    )
    notice.post(notice=letter)
