"""What our people are called where customers read it."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from signoff.accounts.models import Role, User


def desk_name(user: User, roles: Collection[Role]) -> str:
    """A first name and what they are; nothing to sign in with."""
    name = next(iter((user.first_name or user.last_name).split()), "")  # the rest is theirs
    if Role.REVIEWER in roles:
        return _("%(name)s, reviewer") % {"name": name} if name else _("A reviewer")
    if Role.HOTLINE in roles:
        return _("%(name)s, hotline") % {"name": name} if name else _("The hotline")
    return name or _("One of us")
