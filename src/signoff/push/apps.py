"""Django's entry for this chapter."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.push"
    label = "push"
