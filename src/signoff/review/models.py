"""Who looked at a case, and what they decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from signoff.closing.models import Case


class Outcome(models.TextChoices):
    """Of a decision."""

    APPROVED = "approved"
    REFUSED = "refused"


class Claim(models.Model):
    """A reviewer has taken a case; the database lets only one."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="claim")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    taken_at = models.DateTimeField()


class Decision(models.Model):
    """The decision on a case; the database lets only one."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason_code = models.CharField(max_length=24, blank=True)
    text = models.TextField(max_length=1000, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved")
                | (Q(outcome="refused") & ~Q(reason_code="") & ~Q(text="")),
                name="refusal_has_reason",
            )
        ]
