"""Callers, and whether they knew what the owner of an account knows."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from signoff.accounts.models import Account
from signoff.closing.models import Case


class Verification(models.Model):
    """An agent asked a caller about an account. What they said is not kept.

    asked: codes of `rules.Fact`. answers_right: how many of them.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="verifications")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="verifications")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked = models.JSONField()
    answers_right = models.PositiveSmallIntegerField()
    passed = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True, answers_right__gte=2)
                | Q(passed=False, answers_right__lt=2),
                name="verification_by_two_right_answers",
            )
        ]
        indexes = [models.Index(fields=["account", "passed", "at"])]
