"""Balances, payments, bills; and what a case's settlement came to. All amounts in minor units."""

from django.db import models
from django.db.models import F, Q

from signoff.accounts.models import Account, Line


class BucketKind(models.TextChoices):
    """TMF654 balance buckets, by what the money in them is."""

    PAID = "paid"
    PROMOTIONAL = "promotional"
    DEPOSIT = "deposit"


class BalanceBucket(models.Model):
    """Money that the carrier holds for an account, or for one line of it."""

    reference = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="buckets")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="buckets")
    kind = models.CharField(max_length=12, choices=BucketKind.choices)
    amount_minor = models.BigIntegerField()
    expires_on = models.DateField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="bucket_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=BucketKind.values), name="bucket_kind_known"
            ),
        ]


class Payment(models.Model):
    """A payment into a bucket. `reference` is the payment service's own (`ch_…`, `pi_…`)."""

    reference = models.CharField(max_length=64, unique=True)
    bucket = models.ForeignKey(BalanceBucket, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    method = models.CharField(max_length=60)
    paid_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="payment_refunded_within_payment",
            )
        ]


class BillState(models.TextChoices):
    """Of a bill."""

    UNPAID = "unpaid"
    PAID = "paid"


class Bill(models.Model):
    """A bill; `total_minor` is the sum of its items."""

    number = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bills")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="bills")
    issued_on = models.DateField()
    due_on = models.DateField()
    total_minor = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=BillState.choices)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BillState.values), name="bill_state_known")
        ]


class BillItem(models.Model):
    """One item of a bill."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="bill_item_position_once")
        ]
        ordering = ["position"]


class Settlement(models.Model):
    """What the customer was shown and confirmed: frozen, named by its digest."""

    case = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    confirmed_at = models.DateTimeField()


class RefundState(models.TextChoices):
    """Where a refund is."""

    PLANNED = "planned"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class Refund(models.Model):
    """One part of the money that goes back. Without `payment`: paid out by hand, by transfer."""

    case = models.UUIDField(db_index=True)
    position = models.PositiveSmallIntegerField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=RefundState.choices, default=RefundState.PLANNED)
    reference = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="refund_position_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=Q(state__in=RefundState.values), name="refund_state_known"
            ),
        ]
