"""The outbox: what we tell people, and whether it arrived."""

from django.db import models
from django.db.models import Q


class Channel(models.TextChoices):
    """How a notice travels."""

    LETTER = "letter"
    TEXT = "text"


class NoticeState(models.TextChoices):
    """Of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Notice(models.Model):
    """One message to one person. `key` makes it once; `message_id` is the remote's number.

    is_begun: an earlier try may have reached the remote. is_posted: the worker sends it by itself; otherwise a step of a closing does.
    not_before: until then it is held back, and can be cancelled. reply_to: where an answer goes, if not to the sender.
    """

    key = models.CharField(max_length=80, unique=True)
    case = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    is_posted = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=NoticeState.choices, default=NoticeState.WAITING)
    not_before = models.DateTimeField(null=True)
    reply_to = models.CharField(max_length=254, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    is_begun = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="notice_state_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="notice_channel_known"
            ),
        ]
