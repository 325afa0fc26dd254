"""A line that rests instead of ending."""

from django.db import models
from django.db.models import Q

from signoff.accounts.models import Line


class PauseState(models.TextChoices):
    """Of a pause. The network follows: `asked` → `resting` → `resuming` → `over`."""

    ASKED = "asked"
    RESTING = "resting"
    RESUMING = "resuming"
    OVER = "over"


class Pause(models.Model):
    """From the wish to rest until the line works again by itself on the day `until`."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="pauses")
    state = models.CharField(max_length=10, choices=PauseState.choices, default=PauseState.ASKED)
    asked_at = models.DateTimeField()
    until = models.DateField()
    resume_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=~Q(state="over"), name="line_pauses_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PauseState.values), name="pause_state_known"
            ),
        ]
