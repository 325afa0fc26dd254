"""Django's entry for this chapter."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.portal"
    label = "portal"
