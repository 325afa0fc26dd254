"""A bill is paid on our page: partly or whole, once, and with no trace of what was not paid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from signoff.journal.models import Entry, Posting
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.sagas.bill_payments import follow_payment
from signoff.settlement.disputes.operations import open_dispute
from signoff.settlement.models import BalanceBucket, Bill, BillPayment, DisputeReason, Payment
from signoff.settlement.payments import operations as payments
from signoff.settlement.payments.events import note_event
from signoff.settlement.payments.queries import payable_minor
from tests.bills import payment_event
from tests.instant import InstantCarrier
from tests.world import LATER, NOON, bill_for, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill() -> Bill:
    """33.40 yuan that are not paid, in two items."""
    return bill_for(customer(), ("Item 1", 3000), ("Item 2", 340))


def asked(bill: Bill, minor: int = 3340) -> BillPayment:
    """The customer wants to pay so much."""
    return payments.start(bill=bill, amount_minor=minor, language="en", now=NOON)


def follow(payment: BillPayment, carrier: InstantCarrier) -> BillPayment:
    """One try of the worker."""
    payment.refresh_from_db()
    follow_payment(payment.pk, payment.tries, ports=carrier.ports(), now=lambda: LATER)
    payment.refresh_from_db()
    return payment


def page(payment: BillPayment, state: PaymentState, **more: object) -> PaymentPage:
    """What the payment service says of it."""
    amount = from_minor(payment.amount_minor, payment.currency)
    reference = payment.reference or f"cs_{payment.pk}"
    told = PaymentPage(reference, "", state, amount, str(payment.pk), f"pi_{payment.pk.hex}")
    return replace(told, **more)  # type: ignore[arg-type]


def test_a_bill_is_paid_whole(bill: Bill) -> None:
    carrier = InstantCarrier()
    payment = follow(asked(bill), carrier)
    assert payment.state == "open"
    assert payment.address
    assert not Entry.objects.exists()
    payment = follow(payment, carrier)
    bill.refresh_from_db()
    assert (payment.state, bill.state, bill.left_minor) == ("paid", "paid", 0)
    assert sorted(Posting.objects.values_list("account", "amount_minor")) == [
        ("Assets:PaymentService", 3340),
        ("Assets:Receivable:Bills", -3340),
    ]


def test_a_part_leaves_the_rest_to_be_paid(bill: Bill) -> None:
    carrier = InstantCarrier()
    follow(follow(asked(bill, 1000), carrier), carrier)
    bill.refresh_from_db()
    assert (bill.state, bill.left_minor, payable_minor(bill)) == ("unpaid", 2340, 2340)


@pytest.mark.parametrize("minor", [0, -1, 3341, 10**15])
def test_an_amount_that_cannot_be_paid_is_refused(bill: Bill, minor: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        asked(bill, minor)
    assert refused.value.code == "amount_not_payable"
    assert not BillPayment.objects.exists()


def test_pressing_twice_asks_once(bill: Bill) -> None:
    assert asked(bill).pk == asked(bill).pk
    with pytest.raises(Refusal) as refused:
        asked(bill, 100)
    assert refused.value.code == "payment_under_way"


@pytest.mark.parametrize("state", [PaymentState.FAILED, PaymentState.EXPIRED])
def test_a_payment_that_fails_or_is_left_alone_leaves_no_trace(
    bill: Bill, state: PaymentState
) -> None:
    payment = follow(asked(bill), InstantCarrier())
    payments.note_page(payment=payment.pk, page=page(payment, state), now=LATER)
    payment.refresh_from_db()
    bill.refresh_from_db()
    assert payment.state == state.value
    assert (bill.left_minor, Entry.objects.count(), Payment.objects.exclude(bucket=None).count()) == (
        3340, 0, 2,
    )  # fmt: skip
    assert asked(bill).pk != payment.pk


def test_who_turns_away_can_begin_anew(bill: Bill) -> None:
    carrier = InstantCarrier()
    payment = follow(asked(bill), carrier)
    payments.give_up(payment=payment, now=NOON)
    assert follow(payment, carrier).state in {"expired", "paid"}


def test_who_turns_away_before_there_is_a_page_can_begin_anew_at_once(
    bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = InstantCarrier()
    payment = asked(bill)
    payments.give_up(payment=payment, now=NOON)
    delays: list[timedelta] = []

    def followed(_row: BillPayment, *, delay: timedelta = timedelta()) -> None:
        delays.append(delay)

    monkeypatch.setattr(payments, "follow", followed)
    assert follow(payment, carrier).state == "open"
    assert delays == [timedelta()]
    assert follow(payment, carrier).state in {"expired", "paid"}


def test_what_was_paid_twice_becomes_balance(bill: Bill) -> None:
    carrier = InstantCarrier()
    payment = follow(asked(bill), carrier)
    Bill.objects.update(state="paid", paid_minor=3340)  # at the counter, meanwhile
    payments.note_page(payment=payment.pk, page=page(payment, PaymentState.PAID), now=LATER)
    surplus = BalanceBucket.objects.get(reference__startswith="over-")
    assert surplus.amount_minor == 3340
    assert surplus.payments.get().reference == f"pi_{payment.pk.hex}"


def test_another_amount_than_was_asked_for_is_not_believed(bill: Bill) -> None:
    payment = follow(asked(bill), InstantCarrier())
    odd = page(payment, PaymentState.PAID, amount=from_minor(1, "CNY"))
    payments.note_page(payment=payment.pk, page=odd, now=LATER)
    payment.refresh_from_db()
    bill.refresh_from_db()
    assert (payment.state, bill.left_minor) == ("open", 3340)
    assert "another amount" in payment.failure


def test_an_event_pays_once_however_often_and_in_whatever_order_they_come(bill: Bill) -> None:
    payment = follow(asked(bill), InstantCarrier())
    for state, name in [
        (PaymentState.OPEN, "evt_0"),
        (PaymentState.PAID, "evt_1"),
        (PaymentState.PAID, "evt_1"),
        (PaymentState.PAID, "evt_2"),
        (PaymentState.EXPIRED, "evt_3"),
        (PaymentState.OPEN, "evt_4"),
    ]:
        note_event(event=payment_event(payment, state, name), now=LATER)
    payment.refresh_from_db()
    bill.refresh_from_db()
    assert (payment.state, bill.left_minor, Entry.objects.count()) == ("paid", 0, 1)


@pytest.mark.parametrize(
    "more",
    [{"subject": str(uuid4())}, {"subject": "rubbish"}, {"subject": "", "reference": "cs_other"}],
)
def test_an_event_about_a_payment_that_is_not_ours_changes_nothing(
    bill: Bill, more: dict[str, object]
) -> None:
    payment = follow(asked(bill), InstantCarrier())
    note_event(event=payment_event(payment, PaymentState.PAID, "evt_1", **more), now=LATER)
    payment.refresh_from_db()
    assert payment.state == "open"


def raising(error: Exception) -> Callable[[str], None]:
    """A carrier that answers nothing else."""

    def before(_call: str) -> None:
        raise error

    return before


def test_a_service_that_is_away_is_asked_again_and_one_that_refuses_is_not(bill: Bill) -> None:
    carrier = InstantCarrier()
    payment = asked(bill)
    carrier.before = raising(Temporary("payments", "no answer"))
    payment = follow(payment, carrier)
    assert (payment.state, payment.tries) == ("asked", 2)
    carrier.before = raising(Permanent("payments", "too small"))
    payment = follow(payment, carrier)
    assert (payment.state, payment.failure) == ("failed", "too small")


def test_what_is_disputed_is_not_asked_for(bill: Bill) -> None:
    item = bill.items.get(position=2)
    open_dispute(item=item, amount_minor=340, reason=DisputeReason.NOT_USED, text="", now=NOON)
    assert payable_minor(bill) == 3000
    with pytest.raises(InvalidValue):
        asked(bill, 3340)
