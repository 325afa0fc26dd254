"""Reads of payments of bills."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, Sum

from signoff.accounts.models import Account
from signoff.settlement.models import UNDER_WAY, Bill, BillPayment, DisputeState


def payment_by_id(identifier: UUID) -> BillPayment:
    """Raises BillPayment.DoesNotExist."""
    return BillPayment.objects.select_related("bill__account", "account").get(pk=identifier)


def payment_of(account: Account, identifier: UUID) -> BillPayment:
    """A customer's own. Raises BillPayment.DoesNotExist for anybody else's."""
    mine = Q(bill__account=account) | Q(account=account)
    return BillPayment.objects.select_related("bill__account", "account").get(mine, pk=identifier)


def under_way(bill: Bill) -> BillPayment | None:
    """The payment of this bill that is neither paid nor over."""
    return BillPayment.objects.filter(bill=bill, state__in=UNDER_WAY).first()


def due_under_way(account: Account) -> BillPayment | None:
    """The payment of what no bill holds that is neither paid nor over; one for an account."""
    return BillPayment.objects.filter(account=account, state__in=UNDER_WAY).first()


def bills_being_paid(account: Account, lines: Sequence[int], *, whole: bool) -> list[str]:
    """Numbers of the bills with a payment under way that a closing of these lines would settle."""
    rows = BillPayment.objects.filter(bill__account=account, state__in=UNDER_WAY)
    found = rows.values_list("bill__number", "bill__line")
    return sorted(number for number, line in found if (whole if line is None else line in lines))


def unfollowed_payments() -> list[BillPayment]:
    """Payments that the worker should look after."""
    return list(BillPayment.objects.filter(state__in=UNDER_WAY).order_by("asked_at")[:500])


def payable_minor(bill: Bill) -> int:
    """What can be paid of a bill now: what is left, without what is disputed."""
    disputed = bill.items.filter(disputes__state=DisputeState.OPEN).aggregate(
        total=Sum("disputes__unpaid_minor")
    )["total"]
    return max(bill.left_minor - (disputed or 0), 0)
