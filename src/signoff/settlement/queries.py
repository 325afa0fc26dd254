"""Reads of money."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from moneyed import CURRENCIES

from signoff.accounts.models import Account, Line
from signoff.kernel.money import exponent
from signoff.policies.model import Policy
from signoff.settlement.gathering import Asked, gather
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    Payment,
    Place,
    Refund,
    RefundState,
    Settlement,
)
from signoff.settlement.rules import SettlementFacts


def facts_for(
    account: Account,
    lines: Sequence[Line],
    *,
    whole_account: bool,
    last_day: date,
    policy: Policy,
) -> SettlementFacts:
    """Everything that a settlement of these lines is made of (six queries), by these rules.

    Money and bills that belong to the account and to no line are settled with the last line only.
    """
    return gather([Asked(account, lines, whole_account, last_day, policy)])[0]


def bills_of(account: Account) -> QuerySet[Bill]:
    """Bills of an account, newest first, with their items and lines (two queries)."""
    return (
        Bill.objects.filter(account=account)
        .select_related("account", "line")
        .prefetch_related("items")
        .order_by("-issued_on", "-number")
    )


def buckets_of(account: Account) -> list[BalanceBucket]:
    """Balance buckets of an account."""
    return list(BalanceBucket.objects.filter(account=account).select_related("line").order_by("pk"))


def payments_of(account: Account) -> list[Payment]:
    """Payments into the balances of an account, newest first, each with its bucket."""
    return list(
        Payment.objects.filter(bucket__account=account)
        .select_related("bucket")
        .order_by("-paid_at", "pk")
    )


def settlement_of(case: UUID) -> Settlement | None:
    """What the customer confirmed, in its newest version."""
    return Settlement.objects.filter(case=case, is_current=True).first()


def cases_with_refund_from(major: int) -> QuerySet[Refund, UUID]:
    """Ids of cases in which at least so much goes back, in major units of each case's currency;
    of a case that has several: in one of them."""
    rows = Refund.objects.values("case", "currency").annotate(minor=Sum("amount_minor"))
    return rows.filter(_at_least(major)).values_list("case", flat=True).order_by()


def _at_least(major: int) -> Q:
    """10,000 yen have as many minor units as 100 euros: each currency by its own decimals."""
    odd = Q()
    found = Q()
    for places, codes in _unusual_currencies().items():
        of_these = Q(currency__in=codes)
        odd |= of_these
        found |= of_these & Q(minor__gte=major * 10**places)
    return found | ~odd & Q(minor__gte=major * 100)


@cache
def _unusual_currencies() -> dict[int, list[str]]:
    """Codes of ISO 4217 by their decimal places, without the many that have two."""
    found = defaultdict(list)
    for code in CURRENCIES:
        if (places := exponent(code)) != 2:
            found[places].append(code)
    return dict(found)


def versions_of(case: UUID) -> list[Settlement]:
    """Every version of a case's settlement, oldest first."""
    return list(Settlement.objects.filter(case=case).order_by("version"))


def refunds_of(case: UUID) -> list[Refund]:
    """Parts of the money that goes back, in the order of the settlement."""
    return list(
        Refund.objects.filter(case=case)
        .select_related("payment", "place__line")
        .order_by("position")
    )


def refund_of(number: int) -> Refund:
    """Raises Refund.DoesNotExist."""
    return Refund.objects.select_related("payment", "place__line").get(pk=number)


def place_of(case: UUID) -> Place | None:
    """Where the customer wants what cannot go back the way it came."""
    return Place.objects.filter(case=case, is_current=True).select_related("line").first()


def under_way() -> dict[tuple[UUID, str], int]:
    """Refunds that are not paid yet, per case and currency, of cases whose final bill is booked.

    Negative minor units: owed to the customer, which is how the journal counts them.
    """
    booked = Settlement.objects.filter(booked_at__isnull=False).values("case")
    rows = (
        Refund.objects.filter(case__in=booked)
        .exclude(state=RefundState.PAID)
        .values_list("case", "currency")
        .annotate(owed=Sum("amount_minor"))
    )
    return {(case, currency): -owed for case, currency, owed in rows}
