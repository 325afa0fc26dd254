"""How people sign in: rules that allauth asks us for."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from the carrier's own books: nobody opens one here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
