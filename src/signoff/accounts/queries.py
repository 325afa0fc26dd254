"""Reads of accounts and lines."""

from collections.abc import Collection, Sequence

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from signoff.accounts.models import (
    Account,
    Device,
    Line,
    LineState,
    LinkedService,
    Role,
    ServiceState,
    StaffRole,
    User,
)
from signoff.kernel.errors import Refusal


def account_of(user: User) -> Account | None:
    """The account that belongs to a customer's sign-in, if any."""
    return Account.objects.filter(user=user).first()


def account_by_id(identifier: int) -> Account:
    """Raises Account.DoesNotExist."""
    return Account.objects.get(pk=identifier)


def lines_of(account: Account) -> list[Line]:
    """Every line of an account, oldest first, with profile and services (three queries)."""
    return list(_complete(Line.objects.filter(account=account)))


def locked_line(line: int) -> Line:
    """The line as it is now, and nobody ends it before the caller's transaction does.

    Raises Line.DoesNotExist.
    """
    rows = Line.objects.select_for_update(of=("self",)).select_related("account")
    return rows.get(pk=line)


def locked_account(account: int) -> Account:
    """The account as it is now, and nobody changes it before the caller's transaction ends."""
    return Account.objects.select_for_update(of=("self",)).get(pk=account)


def plan_names() -> list[str]:
    """What the plans of all lines are called, each once (one query)."""
    rows = Line.objects.order_by("plan").values_list("plan", flat=True).distinct()
    return list(rows)


def has_lines_besides(account: Account, lines: Sequence[int]) -> bool:
    """Whether the account would still have a line if these were closed."""
    others = Line.objects.filter(account=account).exclude(pk__in=lines)
    return others.exclude(state=LineState.CLOSED).exists()


def _complete(lines: QuerySet[Line]) -> QuerySet[Line]:
    return (
        lines.select_related("profile").prefetch_related("services").order_by("activated_on", "pk")
    )


def active_services(line_ids: Sequence[int]) -> list[LinkedService]:
    """The services that would end with these lines."""
    return list(
        LinkedService.objects.filter(line_id__in=line_ids, state=ServiceState.ACTIVE).order_by("pk")
    )


def sign_ins(user: User) -> list[UserSession]:
    """Where this person is signed in now, newest first."""
    return list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))


def service_reference(service: int) -> str:
    """The id of a linked service in service ordering. Raises LinkedService.DoesNotExist."""
    return LinkedService.objects.values_list("reference", flat=True).get(pk=service)


def service_names(ids: Sequence[int]) -> dict[int, str]:
    """Names of linked services by their ids."""
    return dict(LinkedService.objects.filter(pk__in=ids).values_list("pk", "name"))


def devices_of(account: Account) -> list[Device]:
    """Devices that were seen with the account, each with its line, the newest first."""
    return list(
        Device.objects.filter(account=account)
        .select_related("line")
        .order_by("-last_seen_on", "pk")
    )


def user_names(ids: Collection[int]) -> dict[int, str]:
    """How people who sign in are called, by their ids: their name, or else their user name."""
    return {
        user.pk: user.get_full_name() or user.username for user in User.objects.filter(pk__in=ids)
    }


def roles_of(user: User) -> frozenset[Role]:
    """What somebody is at the desk for; none for a customer, and for who has left (one query)."""
    if not (user.is_staff and user.is_active):
        return frozenset()
    return frozenset(
        Role(role) for role in StaffRole.objects.filter(user=user).values_list("role", flat=True)
    )


def roles_by_user(ids: Collection[int]) -> dict[int, frozenset[Role]]:
    """The roles of these people, as `roles_of` has them; who has none is missing (one query)."""
    rows = StaffRole.objects.filter(user__in=ids, user__is_staff=True, user__is_active=True)
    found: dict[int, set[Role]] = {}
    for user, role in rows.values_list("user_id", "role"):
        found.setdefault(user, set()).add(Role(role))
    return {user: frozenset(roles) for user, roles in found.items()}


def people_with(role: Role) -> list[User]:
    """The staff who have a role, by user name."""
    return list(
        User.objects.filter(is_staff=True, is_active=True, staff_roles__role=role).order_by(
            "username"
        )
    )


def all_staff() -> list[User]:
    """Everybody who works at the desk, with their roles, by user name (two queries)."""
    rows = User.objects.filter(is_staff=True, is_active=True).prefetch_related("staff_roles")
    return list(rows.order_by("username"))


def staff_by_id(person: int) -> User:
    """Somebody who works at the desk, with their roles (two queries). Raises User.DoesNotExist."""
    rows = User.objects.filter(is_staff=True, is_active=True).prefetch_related("staff_roles")
    return rows.get(pk=person)


def staff_named(username: str) -> User:
    """Somebody who works at the desk. Raises Refusal, in words for an operator."""
    user = User.objects.filter(username=username, is_staff=True, is_active=True).first()
    if user is None:
        raise Refusal("no_such_staff", "Nobody called “%(name)s” works at the desk.", name=username)
    return user


def has_left_staff(person: int) -> bool:
    """Whether they worked at the desk once, and do not any more."""
    gone = User.objects.filter(pk=person, is_staff=False, is_active=False, account=None)
    return gone.exists()


def with_second_factor() -> set[int]:
    """Ids of the people who have set one up; codes to recover one are none (one query)."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(rows.values_list("user_id", flat=True))
