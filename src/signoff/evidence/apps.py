"""Django's entry for this chapter."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.evidence"
    label = "evidence"
