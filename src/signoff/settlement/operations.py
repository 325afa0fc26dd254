"""Writes of money. The amounts come from a frozen settlement, never from a second calculation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from signoff.accounts.models import Account
from signoff.kernel.errors import Conflict
from signoff.kernel.money import to_minor
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillState,
    Payment,
    Refund,
    RefundState,
    Settlement,
)
from signoff.settlement.rules import SettlementResult


def freeze(*, case: UUID, result: SettlementResult, now: datetime) -> Settlement:
    """Keeps what the customer confirmed, and plans its refunds."""
    payments = {
        p.reference: p
        for p in Payment.objects.filter(
            reference__in=[r.payment for r in result.refunds if r.payment]
        )
    }
    with transaction.atomic():
        settlement = Settlement.objects.create(
            case=case, digest=result.digest, content=result.as_json(), confirmed_at=now
        )
        Refund.objects.bulk_create(
            Refund(
                case=case,
                position=position,
                payment=payments[part.payment] if part.payment else None,
                amount_minor=to_minor(part.amount),
                currency=part.amount.currency.code,
                changed_at=now,
            )
            for position, part in enumerate(result.refunds)
        )
    return settlement


def release(*, case: UUID) -> None:
    """The case was withdrawn or refused: nothing is owed for it any more."""
    with transaction.atomic():
        Refund.objects.filter(case=case, state=RefundState.PLANNED).delete()
        Settlement.objects.filter(case=case).delete()


def book_final_bill(*, case: UUID, account: Account, now: datetime) -> None:
    """The balances of the settlement are spent: on its charges first, the rest is on its way back.

    What is taken from each balance is what the customer confirmed. A balance that has shrunk
    since is emptied; money that came in since stays.
    """
    content = Settlement.objects.get(case=case).content
    numbers = [
        part["params"]["number"] for part in content["charges"] if part["code"] == "unpaid_bill"
    ]
    with transaction.atomic():
        for reference, amount in content["spent"].items():
            BalanceBucket.objects.filter(account=account, reference=reference).update(
                amount_minor=Greatest(F("amount_minor") - amount, 0), as_of=now
            )
        Bill.objects.filter(account=account, number__in=numbers).update(
            state=BillState.PAID, as_of=now
        )


def mark_refund(*, refund: int, state: RefundState, reference: str, now: datetime) -> None:
    """What the payment service says of a refund; counts it against its payment once."""
    with transaction.atomic():
        row = Refund.objects.select_related("payment").get(pk=refund)
        first_time = row.state == RefundState.PLANNED
        moved = Refund.objects.filter(pk=refund, state=row.state).update(
            state=state, reference=reference, changed_at=now
        )
        if not moved:
            raise Conflict(f"refund {refund} changed meanwhile")
        if first_time and row.payment_id and state != RefundState.FAILED:
            Payment.objects.filter(pk=row.payment_id).update(
                refunded_minor=F("refunded_minor") + row.amount_minor
            )
