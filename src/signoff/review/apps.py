"""Django's entry for this chapter."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Registers the chapter."""

    name = "signoff.review"
    label = "review"
