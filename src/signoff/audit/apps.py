"""Django's entry for this chapter."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.audit"
    label = "audit"
