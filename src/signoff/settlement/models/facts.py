"""What the billing and payment systems know of an account's money. Amounts in minor units."""

from django.db import models
from django.db.models import F, Q

from signoff.accounts.models import Account, Line


class BucketKind(models.TextChoices):
    """TMF654 balance buckets, by what the money in them is."""

    PAID = "paid"
    PROMOTIONAL = "promotional"
    DEPOSIT = "deposit"


class BalanceBucket(models.Model):
    """Money that the carrier holds for an account, or for one line of it.

    currency: ISO 4217; empty means the account's own. spent_by_case: the last closing that took
    its money; from then on no import makes it more.
    """

    reference = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="buckets")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="buckets")
    kind = models.CharField(max_length=12, choices=BucketKind.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    expires_on = models.DateField(null=True)
    spent_by_case = models.UUIDField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="bucket_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=BucketKind.values), name="bucket_kind_known"
            ),
        ]


class Payment(models.Model):
    """A payment into a bucket, or (without one) of a bill.

    reference: the payment service's own (`ch_…`, `pi_…`).
    """

    reference = models.CharField(max_length=64, unique=True)
    bucket = models.ForeignKey(
        BalanceBucket, on_delete=models.PROTECT, null=True, related_name="payments"
    )
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


class Usage(models.Model):
    """Use that no bill holds yet. `amount_minor` without tax if the account's prices are."""

    reference = models.CharField(max_length=64, unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="usage")
    description = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    used_at = models.DateTimeField()
    billed_by_case = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="usage_not_negative")
        ]


class CreditKind(models.TextChoices):
    """A credit note is owed to the customer; a coupon only makes charges smaller."""

    CREDIT_NOTE = "credit_note"
    COUPON = "coupon"


class Credit(models.Model):
    """Money off, for an account or for one line of it. Used up by one closing, as a whole."""

    reference = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="credits")
    kind = models.CharField(max_length=12, choices=CreditKind.choices)
    description = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    expires_on = models.DateField(null=True)
    used_by_case = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=CreditKind.values), name="credit_kind_known"
            ),
        ]


class EarlyTerminationFee(models.Model):
    """One row of a line's declining table: what ending on a day in this range costs."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="termination_fees")
    first_day = models.DateField()
    last_day = models.DateField()
    amount_minor = models.BigIntegerField()
    is_taxed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="fee_not_negative"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="fee_days_in_order"
            ),
            models.UniqueConstraint(fields=["line", "first_day"], name="fee_row_once"),
        ]


class Stay(models.Model):
    """The network saw the line in a country, on these days, both included."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="stays")
    country = models.CharField(max_length=2)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="stay_days_in_order"
            ),
            models.UniqueConstraint(fields=["line", "country", "first_day"], name="stay_once"),
        ]
