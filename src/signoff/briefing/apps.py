"""Django's entry for this chapter."""

from django.apps import AppConfig


class BriefingConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.briefing"
    label = "briefing"
