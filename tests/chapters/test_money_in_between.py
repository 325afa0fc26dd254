"""Two things that happen to the same money, one just before the other: nobody loses any."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from signoff.accounts.models import Line
from signoff.alternatives import operations as alternatives
from signoff.alternatives.models import Pause
from signoff.closing import queries as cases
from signoff.closing.disputes import resolve_dispute
from signoff.config import config
from signoff.journal.queries import open_items
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict
from signoff.kernel.keys import load_or_create
from signoff.kernel.money import from_minor
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.sagas import money_steps
from signoff.sagas.bank_files import read_bank_status, write_bank_file
from signoff.sagas.bill_payments import ASK_SELDOM, OFTEN, follow_payment
from signoff.sagas.closing import STEPS, close_case
from signoff.sagas.pauses import follow_pause
from signoff.sagas.reconcile import expected_runs
from signoff.sagas.run import Step
from signoff.settlement import operations as settlement
from signoff.settlement.models import (
    BalanceBucket,
    BankStatus,
    Bill,
    BillPayment,
    Credit,
    PayoutBatch,
    Refund,
    Settlement,
)
from signoff.settlement.payments import operations as payments
from signoff.settlement.payments.events import note_event
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.queries import under_way
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds import places
from signoff.termination.models import Receipt
from signoff.termination.rules import StepKind
from tests.bills import ANSWER, billed, disputed, journal, payment_event, resolve
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.racing import at_once
from tests.world import LATER, NOON, Customer, approved, customer, deposit, staff, submitted

pytestmark = pytest.mark.django_db


def asked(bill: Bill, minor: int) -> BillPayment:
    """The customer is on the page of the payment service."""
    row = payments.start(bill=bill, amount_minor=minor, language="en", now=NOON)
    follow_payment(row.pk, 1, ports=InstantCarrier().ports(), now=lambda: NOON)
    row.refresh_from_db()
    return row


def paid(row: BillPayment) -> None:
    """They have paid."""
    amount = from_minor(row.amount_minor, row.currency)
    page = PaymentPage(
        row.reference, "", PaymentState.PAID, amount, str(row.pk), f"pi_{row.pk.hex}"
    )
    payments.note_page(payment=row.pk, page=page, now=LATER)


@pytest.mark.parametrize("upheld", [True, False])
def test_an_item_that_is_disputed_while_its_bill_is_being_paid(*, upheld: bool) -> None:
    bill = billed(customer(paid=()))
    row = asked(bill, 4000)
    dispute = disputed(bill)
    paid(row)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_minor, bill.left_minor) == ("unpaid", 3000, 1000)
    assert BalanceBucket.objects.get().amount_minor == 1000
    resolve(dispute, upheld=upheld)
    bill.refresh_from_db()
    assert bill.left_minor == (0 if upheld else 1000)
    assert not Credit.objects.exists()
    assert journal() == {
        "Assets:PaymentService": 4000,
        "Liabilities:Balances:Paid": -1000,
        **(
            {"Assets:Receivable:Bills": -4000, "Expenses:CreditNotes": 1000}
            if upheld
            else {"Assets:Receivable:Bills": -3000}
        ),
    }


def test_what_was_disputed_and_then_paid_at_the_counter_is_owed() -> None:
    bill = billed(customer(paid=()))
    dispute = disputed(bill)
    Bill.objects.update(state="paid")  # the billing system says so
    resolve(dispute, upheld=True)
    assert Credit.objects.get().amount_minor == 1000
    assert journal() == {"Expenses:CreditNotes": 1000, "Liabilities:Credits": -1000}


def test_what_was_disputed_and_then_paid_is_owed_by_its_closing() -> None:
    who = customer(paid=(5000,))
    dispute = disputed(billed(who))
    case = submitted(who)
    settlement.book_final_bill(case=case.pk, account=who.account, step="", now=LATER)
    Bill.objects.update(state="paid")  # the billing system says so
    resolve_dispute(dispute=dispute.pk, upheld=True, answer=ANSWER, agent=staff(), now=LATER)
    assert Refund.objects.get(payment=None).amount_minor == 1000
    assert not Credit.objects.exists()
    assert open_items() == under_way()


def test_a_large_amount_that_a_dispute_adds_waits_for_two_people_and_has_a_place() -> None:
    who = customer(paid=(), lines=2)
    bill = billed(who, "paid")
    Bill.objects.update(total_minor=400_000)
    bill.items.filter(position=2).update(amount_minor=370_000)
    bill = Bill.objects.get()
    dispute = disputed(bill, 370_000)
    case = submitted(Customer(who.user, who.account, who.lines[:1]))
    settlement.book_final_bill(case=case.pk, account=who.account, step="", now=LATER)
    place = places.choose_line(
        case=case.pk, line=who.lines[1], closing=set(), actor="customer", now=LATER
    )
    resolve(dispute, upheld=True, case=case.pk)
    added = Refund.objects.get(case=case.pk)
    assert (added.needs_approval, added.place) == (True, place)
    assert open_items() == under_way()


def test_a_bill_that_is_paid_while_its_line_is_closing_is_not_paid_twice() -> None:
    who = customer(paid=(5000,))
    bill = billed(who)
    row = asked(bill, 4000)
    case = submitted(who)
    paid(row)
    settlement.book_final_bill(case=case.pk, account=who.account, step="", now=LATER)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_minor) == ("paid", 4000)
    assert BalanceBucket.objects.get(reference__startswith="twice-").amount_minor == 4000
    assert open_items() == under_way()


def test_a_payment_of_a_bill_that_the_closing_has_paid_stays_with_the_account() -> None:
    who = customer(paid=(5000,))
    row = asked(billed(who), 4000)
    case = submitted(who)
    settlement.book_final_bill(case=case.pk, account=who.account, step="", now=LATER)
    Line.objects.update(state="closing")
    paid(row)
    surplus = BalanceBucket.objects.get(reference__startswith="over-")
    assert (surplus.amount_minor, surplus.line) == (4000, None)
    assert Settlement.objects.get().booked_at


class _Away(InstantCarrier):
    """Whoever asks gets this."""

    def __init__(self, error: Exception) -> None:
        super().__init__()

        def before(_call: str) -> None:
            raise error

        self.before = before


@pytest.mark.parametrize(
    "error", [Temporary("payments", "no"), Permanent("payments", "key"), ZeroDivisionError()]
)
def test_a_page_that_cannot_be_asked_about_is_asked_about_later_not_at_once(
    error: Exception,
) -> None:
    row = asked(billed(customer(paid=())), 4000)
    before = row.tries
    follow_payment(row.pk, row.tries, ports=_Away(error).ports(), now=lambda: NOON)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("open", before + 1)
    assert row.failure
    run = engine_rows(f"payment:{row.pk}:{row.tries}").popitem()[1]
    assert run.status == "DELAYED"


def test_a_page_that_stays_open_for_days_is_asked_about_seldom() -> None:
    row = asked(billed(customer(paid=())), 4000)
    BillPayment.objects.update(tries=OFTEN)
    carrier = InstantCarrier()
    carrier._known[row.reference] = PaymentPage(row.reference, "x", PaymentState.OPEN)
    follow_payment(row.pk, OFTEN, ports=carrier.ports(), now=lambda: NOON)
    run = engine_rows(f"payment:{row.pk}:{OFTEN + 1}").popitem()[1]
    assert run.delayed_until_ms
    assert run.delayed_until_ms > (now() + ASK_SELDOM / 2).timestamp() * 1000
    assert f"payment:{row.pk}:{OFTEN + 1}" in expected_runs(LATER)


class _WokenMeanwhile(InstantCarrier):
    """While it switches the line off, the customer wakes it, and another worker switches it on."""

    def __init__(self, pause: Pause) -> None:
        super().__init__()
        self.pause = pause

    def stop_service(self, imsi: object) -> None:
        """The order to switch on overtakes ours."""
        alternatives.resume(line=self.pause.line, now=NOON)
        follow_pause(self.pause.pk, ports=InstantCarrier().ports(), now=lambda: NOON)
        self._known[f"stop:{imsi}"] = None


def test_a_line_that_was_woken_while_it_was_switched_off_works_in_the_end() -> None:
    who = customer(paid=())
    pause = alternatives.pause(
        line=who.lines[0], until=(NOON + timedelta(days=30)).date(), now=NOON
    )
    carrier = _WokenMeanwhile(pause)
    follow_pause(pause.pk, ports=carrier.ports(), now=lambda: NOON)
    pause.refresh_from_db()
    assert pause.state == "over"
    assert f"stop:{who.lines[0].imsi}" not in carrier._known


def breaking(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The books of the final bill will not take what we write."""

    def apply(*_args: object) -> None:
        raise error

    step = Step(money_steps.final_bill.act, apply)
    monkeypatch.setitem(STEPS, StepKind.FINAL_BILL, step)


def test_rows_that_the_database_refuses_are_for_a_person_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_or_create(config().signing_key_file)
    case = approved(customer())
    breaking(monkeypatch, IntegrityError("constraint"))
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    assert cases.case_by_id(case.pk).state == "needs_attention"


def test_somebody_who_wrote_in_this_very_moment_is_no_reason_to_ask_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_or_create(config().signing_key_file)
    case = approved(customer())
    with monkeypatch.context() as busy:
        breaking(busy, Conflict("another transaction wrote to the chain first"))
        close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    case = cases.case_by_id(case.pk)
    assert (case.state, case.waiting_for) == ("closing", "signoff")
    assert Receipt.objects.get(case=case.pk, state="intended").trouble
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    assert cases.case_by_id(case.pk).state == "closed"


def test_every_run_that_was_lost_is_missed() -> None:
    """Of each route and kind: what must happen is in our rows, not only at the engine."""
    later = LATER + timedelta(days=2)
    who = deposit(customer(paid=(300_000,), lines=2))
    case = submitted(Customer(who.user, who.account, who.lines[:1]))
    by_payment, to_line = Refund.objects.filter(case=case.pk).order_by("position")
    places.choose_line(case=case.pk, line=who.lines[1], closing=set(), actor="c", now=NOON)
    settlement.book_final_bill(case=case.pk, account=who.account, step="", now=LATER)
    for refund in (by_payment, to_line):
        refunds.hand_over(refund=refund.pk, case=case.pk, now=LATER)
    assert f"refund:{to_line.pk}:1:1" in expected_runs(later)
    assert f"refund:{by_payment.pk}:1:0" not in expected_runs(later)  # two people first
    for person in (staff(), staff()):
        refunds.approve(refund=by_payment.pk, approver=person, now=LATER)
    assert f"refund:{by_payment.pk}:1:1" in expected_runs(later)
    Refund.objects.filter(pk=by_payment.pk).update(state="sent")
    assert f"refund:{by_payment.pk}:1:1" in expected_runs(later)
    bill = billed(who)
    row = payments.start(bill=bill, amount_minor=4000, language="en", now=NOON)
    assert f"payment:{row.pk}:1" in expected_runs(later)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_breaks_us_is_refused_and_not_read_for_ever() -> None:
    class Broken:
        def write(self, **_asked: object) -> None:
            raise ZeroDivisionError

        def read_status(self, _content: bytes) -> None:
            raise ZeroDivisionError

    ports = replace(InstantCarrier().ports(), bank_files={"cn_csv": Broken()})  # type: ignore[dict-item]
    status = payouts.take_status(format_name="cn_csv", content=b"x", by=staff(), now=LATER)
    read_bank_status(status.pk, ports=ports, now=lambda: LATER)
    row = BankStatus.objects.get()
    assert (row.state, row.failure) == ("refused", "unexpected ZeroDivisionError")
    batch = PayoutBatch.objects.create(
        format="cn_csv", currency="CNY", execution_date=NOON.date(), made_by=staff(), made_at=NOON
    )
    write_bank_file(batch.pk, ports=ports)
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == ("asked", "unexpected ZeroDivisionError")


@pytest.mark.django_db(transaction=True)
def test_one_event_that_is_delivered_twice_at_once_counts_once() -> None:
    row = asked(billed(customer(paid=())), 4000)
    told = payment_event(row, PaymentState.PAID, f"evt_{uuid4()}")
    ends = at_once(*[lambda: note_event(event=told, now=LATER)] * 3)
    assert not [end for end in ends if isinstance(end, Exception)]
    assert sum(end is not None for end in ends) == 1
    assert Bill.objects.get().paid_minor == 4000
