"""What a case's settlement came to, and the money that goes back. Amounts in minor units."""

import uuid

from django.db import models
from django.db.models import Q

from signoff.accounts.models import Line, User
from signoff.settlement.models.facts import Payment


class Settlement(models.Model):
    """What the customer was shown and confirmed: frozen, versioned, named by its digest.

    why: "confirmed", or the reason why a later version took its place.
    """

    case = models.UUIDField()
    version = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    why = models.CharField(max_length=20, default="confirmed")
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    confirmed_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="settlement_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_current=True), name="settlement_one_current"
            ),
        ]


class PlaceKind(models.TextChoices):
    """Where money can go that cannot go back the way it came."""

    IBAN = "iban"
    CN_CARD = "cn_card"
    LINE = "line"


class Place(models.Model):
    """Where the customer of a case wants the rest: a bank account, or another of their lines.

    bank: its name and branch, where that is needed (开户行). A later answer takes the place of an earlier one; the refunds that went to the earlier keep it.
    """

    case = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8, choices=PlaceKind.choices)
    holder = models.CharField(max_length=140, blank=True)
    account_number = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    bank = models.CharField(max_length=80, blank=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True)
    is_current = models.BooleanField(default=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="place_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="line", line__isnull=False, account_number="")
                | Q(kind__in=["iban", "cn_card"], line__isnull=True),
                name="place_is_account_or_line",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_current=True), name="place_one_current"
            ),
        ]


class BatchState(models.TextChoices):
    """Of a file for the bank: asked for, written, handed over, or given up."""

    ASKED = "asked"
    READY = "ready"
    SENT = "sent"
    DROPPED = "dropped"


class PayoutBatch(models.Model):
    """Bank transfers in one file. `content` is emptied when every transfer of it has ended.

    taken_at: when the file was first carried out of Signoff; the bank may have it since.
    """

    format = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.ASKED)
    name = models.CharField(max_length=80, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    content = models.BinaryField(default=bytes)
    failure = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    execution_date = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_state_known"
            )
        ]


class BankStatus(models.Model):
    """A status file from the bank, until the worker has read it; then what it came to.

    failure: of one that was refused, in English, for logs and programs. why: the same for people,
    as `template` and `params` of the words; empty for one of before they were kept.
    """

    format = models.CharField(max_length=8)
    content = models.BinaryField()
    state = models.CharField(max_length=8, default="waiting")
    paid = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    unknown = models.JSONField(default=list)
    failure = models.CharField(max_length=400, blank=True)
    why = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "read", "refused"]),
                name="bank_status_state_known",
            )
        ]


class RefundState(models.TextChoices):
    """Where a refund is."""

    PLANNED = "planned"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class Refund(models.Model):
    """One part of the money that goes back: by `payment`, or else to the case's place.

    attempt: grows when a failed one is tried again, and with it the key that the remote sees.
    transfer: our reference in a bank file, unique for each attempt.
    failure: why it failed; of one that has not failed: what was in the way of the last try.
    is_failure_ours: another place would change nothing; a person at the carrier must look.
    alarm: "route:attempt" of a try that was held for dead and is said to have been paid. Nothing
    more is sent for this refund until a person has looked.
    """

    case = models.UUIDField(db_index=True)
    position = models.PositiveSmallIntegerField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    batch = models.ForeignKey(
        PayoutBatch, on_delete=models.PROTECT, null=True, related_name="refunds"
    )
    transfer = models.CharField(max_length=35, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=RefundState.choices, default=RefundState.PLANNED)
    attempt = models.PositiveSmallIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    is_failure_ours = models.BooleanField(default=False)
    alarm = models.CharField(max_length=24, blank=True)
    needs_approval = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="refund_position_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=Q(state__in=RefundState.values), name="refund_state_known"
            ),
            models.UniqueConstraint(
                fields=["transfer"], condition=~Q(transfer=""), name="refund_transfer_once"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="refund_reference_once"
            ),
        ]


class RefundApproval(models.Model):
    """One of the two people who let a large refund go. The database refuses the same one twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="approvals")
    attempt = models.PositiveSmallIntegerField()
    approver = models.ForeignKey(User, on_delete=models.PROTECT)
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "attempt", "approver"], name="refund_approved_once_by_one"
            )
        ]
