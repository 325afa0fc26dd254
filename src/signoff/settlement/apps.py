"""Django's entry for this chapter."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.settlement"
    label = "settlement"
