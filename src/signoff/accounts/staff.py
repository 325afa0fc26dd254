"""People of the carrier: who may work at the desk. Only an operator reads these words: English."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from signoff.accounts.models import Role, StaffRole, User
from signoff.accounts.operations import end_sign_ins_of
from signoff.accounts.queries import roles_of
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import InvalidValue, Refusal

STREAM = "staff"


def add_staff(
    *,
    username: str,
    email: str,
    password: str,
    now: datetime,
    roles: Iterable[Role] = (Role.REVIEWER,),
    called: str = "",
) -> User:
    """Somebody who may work at the desk, once they have set up their second factor.

    called: what colleagues read, and customers the first word of it.
    Raises InvalidValue for a weak password, Refusal if the name is taken.
    """
    user = User(username=username, email=email, is_staff=True, last_name=called)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidValue(
            "password", "%(reasons)s", field="password", reasons=" ".join(weak.messages)
        ) from None
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
            _record(Event.STAFF_ADDED, user, now)
            for role in dict.fromkeys(roles):
                _give(user, role, now)
    except IntegrityError:
        raise Refusal(
            "name_taken", "The name “%(name)s” is taken already.", name=username
        ) from None
    return user


def name_staff(*, username: str, called: str, now: datetime) -> None:
    """What colleagues read from now on, and customers the first word of it.

    Raises Refusal if there is no such person.
    """
    user = _staff(username)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(first_name="", last_name=called)
        _record(Event.STAFF_NAMED, user, now)


def remove_staff(*, username: str, now: datetime) -> None:
    """They can do nothing any more from this moment. Raises Refusal if there is no such person."""
    user = _staff(username)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False, is_staff=False)
        end_sign_ins_of(user=user)
        _record(Event.STAFF_REMOVED, user, now)


def forget_second_factor(*, username: str, now: datetime) -> None:
    """For somebody who lost their phone: they set up another at the next sign-in.

    Raises Refusal if there is no such person.
    """
    user = _staff(username)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sign_ins_of(user=user)
        _record(Event.SECOND_FACTOR_FORGOTTEN, user, now)


def give_role(*, username: str, role: Role, now: datetime) -> bool:
    """They may do from now on what the role may. False if they could before.

    Raises Refusal if there is no such person.
    """
    with transaction.atomic():
        return _give(_staff(username), role, now)


def take_role(*, username: str, role: Role, now: datetime) -> bool:
    """They may do it no longer, from this moment. False if they could not before.

    Raises Refusal if there is no such person.
    """
    user = _staff(username)
    with transaction.atomic():
        gone, _rows = StaffRole.objects.filter(user=user, role=role).delete()
        if gone:
            _record(Event.ROLE_TAKEN, user, now, role=role.value)
        return bool(gone)


def roles_held(*, username: str) -> frozenset[Role]:
    """What they may do. Raises Refusal if there is no such person."""
    return roles_of(_staff(username))


def _give(user: User, role: Role, now: datetime) -> bool:
    _row, made = StaffRole.objects.get_or_create(user=user, role=role)
    if made:
        _record(Event.ROLE_GIVEN, user, now, role=role.value)
    return made


def _staff(username: str) -> User:
    user = User.objects.filter(username=username, is_staff=True, is_active=True).first()
    if user is None:
        raise Refusal("no_such_staff", "Nobody called “%(name)s” works at the desk.", name=username)
    return user


def _record(event: Event, user: User, now: datetime, **facts: str) -> None:
    record(event=event, stream=STREAM, at=now, actor="cli", facts={"user": user.pk, **facts})
