"""Django's entry for this chapter."""

from django.apps import AppConfig


class TerminationConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.termination"
    label = "termination"
