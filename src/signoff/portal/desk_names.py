"""What our people are called where customers read it."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from signoff.accounts.models import Role, User
from signoff.accounts.queries import roles_by_user


def desk_name(user: User, roles: Collection[Role]) -> str:
    """A first name and what they are; nothing to sign in with."""
    name = next(iter((user.first_name or user.last_name).split()), "")  # the rest is theirs
    if Role.REVIEWER in roles:
        return _("%(name)s, reviewer") % {"name": name} if name else _("A reviewer")
    if Role.HOTLINE in roles:
        return _("%(name)s, hotline") % {"name": name} if name else _("The hotline")
    return name or _("One of us")


def names_of(people: Iterable[User | None]) -> dict[int | None, str]:
    """The same of several, by id (one query)."""
    users = {user for user in people if user}
    roles = roles_by_user([user.pk for user in users])
    return {user.pk: desk_name(user, roles.get(user.pk, frozenset())) for user in users}
