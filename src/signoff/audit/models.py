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


class Growth(models.Model):
    """A row of the record that waits for a checkpoint. Written by a trigger, one for each row.

    Never one for each chain: "it is there already" would be wrong for a slow transaction, if a
    checkpoint takes the entry away before that transaction commits.
    """

    stream = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()


class Checkpoint(models.Model):
    """Signed: so far the record had come. Covers the chains that grew since the one before.

    The columns are those of `seals.content`; public_key: 32 bytes in hexadecimal.
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    rows = models.PositiveBigIntegerField()
    heads = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)


class CheckpointHead(models.Model):
    """Where one chain ended when a checkpoint was made, and the proof that the checkpoint says so.

    The proof is kept because its tree never changes: so a single chain can be shown to a stranger
    without the others, and checking needs no tree in memory.
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="chains")
    stream = models.CharField(max_length=64)
    since = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    proof = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_one_head_a_place")
        ]


class Opening(models.Model):
    """What a commitment in the record stands for: the value and its salt. May be erased."""

    stream = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    salt = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "seq", "field"], name="audit_one_opening_a_field"
            )
        ]
