"""All rows of an account's money that `queries` has no other use for: the person takes them along.

One query each.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from signoff.accounts.models import Account
from signoff.settlement.models import (
    BillPayment,
    Credit,
    EarlyTerminationFee,
    Refund,
    Stay,
    Usage,
)


def usage_of(account: Account) -> list[Usage]:
    """Newest first, with their lines; also what a closing has charged."""
    rows = Usage.objects.filter(line__account=account).select_related("line")
    return list(rows.order_by("-used_at", "reference"))


def credits_of(account: Account) -> list[Credit]:
    """With their lines; also those that are used up."""
    rows = Credit.objects.filter(account=account).select_related("line")
    return list(rows.order_by("reference"))


def termination_fees_of(account: Account) -> list[EarlyTerminationFee]:
    """The tables of all lines, each from its first day on."""
    rows = EarlyTerminationFee.objects.filter(line__account=account).select_related("line")
    return list(rows.order_by("line__reference", "first_day"))


def stays_of(account: Account) -> list[Stay]:
    """Newest first, with their lines."""
    rows = Stay.objects.filter(line__account=account).select_related("line")
    return list(rows.order_by("-first_day", "line__reference", "country"))


def bill_payments_of(account: Account) -> list[BillPayment]:
    """Tries to pay a bill on our page, newest first, with their bills."""
    rows = BillPayment.objects.filter(Q(bill__account=account) | Q(account=account)).select_related(
        "bill"
    )
    return list(rows.order_by("-asked_at", "pk"))


def refunds_of_cases(cases: Collection[UUID]) -> list[Refund]:
    """In the order of the cases' settlements, with their payments and places."""
    rows = Refund.objects.filter(case__in=cases).select_related("payment", "place__line")
    return list(rows.order_by("case", "position"))
