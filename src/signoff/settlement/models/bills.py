"""Bills, paying them, and disputing an item of them. Amounts in minor units."""

import uuid

from django.db import models
from django.db.models import F, Q

from signoff.accounts.models import Account, Line, User


class BillState(models.TextChoices):
    """Of a bill."""

    UNPAID = "unpaid"
    PAID = "paid"


class Bill(models.Model):
    """A bill; `total_minor` is the sum of its items.

    paid_minor: what was paid on our page or from a balance; credited_minor: taken off it because
    a dispute was upheld.
    """

    number = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="bills")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="bills")
    issued_on = models.DateField()
    due_on = models.DateField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=BillState.choices)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BillState.values), name="bill_state_known"
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, credited_minor__gte=0),
                name="bill_paid_not_negative",
            ),
        ]

    @property
    def left_minor(self) -> int:
        """What is still to be paid, disputed or not."""
        if self.state == BillState.PAID:
            return 0
        return max(self.total_minor - self.paid_minor - self.credited_minor, 0)


class ItemKind(models.TextChoices):
    """What an item of a bill is for."""

    PLAN = "plan"
    USAGE = "usage"
    ROAMING = "roaming"
    PREMIUM = "premium"
    FEE = "fee"
    DISCOUNT = "discount"
    OTHER = "other"


class BillItem(models.Model):
    """One item of a bill. `country` and the days say where and when a roaming item was used."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=ItemKind.choices, default=ItemKind.OTHER)
    country = models.CharField(max_length=2, blank=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="bill_item_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ItemKind.values), name="bill_item_kind_known"
            ),
        ]
        ordering = ["position"]


class BillPaymentState(models.TextChoices):
    """Of a payment that a customer makes on our page."""

    ASKED = "asked"
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


UNDER_WAY = (BillPaymentState.ASKED, BillPaymentState.OPEN)
"""Of a payment that is neither paid nor over."""


class BillPayment(models.Model):
    """A try to pay a bill, partly or whole, or (without one) what a closing comes to.

    Only a paid one touches the bill or the balance, and the journal. account, line: of what is
    paid without a bill; it becomes balance of theirs, which the closing then spends.
    reference: the payment service's own; address: its page, where the customer pays.
    paid_by: reference of the payment that refunds go back to (`pi_…`).
    is_given_up: the customer has turned away; its page is to be closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="payments")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="due_payments"
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="due_payments")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=8, choices=BillPaymentState.choices, default=BillPaymentState.ASKED
    )
    reference = models.CharField(max_length=255, blank=True)
    address = models.TextField(blank=True)
    paid_by = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=200, blank=True)
    is_given_up = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bill_payment_positive"),
            models.CheckConstraint(
                condition=Q(state__in=BillPaymentState.values), name="bill_payment_state_known"
            ),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state__in=[state.value for state in UNDER_WAY]),
                name="bill_payment_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(bill=None, state__in=[state.value for state in UNDER_WAY]),
                name="due_payment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(bill__isnull=False, account=None, line=None)
                | Q(bill=None, account__isnull=False),
                name="bill_payment_of_bill_or_account",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="bill_payment_reference_once"
            ),
            models.UniqueConstraint(
                fields=["paid_by"], condition=~Q(paid_by=""), name="bill_payment_paid_by_once"
            ),
        ]

    @property
    def is_under_way(self) -> bool:
        """It may still be paid."""
        return self.state in UNDER_WAY

    @property
    def payer(self) -> Account:
        """Whose payment it is."""
        account = self.bill.account if self.bill else self.account
        assert account is not None  # noqa: S101 - the database wants one of the two
        return account


class SeenEvent(models.Model):
    """An event of the payment service that was taken in: the same one changes nothing again."""

    reference = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=20)
    seen_at = models.DateTimeField()


class DisputeState(models.TextChoices):
    """Of a dispute: upheld means that the customer was right."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class DisputeReason(models.TextChoices):
    """Why a customer disputes an item."""

    NOT_USED = "not_used"
    WRONG_AMOUNT = "wrong_amount"
    TWICE = "twice"
    NOT_ORDERED = "not_ordered"
    OTHER = "other"


class Dispute(models.Model):
    """A customer says that an item, or a part of it, is wrong: so much of it is set aside.

    unpaid_minor: the part of it that was not paid yet when the dispute was opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    item = models.ForeignKey(BillItem, on_delete=models.PROTECT, related_name="disputes")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=16, choices=DisputeReason.choices)
    text = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=DisputeState.choices, default=DisputeState.OPEN)
    unpaid_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    answer = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    unpaid_minor__gte=0,
                    unpaid_minor__lte=F("amount_minor"),
                ),
                name="dispute_positive",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DisputeState.values), name="dispute_state_known"
            ),
            models.UniqueConstraint(fields=["item"], name="dispute_item_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(resolved_at__isnull=False),
                name="dispute_resolved_has_time",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("opened_at")),
                name="dispute_times_in_order",
            ),
        ]
