"""Django's entry for this chapter."""

from django.apps import AppConfig


class NoticeConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.notice"
    label = "notice"
