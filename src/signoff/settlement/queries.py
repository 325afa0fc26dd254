"""Reads of money."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from signoff.accounts.models import Account, Billing, Line
from signoff.kernel.money import from_minor
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillState,
    Payment,
    Refund,
    Settlement,
)
from signoff.settlement.rules import (
    BillFacts,
    BucketFacts,
    PaymentFacts,
    PlanFacts,
    SettlementFacts,
)


def facts_for(
    account: Account, lines: Sequence[Line], *, whole_account: bool, last_day: date
) -> SettlementFacts:
    """Everything that a settlement of these lines is made of (three queries).

    Money and bills that belong to the account and to no line are settled with the last line only.
    """
    code = account.currency
    of_these = Q(account=account, line__in=lines)
    if whole_account:
        of_these |= Q(account=account, line=None)
    buckets = BalanceBucket.objects.filter(of_these, amount_minor__gt=0).order_by("reference")
    payments = Payment.objects.filter(bucket__in=buckets).exclude(bucket__kind="promotional")
    unpaid = Bill.objects.filter(of_these, state=BillState.UNPAID).order_by("number")
    return SettlementFacts(
        currency=code,
        last_day=last_day,
        buckets=tuple(
            BucketFacts(b.reference, b.kind, from_minor(b.amount_minor, code)) for b in buckets
        ),
        payments=tuple(_payment_facts(p, code) for p in payments),
        unpaid=tuple(BillFacts(b.number, from_minor(b.total_minor, code)) for b in unpaid),
        plans=tuple(_plan_facts(line, code) for line in lines if line.billing == Billing.ARREARS),
    )


def _payment_facts(payment: Payment, code: str) -> PaymentFacts:
    left = from_minor(payment.amount_minor - payment.refunded_minor, code)
    return PaymentFacts(payment.reference, payment.method, left, payment.paid_at)


def _plan_facts(line: Line, code: str) -> PlanFacts:
    return PlanFacts(
        line.reference,
        line.plan,
        from_minor(line.monthly_minor, code),
        line.cycle_day,
        line.activated_on,
    )


def bills_of(account: Account) -> QuerySet[Bill]:
    """Bills of an account, newest first, with their items (two queries)."""
    return (
        Bill.objects.filter(account=account)
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
    """What the customer confirmed."""
    return Settlement.objects.filter(case=case).first()


def refunds_of(case: UUID) -> list[Refund]:
    """Parts of the money that goes back, in the order of the settlement."""
    return list(Refund.objects.filter(case=case).select_related("payment").order_by("position"))


def refund_of(number: int) -> Refund:
    """Raises Refund.DoesNotExist."""
    return Refund.objects.select_related("payment").get(pk=number)
