"""What a closing comes to and no bill holds is paid on the page, and the closing takes it."""

import pytest
from django.test import Client

from signoff.accounts.models import Account, Line
from signoff.journal.models import Posting
from signoff.kernel.clock import now
from signoff.sagas.bill_payments import follow_payment
from signoff.settlement.models import BalanceBucket, BillPayment, Usage
from tests.instant import InstantCarrier
from tests.portal import signed_in
from tests.world import LATER, Customer, bill_for, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Customer:
    """Owes 12.00 for use that no bill holds, and has no balance. The pages read the clock."""
    made = customer(paid=())
    Usage.objects.create(
        reference="U1", line=made.lines[0], description="Roaming", amount_minor=1200, used_at=now()
    )
    return made


def paid(client: Client, address: str, *, tries: int = 2, **typed: str) -> BillPayment:
    """Presses the button, and pays at the payment service. tries: with one it is only asked for."""
    assert client.post(address, typed).status_code == 302
    row = BillPayment.objects.get(state="asked")
    for _try in range(tries):
        row.refresh_from_db()
        carrier = carriers.setdefault(row.pk.hex, InstantCarrier())
        follow_payment(row.pk, row.tries, ports=carrier.ports(), now=lambda: LATER)
    row.refresh_from_db()
    return row


carriers: dict[str, InstantCarrier] = {}


def test_it_is_paid_and_the_preview_is_free(who: Customer) -> None:
    client = signed_in(who)
    reference = who.lines[0].reference
    preview = f"/close/{reference}/preview/"
    page = client.get(preview).content.decode()
    assert f"/close/{reference}/pay/" in page
    asked = client.get(f"/close/{reference}/pay/").content.decode()
    assert "CN¥12.00" in asked
    payment = paid(client, f"/close/{reference}/pay/")
    assert payment.state == "paid"
    shown = client.get(f"/bills/payments/{payment.pk}/").content.decode()
    assert preview in shown
    assert BalanceBucket.objects.get().amount_minor == 1200
    assert sorted(Posting.objects.values_list("account", "amount_minor")) == [
        ("Assets:PaymentService", 1200),
        ("Liabilities:Balances:Paid", -1200),
    ]
    assert "/pay/" not in client.get(preview).content.decode()
    assert client.get(f"/close/{reference}/pay/").status_code == 302  # nothing left to pay


def test_pressing_twice_asks_once(who: Customer) -> None:
    client = signed_in(who)
    address = f"/close/{who.lines[0].reference}/pay/"
    assert client.post(address).headers["Location"] == client.post(address).headers["Location"]
    assert BillPayment.objects.count() == 1


def test_it_is_nobody_elses(who: Customer) -> None:
    signed_in(who).post(f"/close/{who.lines[0].reference}/pay/")
    stranger = signed_in(customer())
    assert stranger.get(f"/close/{who.lines[0].reference}/pay/").status_code == 404
    assert stranger.get(f"/bills/payments/{BillPayment.objects.get().pk}/").status_code == 404


def test_the_payment_of_another_line_is_not_taken_for_this_ones(who: Customer) -> None:
    """The same amount, so that only the line tells them apart; and the page says where it is."""
    client, one = signed_in(who), who.lines[0]
    client.post(f"/close/{one.reference}/pay/")
    payment = BillPayment.objects.get()
    other = customer(paid=()).lines[0]
    Line.objects.filter(pk=other.pk).update(account=who.account)
    Usage.objects.create(
        reference="U2", line=other, description="Data", amount_minor=1200, used_at=now()
    )
    answer = client.post(f"/close/{other.reference}/pay/")
    assert answer.status_code == 200
    assert f"/bills/payments/{payment.pk}/" in answer.content.decode()
    assert BillPayment.objects.count() == 1


def test_what_is_paid_after_the_line_has_ended_belongs_to_the_account(who: Customer) -> None:
    """On the line it would never go back: no closing looks at an ended one again."""
    client, line = signed_in(who), who.lines[0]
    client.post(f"/close/{line.reference}/pay/")
    row = BillPayment.objects.get()
    Line.objects.filter(pk=line.pk).update(state="closed")
    for _try in range(2):
        row.refresh_from_db()
        carrier = carriers.setdefault(row.pk.hex, InstantCarrier())
        follow_payment(row.pk, row.tries, ports=carrier.ports(), now=lambda: LATER)
    bucket = BalanceBucket.objects.get()
    assert (bucket.account, bucket.line, bucket.amount_minor) == (who.account, None, 1200)


def test_money_in_another_currency_is_not_shown_as_if_it_met_what_is_due(who: Customer) -> None:
    BalanceBucket.objects.create(
        reference="B-usd", account=who.account, line=who.lines[0], kind="paid", amount_minor=5000,
        currency="USD", as_of=LATER,
    )  # fmt: skip
    page = signed_in(who).get(f"/close/{who.lines[0].reference}/pay/").content.decode()
    assert "CN¥12.00" in page
    assert "50.00" not in page


@pytest.fixture
def dinars(who: Customer) -> Customer:
    """Owes 12.345: cards carry two of the three places."""
    Account.objects.filter(pk=who.account.pk).update(currency="BHD")
    Usage.objects.update(amount_minor=12345)
    return who


def test_dinars_are_paid_by_card_and_what_that_is_more_stays_theirs(dinars: Customer) -> None:
    client, address = signed_in(dinars), f"/close/{dinars.lines[0].reference}/pay/"
    page = client.get(address).content.decode()
    assert "BHD12.350" in page
    assert "BHD0.005" in page
    assert paid(client, address).amount_minor == 12350
    assert BalanceBucket.objects.get().amount_minor == 12350


def test_so_is_a_bill_in_dinars(dinars: Customer) -> None:
    client, bill = signed_in(dinars), bill_for(dinars, ("Plan", 8888), number="D-1")
    payment = paid(client, f"/bills/{bill.number}/pay/", amount="8.888", tries=1)
    page = client.get(f"/bills/payments/{payment.pk}/").content.decode()
    assert "BHD8.890" in page
    assert "BHD0.002" in page
    ports = carriers[payment.pk.hex].ports()
    follow_payment(payment.pk, payment.tries, ports=ports, now=lambda: LATER)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_minor) == ("paid", 8888)
    assert BalanceBucket.objects.get().amount_minor == 2
