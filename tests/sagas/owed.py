"""Money that waits for somebody: a refund to let go, a file to write, a bill to pay."""

from collections.abc import Callable
from dataclasses import dataclass

from signoff.accounts.models import User
from signoff.settlement import operations as settlement
from signoff.settlement.models import BillPayment, PayoutBatch, Refund
from signoff.settlement.payments import operations as payments
from signoff.settlement.refunds import operations as refunds
from tests.finance import asked_for, chosen
from tests.peers.box import RunningBox
from tests.world import (
    LATER,
    NOON,
    Customer,
    at_the_carrier,
    bill_for,
    customer,
    deposit,
    staff,
    submitted,
)


@dataclass
class Owed:
    """One refund of a case whose final bill is booked, and who may let it go."""

    who: Customer
    refund: Refund
    people: list[User]

    @property
    def now(self) -> Refund:
        """As it is now."""
        return Refund.objects.get(pk=self.refund.pk)


def booked(who: Customer, place: Callable[[Refund], object] = lambda _refund: None) -> Owed:
    """The closing has come to the refund, and has handed it over."""
    case = submitted(who)
    refund = Refund.objects.get(case=case.pk)
    place(refund)
    settlement.book_final_bill(case=case.pk, account=who.account, step="final_bill", now=LATER)
    refunds.hand_over(refund=refund.pk, case=case.pk, now=LATER)
    return Owed(who, refund, [staff(), staff()])


def large(box: RunningBox) -> Owed:
    """3,000.00 yuan: two people must let it go."""
    who = customer(services=0, paid=(300_000,))
    at_the_carrier(who, box)
    return booked(who)


@dataclass
class Filed:
    """A transfer in a batch whose file is not written yet."""

    owed: Owed
    batch: PayoutBatch


def filed() -> Filed:
    """A deposit goes to a bank card, and finance have made a file."""
    owed = booked(deposit(customer(services=0, paid=())), lambda refund: chosen(refund.case))
    return Filed(owed, asked_for(owed.people[0]))


def asked(number: str) -> BillPayment:
    """A customer wants to pay a bill."""
    who = customer(services=0, paid=())
    owed = bill_for(who, ("Boom 30", 3340), number=f"F{who.account.pk}-{number}")
    return payments.start(bill=owed, amount_minor=3340, language="en", now=NOON)


def pages(box: RunningBox, row: BillPayment) -> list[str]:
    """Pages at the payment service that were made for it."""
    rows = box.rows("checkout_sessions").items()
    return [name for name, page in rows if page["client_reference_id"] == str(row.pk)]
