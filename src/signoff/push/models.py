"""Browsers that are told how far a case is, and what is on its way to them."""

from django.db import models
from django.db.models import Q


class Receiver(models.Model):
    """A browser, switched on by the customer for one case. Deleting the row is switching it off.

    endpoint, public_key, secret: what the browser gave us (Push API). told: the place in the
    timeline that was told last. forget_at: set when the case is over; then the row goes.
    """

    case = models.UUIDField(db_index=True)
    endpoint = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64, db_index=True)
    public_key = models.BinaryField(max_length=65)
    secret = models.BinaryField(max_length=16)
    told = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "digest", name="receiver_once_a_case"),
        ]


class PushState(models.TextChoices):
    """Of a push. WAITING has not been begun: another change of the case joins it."""

    WAITING = "waiting"
    BEGUN = "begun"
    SENT = "sent"
    NOTHING_NEW = "nothing_new"
    FAILED = "failed"


class Push(models.Model):
    """That one browser is to be told; what, is read when it is sent. message: the service's name
    for it."""

    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE, related_name="pushes")
    state = models.CharField(max_length=11, choices=PushState.choices, default=PushState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PushState.values), name="push_known"),
            models.UniqueConstraint(
                "receiver", condition=Q(state=PushState.WAITING), name="push_one_waits"
            ),
        ]
