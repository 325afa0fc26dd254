"""Django's entry for this chapter."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.desk"
    label = "desk"
