"""Django's entry for this chapter."""

from django.apps import AppConfig


class PresentationConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.presentation"
    label = "presentation"
