"""Django's entry for this chapter."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.closing"
    label = "closing"
