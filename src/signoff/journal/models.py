"""The journal. Append-only and balanced: triggers on each database refuse anything else."""

import uuid

from django.db import models
from django.db.models import Q

from signoff.journal.rules import MAX_CAUSE, MAX_STEP, MOST_MINOR, Account, EntryKind


class Entry(models.Model):
    """One event in money. Written after its postings: the database looks at them and lets it in.

    `size` is the number of its postings, on the places 0 to size - 1: with it an entry is closed,
    and a posting that is added or lost later can be told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cause = models.CharField(max_length=MAX_CAUSE)
    kind = models.CharField(max_length=20)
    case = models.UUIDField(null=True, db_index=True)
    step = models.CharField(max_length=MAX_STEP, blank=True, default="")
    at = models.DateTimeField()
    size = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause"], name="journal_one_entry_a_cause"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EntryKind]), name="journal_kind_known"
            ),
            models.CheckConstraint(condition=Q(size__gte=2), name="journal_two_postings"),
        ]
        indexes = [models.Index(fields=["at", "id"], name="journal_by_time")]


class Posting(models.Model):
    """One line: debit positive, credit negative, in minor units of its currency."""

    entry = models.ForeignKey(
        Entry,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,  # the constraint on (entry, position) has one
    )
    position = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="journal_one_place"),
            models.CheckConstraint(
                condition=Q(account__in=[account.value for account in Account]),
                name="journal_account_in_chart",
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0)
                & Q(amount_minor__gte=-MOST_MINOR, amount_minor__lte=MOST_MINOR),
                name="journal_amount_sane",
            ),
        ]
