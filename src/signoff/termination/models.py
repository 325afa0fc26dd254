"""Receipts: what was done in the outside world, step by step. They are also the checkpoints."""

from django.db import models
from django.db.models import Q

from signoff.closing.models import Case


class ReceiptState(models.TextChoices):
    """`intended` is written before the remote is called; `done` and `skipped` are final."""

    PLANNED = "planned"
    INTENDED = "intended"
    DONE = "done"
    SKIPPED = "skipped"


class Receipt(models.Model):
    """One step of one case; all are planned at once, in the moment when the closing begins.

    key: the idempotency key at the remote. reference: the remote's own number of what it did.
    facts: what the remote answered, without personal data. trouble: the newest error, in English.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="receipts")
    step = models.CharField(max_length=48)
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(
        max_length=8, choices=ReceiptState.choices, default=ReceiptState.PLANNED
    )
    tries = models.PositiveIntegerField(default=0)
    reference = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    facts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=400, blank=True)
    raw = models.TextField(blank=True)
    intended_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "step"], name="receipt_one_a_step"),
            models.CheckConstraint(
                condition=Q(state__in=ReceiptState.values), name="receipt_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "intended"], finished_at__isnull=True)
                | Q(state__in=["done", "skipped"], finished_at__isnull=False),
                name="receipt_finished_has_time",
            ),
        ]


class Certificate(models.Model):
    """What the customer keeps. `document` is the signed JSON, as text, byte for byte."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="certificate")
    document = models.TextField()
    issued_at = models.DateTimeField()
