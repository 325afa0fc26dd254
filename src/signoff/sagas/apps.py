"""Django's entry for this chapter."""

from django.apps import AppConfig


class SagasConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.sagas"
    label = "sagas"
