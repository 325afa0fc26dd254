"""A refund is followed, and the bank and the payment service say things of it: for tests."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from signoff.accounts.models import User
from signoff.journal.queries import entries_of, open_items
from signoff.kernel.money import from_minor
from signoff.ports.bank_files import StatusReport, TransferState
from signoff.ports.payment_events import PaymentEvent, PaymentEventKind
from signoff.ports.payments import RefundAnswer
from signoff.ports.payments import RefundState as Remote
from signoff.sagas.refunds import follow_refund
from signoff.settlement.models import PayoutBatch, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.reports import note_reports
from signoff.settlement.queries import under_way
from tests.finance import asked_for, written
from tests.instant import InstantCarrier
from tests.world import LATER, reviewer


class Bank(InstantCarrier):
    """A payment service that answers refunds as it is told."""

    def __init__(self, *answers: Remote | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.keys: list[str] = []
        self.known: dict[int, RefundAnswer] = {}

    def refund(self, *, key: str, attempt: int = 1, **_asked: object) -> RefundAnswer:
        """The next answer; and from then on it knows the refund."""
        self.keys.append(key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        failure = "expired_or_canceled_card" if answer is Remote.FAILED else ""
        self.known[attempt] = RefundAnswer(f"re_{key}"[-60:], answer, failure)
        return self.known[attempt]

    def find_refund(self, *, attempt: int = 1, **_asked: object) -> RefundAnswer | None:
        """What this attempt has become."""
        return self.known.get(attempt)


def follow(refund: Refund, bank: InstantCarrier) -> Refund:
    """One try of the worker."""
    refund.refresh_from_db()
    follow_refund(refund.pk, refund.attempt, refund.tries, ports=bank.ports(), now=lambda: LATER)
    refund.refresh_from_db()
    return refund


def kinds(case: UUID) -> list[str]:
    """Kinds of a case's entries in the journal."""
    return [entry.kind for entry in entries_of(case)]


def balanced() -> bool:
    """The journal says that the same is owed as the refunds do."""
    return open_items() == under_way()


def batch(maker: User | None = None) -> PayoutBatch:
    """All card transfers in one file, written by the worker."""
    return written(asked_for(maker))


def report(refund: Refund, state: TransferState, transfer: str | None = None, **more: Any) -> None:
    """The bank's file says so much of a transfer."""
    status = payouts.take_status(
        format_name="cn_csv", content=b"read elsewhere", by=reviewer(), now=LATER
    )
    refund.refresh_from_db()
    one = StatusReport(transfer or refund.transfer, state, **more)
    note_reports(status=status.pk, reports=[one], now=LATER)
    refund.refresh_from_db()


def event(refund: Refund, state: Remote, name: str = "evt_1", **more: object) -> PaymentEvent:
    """What the payment service tells of a refund."""
    told = PaymentEvent(
        id=name,
        kind=PaymentEventKind.REFUND_CHANGED,
        created_at=LATER,
        reference=refund.reference,
        state=state,
        amount=from_minor(refund.amount_minor, refund.currency),
        case=str(refund.case),
        step=f"refund:{refund.pk}",
    )
    return replace(told, **more)  # type: ignore[arg-type]
