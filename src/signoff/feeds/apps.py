"""Django's entry for this chapter."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.feeds"
    label = "feeds"
