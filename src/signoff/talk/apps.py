"""Django's entry for this chapter."""

from django.apps import AppConfig


class TalkConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.talk"
    label = "talk"
