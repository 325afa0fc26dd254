"""Freezing a settlement, and booking it. Amounts come from it, never from a second calculation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from signoff.accounts.models import Account
from signoff.journal import operations as journal
from signoff.journal.rules import Account as JournalAccount
from signoff.journal.rules import EntryKind
from signoff.kernel.errors import Conflict
from signoff.policies.model import Policy
from signoff.settlement.booking import final_bill, moved
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    BillState,
    Credit,
    Payment,
    Place,
    Refund,
    RefundState,
    Settlement,
    Usage,
)
from signoff.settlement.payments.booking import keep_surplus, locked_bill
from signoff.settlement.payments.queries import payable_minor
from signoff.settlement.rules import SettlementResult
from signoff.settlement.terms import needs_four_eyes


def freeze(
    *, case: UUID, result: SettlementResult, policy: Policy, now: datetime, why: str = "confirmed"
) -> Settlement:
    """Keeps what the customer confirmed, and plans its refunds; takes the place of an older one.

    Raises Conflict if money of the older version is on its way, or it is booked already.
    """
    with transaction.atomic():
        version = _retire(case) + 1
        settlement = Settlement.objects.create(
            case=case,
            version=version,
            why=why,
            digest=result.digest,
            content=result.as_json(),
            confirmed_at=now,
        )
        _plan_refunds(case, result, policy, now)
    return settlement


def _retire(case: UUID) -> int:
    """The newest version that is there is no longer current; returns its number, 0 for none."""
    old = Settlement.objects.filter(case=case, is_current=True).first()
    if old is None:
        return 0
    started = Refund.objects.filter(case=case).exclude(state=RefundState.PLANNED)
    if old.booked_at or started.exists():
        raise Conflict("money of this settlement has moved already")
    Refund.objects.filter(case=case).delete()
    Settlement.objects.filter(pk=old.pk).update(is_current=False)
    return old.version


def _plan_refunds(case: UUID, result: SettlementResult, policy: Policy, now: datetime) -> None:
    names = [part.payment for part in result.refunds if part.payment]
    payments = {p.reference: p for p in Payment.objects.filter(reference__in=names)}
    Refund.objects.bulk_create(
        Refund(
            case=case,
            position=position,
            payment=payments[part.payment] if part.payment else None,
            amount_minor=part.minor,
            currency=part.currency,
            needs_approval=needs_four_eyes(policy, part.minor, part.currency),
            changed_at=now,
        )
        for position, part in enumerate(result.refunds)
    )


def release(*, case: UUID) -> None:
    """The case was withdrawn or refused: nothing is owed for it any more."""
    with transaction.atomic():
        Refund.objects.filter(case=case, state=RefundState.PLANNED).delete()
        Settlement.objects.filter(case=case).delete()
        Place.objects.filter(case=case).delete()


def book_final_bill(*, case: UUID, account: Account, step: str, now: datetime) -> None:
    """The balances of the settlement are spent: on its charges first, the rest is on its way back.

    What is taken from each balance is what the customer confirmed. A balance that has shrunk
    since is emptied; money that came in since stays. Booked once, however often it is called.
    """
    with transaction.atomic():
        settlement = Settlement.objects.get(case=case, is_current=True)
        if not Settlement.objects.filter(pk=settlement.pk, booked_at=None).update(booked_at=now):
            return
        content = settlement.content
        for reference, amount in content["spent"].items():
            BalanceBucket.objects.filter(account=account, reference=reference).update(
                amount_minor=Greatest(F("amount_minor") - amount, 0), spent_by_case=case, as_of=now
            )
        Credit.objects.filter(account=account, reference__in=content["used_credits"]).update(
            used_by_case=case
        )
        Usage.objects.filter(line__account=account, reference__in=content["billed_usage"]).update(
            billed_by_case=case
        )
        _settle_bills(case, account, content["charges"], now)
        postings = final_bill(content)
        if postings:
            journal.post(
                cause=f"case:{case}:final_bill",
                kind=EntryKind.FINAL_BILL,
                postings=postings,
                now=now,
                case=case,
                step=step,
            )


def _settle_bills(
    case: UUID, account: Account, charges: list[dict[str, Any]], now: datetime
) -> None:
    """What was unpaid is paid from the balance; what is disputed stays open on its bill.

    If a bill was paid in another way since the customer confirmed, its charge comes back.
    """
    charged = {
        part["params"]["number"]: part["amount"]
        for part in charges
        if part["code"] == "unpaid_bill"
    }
    numbers = Bill.objects.filter(account=account, number__in=charged).order_by("pk")
    for key in list(numbers.values_list("pk", flat=True)):
        bill = locked_bill(key)
        used = min(charged[bill.number], payable_minor(bill))
        Bill.objects.filter(pk=key).update(paid_minor=F("paid_minor") + used, as_of=now)
        _give_back(case, bill, charged[bill.number] - used, now)
    Bill.objects.filter(
        paid_minor__gte=F("total_minor") - F("credited_minor"), account=account, number__in=charged
    ).update(state=BillState.PAID)


def _give_back(case: UUID, bill: Bill, minor: int, now: datetime) -> None:
    """The final bill has booked the whole charge: what of it had been paid is owed again."""
    reference = f"twice-{bill.pk}-{case.hex[:12]}"
    if keep_surplus(bill, minor, reference=reference, now=now) is None:
        return
    journal.post(
        cause=f"case:{case}:paid_twice:{bill.pk}",
        kind=EntryKind.CORRECTION,
        postings=moved(
            JournalAccount.BALANCES_PAID, JournalAccount.BILLS, minor, bill.account.currency
        ),
        now=now,
        case=case,
    )
