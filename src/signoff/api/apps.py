"""Django's entry for this chapter."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.api"
    label = "api"
