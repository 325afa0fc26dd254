"""Who has been told on which day, and who does not want to be."""

from django.conf import settings
from django.db import models


class Reader(models.Model):
    """Somebody of the staff, as the letter needs to know them.

    language: the one that they last used at the desk. is_wanted: false once they said so.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letter_reader"
    )
    language = models.CharField(max_length=10)
    is_wanted = models.BooleanField(default=True)


class Told(models.Model):
    """Somebody's day has been looked at, whether there was something to tell or not: once, however
    many workers run and however often they start."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="days_told"
    )
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="told_once_a_day")]
