"""The record of what happened. Append-only: a trigger on each database refuses anything else."""

from django.db import models


class AuditRow(models.Model):
    """One link of a chain. Every case (and every account) has a chain of its own.

    A single chain for everything would make all transactions queue for its last link; chains
    apart from each other let closings commit side by side. (stream, seq) decides who was first.
    """

    stream = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    facts = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_one_row_a_place")
        ]
