"""Refunds in the states that the finance desk meets, made as they come about in life."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.kernel.keys import load_or_create
from signoff.ports.payments import RefundAnswer
from signoff.ports.payments import RefundState as Remote
from signoff.sagas.bank_files import write_bank_file
from signoff.sagas.closing import close_case
from signoff.settlement.disputes.operations import open_dispute
from signoff.settlement.models import Dispute, DisputeReason, PayoutBatch, PlaceKind, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.refunds.places import choose_account
from signoff.wiring import wire
from tests.instant import InstantCarrier
from tests.world import LATER, NOON, Customer, approved, bill_for, customer, deposit, staff

CARD, HOLDER = "6222021234567890128", "李伟"


class Bank(InstantCarrier):
    """A payment service that answers every refund in one way."""

    def __init__(self, answer: Remote = Remote.PAID, failure: str = "") -> None:
        super().__init__()
        self.answer, self.failure = answer, failure

    def refund(self, *, key: str, **_asked: object) -> RefundAnswer:
        """As it was told to."""
        return RefundAnswer(f"re_{key}"[-60:], self.answer, self.failure)

    def find_refund(self, **_asked: object) -> RefundAnswer | None:
        """None is known yet."""
        return None


def closed(who: Customer, bank: InstantCarrier | None = None) -> Refund:
    """The only refund of a closing that has run."""
    load_or_create(config().signing_key_file)
    case = approved(who)
    close_case(case.pk, ports=(bank or Bank()).ports(), now=lambda: LATER)
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED.value
    return Refund.objects.get(case=case.pk)


def came_back(failure: str = "expired_or_canceled_card") -> Refund:
    """The payment service says that the card takes it no more."""
    return closed(customer(paid=(5000,)), Bank(Remote.FAILED, failure))


def large() -> Refund:
    """3,000.00 yuan: above what one person lets go."""
    return closed(customer(paid=(300_000,)))


def nowhere(minor: int = 8800) -> Refund:
    """A deposit: it did not come by a payment, and the customer has not said where it goes."""
    return closed(deposit(customer(paid=()), minor))


def chosen(case: UUID, account_number: str = CARD, *, holder: str = HOLDER) -> None:
    """The customer names a card of a Chinese bank."""
    choose_account(
        case=case, kind=PlaceKind.CN_CARD, holder=holder, account_number=account_number,
        actor="customer", now=LATER, bank="招商银行深圳分行",
    )  # fmt: skip


def by_bank(minor: int = 8800, *, account_number: str = CARD, holder: str = HOLDER) -> Refund:
    """A deposit that goes to a bank card."""
    refund = nowhere(minor)
    chosen(refund.case, account_number, holder=holder)
    refund.refresh_from_db()
    return refund


def asked_for(maker: User | None = None) -> PayoutBatch:
    """A file with every card transfer that is ready; the worker has not written it yet."""
    return payouts.make_batch(
        kind=PlaceKind.CN_CARD,
        currency="CNY",
        execution_date=LATER.date(),
        maker=maker or staff(Role.FINANCE),
        now=LATER,
    )


def written(batch: PayoutBatch) -> PayoutBatch:
    """The worker has had its turn."""
    ports = replace(InstantCarrier().ports(), bank_files=wire(config()).bank_files)
    write_bank_file(batch.pk, ports=ports)
    batch.refresh_from_db()
    return batch


def disputed(who: Customer | None = None, *, state: str = "unpaid", text: str = "") -> Dispute:
    """One item of 10.00, the newest of three months."""
    who = who or customer()
    bills = [
        bill_for(
            who, ("Data roaming", month * 100), number=f"F{who.account.pk}-{month}",
            issued=date(2026, month, 1), due=date(2026, month, 15), state=state,
        )
        for month in (9, 10, 11)
    ]  # fmt: skip
    return open_dispute(
        item=bills[-1].items.get(), amount_minor=1000, reason=DisputeReason.NOT_USED, text=text,
        now=NOON,
    )  # fmt: skip
