"""What a settlement is made of. All amounts are whole minor units of their currency."""

import enum
from dataclasses import dataclass
from datetime import date, datetime


class Proration(enum.StrEnum):
    """How a period that ends in the middle is charged: by its days, whole, or not at all."""

    DAYS = "days"
    PERIOD = "period"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rule pack says about money.

    spend_first: promotional or paid money meets charges first.
    forfeits_expired: paid money past its day is lost (otherwise its day does not matter).
    smallest_transfer: minor units; a bank transfer below it cannot be made.
    """

    proration: Proration = Proration.DAYS
    spend_first: str = "promotional"
    forfeits_expired: bool = False
    smallest_transfer: int = 1


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """Money held. `kind`: paid, promotional or deposit. `currency` empty: the account's."""

    reference: str
    kind: str
    minor: int
    currency: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment that made a bucket, and how much of it has not been refunded yet.

    step: the channel pays back multiples of so many minor units only.
    """

    reference: str
    method: str
    left: int
    paid_at: datetime
    currency: str = ""
    step: int = 1


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What is left to pay of a bill, and how much of that is set aside by open disputes."""

    number: str
    left: int
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A recurring plan; `in_advance`: its running period was billed before it began."""

    line: str
    plan: str
    monthly: int
    cycle_day: int
    activated_on: date
    in_advance: bool = False


@dataclass(frozen=True, slots=True)
class UsageFacts:
    """Use that no bill holds yet; `used_on` is the day on the account's calendar."""

    reference: str
    description: str
    minor: int
    used_on: date


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """A credit note (owed to the customer) or, with `is_coupon`, only money off charges."""

    reference: str
    description: str
    minor: int
    is_coupon: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """One row of the declining table of a commitment: both days are included."""

    line: str
    plan: str
    first_day: date
    last_day: date
    minor: int
    is_taxed: bool = False


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """All that a settlement is made of. `last_day` is the last day that is charged.

    tax_ppm: tax rate in millionths; prices_include_tax: of plans, usage and fees.
    """

    currency: str
    last_day: date
    buckets: tuple[BucketFacts, ...] = ()
    payments: tuple[PaymentFacts, ...] = ()
    unpaid: tuple[BillFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()
    usage: tuple[UsageFacts, ...] = ()
    credits: tuple[CreditFacts, ...] = ()
    fees: tuple[FeeFacts, ...] = ()
    tax_ppm: int = 0
    prices_include_tax: bool = True
    terms: Terms = Terms()
