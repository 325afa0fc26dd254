"""Facts of the carrier about its customers, each "as of" the moment it was read."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class User(AbstractUser):
    """Who signs in: a customer, or one of the carrier's staff (`is_staff`)."""


class Role(models.TextChoices):
    """What one of the carrier's staff is at the desk for; a person may have more than one."""

    REVIEWER = "reviewer"
    HOTLINE = "hotline"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"


class StaffRole(models.Model):
    """Somebody of the staff has this role: without one, the desk has no page for them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="staff_role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
        ]


class LineState(models.TextChoices):
    """Of a line, in Signoff's eyes."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"


class ProfileState(models.TextChoices):
    """Of an eSIM profile (SGP.22 v2.5 section 3.1.6), and `withdrawn`: its order was cancelled."""

    RELEASED = "released"
    DOWNLOADED = "downloaded"
    INSTALLED = "installed"
    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"


class ServiceState(models.TextChoices):
    """Of a service linked to a line."""

    ACTIVE = "active"
    ENDED = "ended"


class Billing(models.TextChoices):
    """When the monthly price of a plan is due: bought from the balance, before, or after use."""

    PREPAID = "prepaid"
    ADVANCE = "advance"
    ARREARS = "arrears"


class Account(models.Model):
    """A customer's contract with the carrier. `country` is ISO 3166-1, two letters.

    tax_ppm: the rate of tax on prices in millionths (190000 is 19 %).
    """

    number = models.CharField(max_length=32, unique=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="account")
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    email = models.EmailField()
    contact_phone = models.CharField(max_length=20, blank=True)
    tax_ppm = models.PositiveIntegerField(default=0)
    prices_include_tax = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_ppm__lte=1_000_000), name="account_tax_rate_possible"
            )
        ]

    def day_at(self, moment: datetime) -> date:
        """The day by the customer's calendar."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


class Line(models.Model):
    """A subscription: a number in the network. Price in minor units of the account's currency."""

    reference = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    msisdn = models.CharField(max_length=20, unique=True)
    imsi = models.CharField(max_length=15, unique=True)
    plan = models.CharField(max_length=80)
    billing = models.CharField(max_length=10, choices=Billing.choices)
    monthly_minor = models.BigIntegerField()
    cycle_day = models.PositiveSmallIntegerField()
    activated_on = models.DateField()
    state = models.CharField(max_length=10, choices=LineState.choices, default=LineState.ACTIVE)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LineState.values), name="line_state_known"
            ),
            models.CheckConstraint(
                condition=Q(monthly_minor__gte=0), name="line_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(cycle_day__gte=1, cycle_day__lte=31), name="line_cycle_day_in_month"
            ),
        ]


class Profile(models.Model):
    """The eSIM profile of a line. `matching_id` is the activation code's token (SGP.22 4.1)."""

    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="profile")
    iccid = models.CharField(max_length=20, unique=True)
    eid = models.CharField(max_length=32, blank=True)
    matching_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=ProfileState.choices)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProfileState.values), name="profile_state_known"
            )
        ]


class Device(models.Model):
    """A device that holds the eSIM or was seen with the account."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="devices")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="devices")
    imei = models.CharField(max_length=15, unique=True)
    name = models.CharField(max_length=80)
    last_seen_on = models.DateField()
    as_of = models.DateTimeField()


class LinkedService(models.Model):
    """Something that ends with the line. `reference` is its id in service ordering (TMF641)."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="services")
    reference = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    state = models.CharField(
        max_length=10, choices=ServiceState.choices, default=ServiceState.ACTIVE
    )
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ServiceState.values), name="service_state_known"
            )
        ]
