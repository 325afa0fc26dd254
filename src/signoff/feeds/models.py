"""Addresses at which a timeline can be followed."""

from django.db import models

from signoff.closing.models import Case


class Feed(models.Model):
    """The customer has switched it on. Deleting the row is switching it off.

    key: half of the address; the other half is made from it with the secret key, so that who reads
    this table does not know the address.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="feed")
    key = models.UUIDField(unique=True)
    made_at = models.DateTimeField()
