"""People of the carrier: who may work at the desk, and as what.

A change comes from an administrator at the desk, or (`by` is None) from the command `signoff
staff`, whose reader has a place on the server. Nobody changes their own place at the desk. So an
administrator is left after every change there: the one who made it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from signoff.accounts.models import Account, Role, StaffRole, User
from signoff.accounts.operations import end_sign_ins_of
from signoff.accounts.queries import roles_of
from signoff.accounts.rules import called_name, sign_in_name
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.words import gettext_noop as _

STREAM = "staff"


@dataclass(frozen=True, slots=True)
class Changed:
    """Tasks that somebody has now and had not, and the other way round."""

    given: tuple[Role, ...]
    taken: tuple[Role, ...]


def add_staff(
    *,
    username: str,
    email: str,
    password: str | None,
    now: datetime,
    roles: Iterable[Role] = (Role.REVIEWER,),
    called: str = "",
    by: User | None = None,
) -> User:
    """Somebody who may work at the desk, once they have set up their second factor.

    password: None if they choose it themselves, by “forgotten password”. called: what colleagues
    read, and customers the first word of it. Raises InvalidValue for a weak password, and for
    names and addresses that are wrong or taken; Refusal if `by` may not.
    """
    user = User(
        username=sign_in_name(username),
        email=email.lower(),
        is_staff=True,
        last_name=called_name(called),
    )
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        _changing(by)
        _check_free(user)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
                EmailAddress.objects.create(
                    user=user, email=user.email, verified=True, primary=True
                )
        except IntegrityError:
            raise _name_taken(user) from None
        _record(Event.STAFF_ADDED, user, by, now)
        for role in dict.fromkeys(roles):
            _give(user, role, by, now)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidValue(
            "password", "%(reasons)s", field="password", reasons=" ".join(weak.messages)
        ) from None


def _check_free(user: User) -> None:
    """At the sign-in, capital and small letters of a name are the same; so are they here."""
    if User.objects.filter(username__iexact=user.username).exists():
        raise _name_taken(user)
    _check_address_free(user.email)


def _name_taken(user: User) -> InvalidValue:
    words = _("The name “%(name)s” is taken already.")
    return InvalidValue("name_taken", words, field="username", name=user.username)


def _check_address_free(email: str) -> None:
    """Nobody who can sign in has it, nor does a customer get letters there."""
    if (
        User.objects.filter(email__iexact=email, is_active=True).exists()
        or EmailAddress.objects.filter(email__iexact=email).exists()
        or Account.objects.filter(email__iexact=email, closed_at=None).exists()
    ):
        words = _("This e-mail address belongs to somebody already. Use another one.")
        raise InvalidValue("address_taken", words, field="email")


def invited_again(*, person: int, email: str, by: User | None, now: datetime) -> User:
    """Another letter will go to somebody who has not chosen a password; `email` may be corrected.

    Raises InvalidValue for an address that is taken, Refusal if they have a password.
    """
    with transaction.atomic():
        user = _another(person, by)
        if user.has_usable_password():
            raise Refusal("has_password", _("They have chosen their password already."))
        email = email.lower()
        if email != user.email:
            _check_address_free(email)
            User.objects.filter(pk=user.pk).update(email=email)
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            user.email = email
        _record(Event.STAFF_INVITED, user, by, now)
    return user


def name_staff(*, person: int, called: str, now: datetime, by: User | None = None) -> None:
    """What colleagues read from now on, and customers the first word of it; also one's own.

    Raises InvalidValue for signs that nobody sees, Refusal if there is no such person.
    """
    name = called_name(called)
    with transaction.atomic():
        user = _found(_changing(by), person)
        User.objects.filter(pk=user.pk).update(first_name="", last_name=name)
        _record(Event.STAFF_NAMED, user, by, now)


def remove_staff(*, person: int, now: datetime, by: User | None = None) -> User:
    """They can do nothing any more from this moment; their address can be invited again.

    `review.leaving.leave` also gives their cases back. Raises Refusal if there is no such person.
    """
    with transaction.atomic():
        user = _another(person, by)
        User.objects.filter(pk=user.pk).update(is_active=False, is_staff=False)
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        end_sign_ins_of(user=user)
        _record(Event.STAFF_REMOVED, user, by, now)
    return user


def forget_second_factor(*, person: int, now: datetime, by: User | None = None) -> None:
    """For somebody who lost their phone: they set up another at the next sign-in.

    Raises Refusal if there is no such person.
    """
    with transaction.atomic():
        user = _another(person, by)
        Authenticator.objects.filter(user=user).delete()
        end_sign_ins_of(user=user)
        _record(Event.SECOND_FACTOR_FORGOTTEN, user, by, now)


def change_roles(
    *,
    person: int,
    give: Collection[Role],
    take: Collection[Role],
    now: datetime,
    by: User | None = None,
) -> Changed:
    """From their next page on they may do what these roles may, and no longer what those may.

    `review.leaving.change_tasks` also gives the cases back of who reviews no longer. Raises
    Refusal if there is no such person.
    """
    with transaction.atomic():
        user = _another(person, by)
        given = tuple(role for role in Role if role in give and _give(user, role, by, now))
        taken = tuple(role for role in Role if role in take and _take(user, role, by, now))
    return Changed(given, taken)


def _give(user: User, role: Role, by: User | None, now: datetime) -> bool:
    _row, made = StaffRole.objects.get_or_create(user=user, role=role)
    if made:
        _record(Event.ROLE_GIVEN, user, by, now, role=role.value)
    return made


def _take(user: User, role: Role, by: User | None, now: datetime) -> bool:
    gone, _rows = StaffRole.objects.filter(user=user, role=role).delete()
    if gone:
        _record(Event.ROLE_TAKEN, user, by, now, role=role.value)
    return bool(gone)


def _another(person: int, by: User | None) -> User:
    """Somebody else than who changes them. In the caller's transaction."""
    staff = _changing(by)
    if by is not None and by.pk == person:
        raise Refusal("own_place", _("Your own place is changed by another administrator."))
    return _found(staff, person)


def _changing(by: User | None) -> dict[int, User]:
    """Everybody of the staff, by id, held until the caller's transaction ends.

    So changes come one after the other, and whoever lost their task while they waited is refused.
    A weaker lock than that of a deletion: rows that refer to these people are still written.
    """
    rows = User.objects.select_for_update(no_key=True).filter(is_staff=True, is_active=True)
    staff = {user.pk: user for user in rows.order_by("pk")}
    if by is not None and (by.pk not in staff or Role.ADMIN not in roles_of(staff[by.pk])):
        raise Refusal("not_admin", _("Only an administrator changes who works at the desk."))
    return staff


def _found(staff: dict[int, User], person: int) -> User:
    if person not in staff:
        raise Refusal("has_left", _("They do not work at the desk any more."))
    return staff[person]


def _record(event: Event, user: User, by: User | None, now: datetime, **facts: str) -> None:
    actor = "cli" if by is None else f"user:{by.pk}"
    record(event=event, stream=STREAM, at=now, actor=actor, facts={"user": user.pk, **facts})
