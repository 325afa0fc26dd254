"""A disputed item is set aside, a person decides, and the journal follows."""

import pytest

from signoff.closing import queries as cases
from signoff.closing.rules import Scope
from signoff.config import config
from signoff.journal.queries import open_items
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.keys import load_or_create
from signoff.sagas.closing import close_case
from signoff.settlement.disputes import operations as disputes
from signoff.settlement.models import Credit, Dispute, Refund
from signoff.settlement.queries import under_way
from tests.bills import billed, disputed, journal, resolve
from tests.instant import InstantCarrier
from tests.world import LATER, NOON, Customer, approved, customer, reviewer

pytestmark = pytest.mark.django_db


def refund(who: Customer) -> int:
    """What a preview promises, less what is due; minor units."""
    shown = cases.preview(who.account, who.lines, scope=Scope.LINE, now=NOON).settlement
    return shown.refund_minor - shown.due_minor


def test_only_what_is_not_disputed_is_charged() -> None:
    who = customer(paid=(5000,))
    bill = billed(who)
    assert refund(who) == 1000
    disputed(bill)
    assert refund(who) == 2000
    assert journal() == {"Assets:Receivable:Bills": -1000, "Assets:Receivable:Disputed": 1000}


def test_upheld_takes_it_off_the_bill() -> None:
    who = customer(paid=(5000,))
    bill = billed(who)
    resolve(disputed(bill), upheld=True)
    bill.refresh_from_db()
    assert (bill.left_minor, refund(who)) == (3000, 2000)
    assert journal() == {"Assets:Receivable:Bills": -1000, "Expenses:CreditNotes": 1000}


def test_rejected_puts_it_back() -> None:
    who = customer(paid=(5000,))
    resolve(disputed(billed(who)), upheld=False)
    assert refund(who) == 1000
    assert journal() == {}


def test_what_was_paid_already_is_owed() -> None:
    who = customer(paid=())
    resolve(disputed(billed(who, "paid")), upheld=True)
    assert Credit.objects.get().amount_minor == 1000
    assert refund(who) == 1000
    assert journal() == {"Expenses:CreditNotes": 1000, "Liabilities:Credits": -1000}


def test_after_the_closing_what_is_owed_is_one_refund_more() -> None:
    load_or_create(config().signing_key_file)
    who = customer(paid=(5000,))
    row = disputed(billed(who, "paid"))
    case = approved(who)
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    resolve(row, upheld=True, case=case.pk)
    amounts = Refund.objects.filter(case=case.pk).order_by("position")
    assert list(amounts.values_list("amount_minor", flat=True)) == [5000, 1000]
    assert open_items() == under_way() == {(case.pk, "CNY"): -1000}


def test_after_the_closing_the_disputed_part_of_a_bill_stays_open_on_it() -> None:
    load_or_create(config().signing_key_file)
    who = customer(paid=(5000,))
    bill = billed(who)
    row = disputed(bill)
    case = approved(who)
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    bill.refresh_from_db()
    assert (bill.state, bill.left_minor) == ("unpaid", 1000)
    resolve(row, upheld=True, case=case.pk)
    bill.refresh_from_db()
    assert (bill.state, bill.left_minor) == ("paid", 0)
    assert open_items() == under_way() == {}


@pytest.mark.parametrize("minor", [0, -5, 1001])
def test_no_more_than_the_item_can_be_disputed(minor: int) -> None:
    bill = billed(customer())
    with pytest.raises(InvalidValue):
        disputed(bill, minor)
    assert not Dispute.objects.exists()


def test_an_item_is_disputed_once_and_decided_once() -> None:
    bill = billed(customer())
    row = disputed(bill)
    with pytest.raises(Refusal) as refused:
        disputed(bill)
    assert refused.value.code == "disputed_before"
    resolve(row, upheld=True)
    with pytest.raises(Refusal) as refused:
        resolve(row, upheld=False)
    assert refused.value.code == "dispute_resolved"


def test_a_decision_needs_words() -> None:
    row = disputed(billed(customer()))
    with pytest.raises(InvalidValue):
        disputes.resolve(
            dispute=row.pk,
            upheld=True,
            answer=" ok ",
            agent=reviewer(),
            booked_case=None,
            now=LATER,
        )
    row.refresh_from_db()
    assert row.state == "open"
