"""People of the carrier: who may work at the desk. Only an operator reads these words: English."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from signoff.accounts.models import User
from signoff.accounts.operations import end_sign_ins_of
from signoff.audit.events import Event
from signoff.audit.operations import record
from signoff.kernel.errors import InvalidValue, Refusal

STREAM = "staff"


def add_staff(*, username: str, email: str, password: str, now: datetime) -> User:
    """Somebody who may work at the desk, once they have set up their second factor.

    Raises InvalidValue for a weak password, Refusal if the name is taken.
    """
    user = User(username=username, email=email, is_staff=True)
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
    except IntegrityError:
        raise Refusal(
            "name_taken", "The name “%(name)s” is taken already.", name=username
        ) from None
    return user


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


def _staff(username: str) -> User:
    user = User.objects.filter(username=username, is_staff=True, is_active=True).first()
    if user is None:
        raise Refusal("no_such_staff", "Nobody called “%(name)s” works at the desk.", name=username)
    return user


def _record(event: Event, user: User, now: datetime) -> None:
    record(event=event, stream=STREAM, at=now, actor="cli", facts={"user": user.pk})
