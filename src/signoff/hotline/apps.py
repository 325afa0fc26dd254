"""Django's entry for this chapter."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.hotline"
    label = "hotline"
