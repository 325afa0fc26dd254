"""Django's entry for this chapter."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.journal"
    label = "journal"
