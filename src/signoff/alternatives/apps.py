"""Django's entry for this chapter."""

from django.apps import AppConfig


class AlternativesConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.alternatives"
    label = "alternatives"
