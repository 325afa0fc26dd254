"""A bill of which an item is disputed, and what the payment service tells of paying one."""

from dataclasses import replace

from signoff.journal.models import Posting
from signoff.kernel.money import from_minor
from signoff.ports.payment_events import PaymentEvent, PaymentEventKind
from signoff.ports.payments import PaymentState
from signoff.settlement.disputes import operations as disputes
from signoff.settlement.models import Bill, BillPayment, Dispute, DisputeReason
from tests.world import LATER, NOON, Customer, bill_for, reviewer

ANSWER = "You were right: this was charged twice, and we are sorry."


def billed(who: Customer, state: str = "unpaid") -> Bill:
    """30.00 for the plan, 10.00 that the customer does not understand."""
    return bill_for(who, ("Item 1", 3000), ("Item 2", 1000), state=state)


def disputed(bill: Bill, minor: int = 1000) -> Dispute:
    """The second item, or so much of it."""
    return disputes.open_dispute(
        item=bill.items.get(position=2),
        amount_minor=minor,
        reason=DisputeReason.NOT_USED,
        text="I never used it.",
        now=NOON,
    )


def resolve(row: Dispute, *, upheld: bool, case: object = None) -> None:
    """An agent decides."""
    disputes.resolve(
        dispute=row.pk, upheld=upheld, answer=ANSWER, agent=reviewer(), booked_case=case,  # type: ignore[arg-type]
        now=LATER,
    )  # fmt: skip


def journal() -> dict[str, int]:
    """Sums of the accounts that are not zero."""
    sums: dict[str, int] = {}
    for account, minor in Posting.objects.values_list("account", "amount_minor"):
        sums[account] = sums.get(account, 0) + minor
    return {account: minor for account, minor in sums.items() if minor}


def payment_event(
    payment: BillPayment, state: PaymentState, name: str, **more: object
) -> PaymentEvent:
    """What the payment service tells."""
    kinds = {
        PaymentState.PAID: PaymentEventKind.PAYMENT_PAID,
        PaymentState.EXPIRED: PaymentEventKind.PAYMENT_EXPIRED,
        PaymentState.FAILED: PaymentEventKind.PAYMENT_FAILED,
        PaymentState.OPEN: PaymentEventKind.PAYMENT_FAILED,
    }
    told = PaymentEvent(
        id=name,
        kind=kinds[state],
        created_at=LATER,
        reference=payment.reference,
        state=state,
        paid_by=f"pi_{payment.pk.hex}",
        amount=from_minor(payment.amount_minor, payment.currency),
        subject=str(payment.pk),
    )
    return replace(told, **more)  # type: ignore[arg-type]
