"""Reads of payments of bills."""

from uuid import UUID

from signoff.accounts.models import Account
from signoff.settlement.models import Bill, BillPayment, BillPaymentState


def payment_by_id(identifier: UUID) -> BillPayment:
    """Raises BillPayment.DoesNotExist."""
    return BillPayment.objects.select_related("bill__account").get(pk=identifier)


def payment_of(account: Account, identifier: UUID) -> BillPayment:
    """A customer's own. Raises BillPayment.DoesNotExist for anybody else's."""
    return BillPayment.objects.select_related("bill__account").get(
        pk=identifier, bill__account=account
    )


def under_way(bill: Bill) -> BillPayment | None:
    """The payment of this bill that is neither paid nor over."""
    states = [BillPaymentState.ASKED, BillPaymentState.OPEN]
    return BillPayment.objects.filter(bill=bill, state__in=states).first()


def unfollowed_payments() -> list[BillPayment]:
    """Payments that the worker should look after."""
    states = [BillPaymentState.ASKED, BillPaymentState.OPEN]
    return list(BillPayment.objects.filter(state__in=states).order_by("asked_at")[:500])
