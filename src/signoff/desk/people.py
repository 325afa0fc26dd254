"""How people of the staff are called."""

from signoff.accounts.models import User


def name_of(user: User) -> str:
    """The name, or else the user name."""
    return user.get_full_name() or user.username
