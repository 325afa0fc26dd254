"""Pictures of papers, sealed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from signoff.accounts.models import Account
from signoff.closing.models import Case


class CaseKey(models.Model):
    """The key under which a case's pictures are sealed, itself sealed under the operator's.

    Without this row nothing of the case opens any more: deleting it is deleting the pictures.
    key_id: of the operator's key.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="evidence_key")
    wrapped = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    created_at = models.DateTimeField()


class EvidenceState(models.TextChoices):
    """Of a picture. Only a `ready` one has a content."""

    READY = "ready"
    REPLACED = "replaced"
    REMOVED = "removed"
    ERASED = "erased"


class Evidence(models.Model):
    """A picture that a customer added to a case: a photo, or one page of a PDF.

    Its name is its kind and number: what the file was called is not kept.
    kind: of paper, as in the rule pack. number: page, from 1. pages_left_out: of the file that it
    came from. media_type: what was sent; `content` is always a JPEG, sealed. width, height: dots.
    size, sha256: of the clean picture before it was sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField()
    pages_left_out = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=EvidenceState.choices)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EvidenceState.values), name="evidence_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", deleted_at=None)
                | (~Q(state="ready") & Q(deleted_at__isnull=False, sha256="")),
                name="evidence_ready_or_gone",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "number"],
                condition=Q(state="ready"),
                name="evidence_one_of_a_kind",
            ),
        ]


class RegisteredNumber(models.Model):
    """The number of the paper that an account's lines were registered with, as the carrier told it.

    sealed: under the operator's key `key_id`. as_of: of the export that said it.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, related_name="registered_number"
    )
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)
    as_of = models.DateTimeField()


class Viewing(models.Model):
    """Somebody has looked at a picture."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="viewings")
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_viewings"
    )
    at = models.DateTimeField()


class Advice(models.Model):
    """What the look at a picture noticed, for the customer and the reviewer. No personal data.

    content: as `idcheck.verdicts.to_json` makes it; empty until it is there. tries: of the worker.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="advice")
    content = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
