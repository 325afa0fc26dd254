"""People of a sample carrier, who may sign in with a password that everybody knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction

from signoff.accounts.demo_rows import StaffRow
from signoff.accounts.models import StaffRole, User
from signoff.kernel.errors import Refusal
from signoff.kernel.words import gettext_noop as _

DEMO_PASSWORD = "boom-demo-2026"  # noqa: S105 - it is printed in the README; see `intake.demo`


class NotStaff(Refusal):
    """A customer has the user name that one of the staff was to get."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "not_staff",
            _("“%(username)s” is a customer: who works at the desk needs another user name."),
            username=username,
        )


@dataclass(frozen=True, slots=True)
class Made:
    """How many customers got the password, and how many people of the staff there are."""

    customers: int
    staff: int


def make_people(*, customers: Sequence[str], staff: Sequence[StaffRow]) -> Made:
    """customers: user names. Who has chosen a password keeps it. Raises NotStaff."""
    # One hash for all: the password is no secret, and fifty would take seconds.
    password = make_password(DEMO_PASSWORD)
    with transaction.atomic():
        given = User.objects.filter(
            username__in=customers,
            is_staff=False,
            is_active=True,
            account__isnull=False,
            password__startswith=UNUSABLE_PASSWORD_PREFIX,
        ).update(password=password)
        for row in staff:
            _make_person(row, password)
    return Made(given, len(staff))


def _make_person(row: StaffRow, password: str) -> None:
    user, made = User.objects.get_or_create(
        username=row.username,
        defaults={
            "email": row.email.lower(),
            "last_name": row.name,
            "is_staff": True,
            "password": password,
        },
    )
    if not user.is_staff:
        raise NotStaff(row.username)
    if made:
        EmailAddress.objects.create(user=user, email=row.email.lower(), verified=True, primary=True)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(row.totp_secret)}
        )
        StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in row.held)
