"""Django's entry for this chapter."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.accounts"
    label = "accounts"
