"""Bills, paying them, and saying that an item is wrong: by plain pages, without any script."""

import re
from datetime import date
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from signoff.journal.queries import open_items
from signoff.kernel.clock import now
from signoff.ports.payments import PaymentPage, PaymentState
from signoff.settlement.models import Bill, BillItem, BillPayment, Dispute
from signoff.settlement.payments import operations as payments
from tests.portal import bill_of, errors, signed_in, text, value_of
from tests.world import customer

pytestmark = pytest.mark.django_db


def paid_page(row: BillPayment, state: PaymentState = PaymentState.PAID) -> PaymentPage:
    """What the payment service says of it."""
    open_ = state is PaymentState.OPEN
    return PaymentPage(
        reference=f"cs_{row.pk.hex[:8]}",
        url="https://pay.example/c/1" if open_ else "",
        state=state,
        paid_by="" if open_ else f"pi_{row.pk.hex[:8]}",
        method="Visa 4242",
    )


def note(row: BillPayment, state: PaymentState) -> None:
    """The worker was there."""
    payments.note_page(payment=row.pk, page=paid_page(row, state), now=now())


def test_the_last_twelve_bills_stand_newest_first_with_what_is_open_above_all() -> None:
    who = customer()
    for month in range(1, 13):
        bill_of(who, f"B-{month:02}", issued=date(2026, month, 1))
    Bill.objects.exclude(number="B-11").update(state="paid")
    bill_of(who, "B-00", issued=date(2025, 12, 1))
    Bill.objects.filter(number="B-00").update(state="paid")
    page = signed_in(who).get("/bills/")
    soup = BeautifulSoup(page.content, "html.parser")
    rows = [row["href"] for row in soup.select("tbody th a")]
    assert rows == [f"/bills/B-{month:02}/" for month in range(12, 0, -1)]
    assert soup.select(".figure-value")[0].get_text() == "CN¥33.40"
    assert soup.select_one("main a.button")["href"] == "/bills/B-11/"  # type: ignore[index]


def test_a_bill_is_paid_on_the_page_of_the_payment_service() -> None:
    who = customer()
    bill, client = bill_of(who), signed_in(who)
    page = client.get("/bills/B-1/")
    assert "Pay CN¥33.40" in text(page.content)
    asked = client.post("/bills/B-1/pay/", {"amount": value_of(page.content, "amount")})
    row = BillPayment.objects.get()
    assert (row.state, row.amount_minor, row.language) == ("asked", 3340, "en")
    there = f"/bills/payments/{row.pk}/"
    assert asked["Location"] == there
    shown = client.get(there)
    assert "We are preparing the payment page" in text(shown.content)
    assert '<noscript><meta http-equiv="refresh"' in shown.content.decode()
    progress = re.search(r'hx-get="([^"]+)"', shown.content.decode())
    assert progress
    assert client.get(progress[1]).status_code == 204
    assert client.get(there + "go/")["Location"] == there  # there is nothing to go to yet
    note(row, PaymentState.OPEN)
    moved = client.get(progress[1]).content.decode()
    assert "Go to the payment page" in moved
    assert "pay.example" in moved
    assert client.get(there + "go/")["Location"] == "https://pay.example/c/1"
    note(row, PaymentState.PAID)
    assert "Paid. Thank you." in text(client.get(there).content)
    bill.refresh_from_db()
    assert bill.state == "paid"
    assert "Pay CN¥" not in text(client.get("/bills/B-1/").content)


def test_who_comes_back_has_us_ask_once() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    client.post("/bills/B-1/pay/", {"amount": "33.40"})
    row = BillPayment.objects.get()
    note(row, PaymentState.OPEN)
    there = f"/bills/payments/{row.pk}/"
    client.get(there)
    before = BillPayment.objects.get().tries  # looking at the page is not coming back
    client.get(there + "go/")
    back = client.get(there)
    assert "We are asking whether it is paid" in text(back.content)
    assert BillPayment.objects.get().tries == before + 1
    client.get(there)
    client.get(there)
    assert BillPayment.objects.get().tries == before + 1


def test_who_does_not_pay_is_told_that_nothing_was_taken_and_may_try_again() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    client.post("/bills/B-1/pay/", {"amount": "10"})
    row = BillPayment.objects.get()
    note(row, PaymentState.OPEN)
    there = f"/bills/payments/{row.pk}/"
    assert client.get(there + "cancel/").status_code == 405
    assert client.post(there + "cancel/")["Location"] == there
    assert BillPayment.objects.get().is_given_up
    assert "We are closing the payment page" in text(client.get(there).content)
    assert client.get(there + "go/")["Location"] == there
    note(row, PaymentState.EXPIRED)
    over = client.get(there)
    assert "Nothing was taken from you" in text(over.content)
    assert b"hx-get" not in over.content
    client.post("/bills/B-1/pay/", {"amount": value_of(over.content, "amount")})
    assert BillPayment.objects.filter(state="asked", amount_minor=1000).count() == 1
    assert open_items() == {}


def test_a_payment_that_failed_is_told_as_such() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    client.post("/bills/B-1/pay/", {"amount": "33.40"})
    row = BillPayment.objects.get()
    note(row, PaymentState.FAILED)
    shown = text(client.get(f"/bills/payments/{row.pk}/").content)
    assert "The payment did not go through Nothing was taken from you." in shown


def test_another_amount_is_paid_in_part() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    page = client.get("/bills/B-1/pay/")
    assert "At most CN¥33.40." in text(page.content)
    client.post("/bills/B-1/pay/", {"amount": "１０，５"})
    row = BillPayment.objects.get()
    assert row.amount_minor == 1050
    note(row, PaymentState.PAID)
    shown = text(client.get(f"/bills/payments/{row.pk}/").content)
    assert "CN¥22.90 of it is still open." in shown
    assert "Pay CN¥22.90" in text(client.get("/bills/B-1/").content)
    assert "CN¥22.90 left" in text(client.get("/bills/").content)


@pytest.mark.parametrize("amount", ["", "0", "-5", "33.41", "1,234", "ten", "\x00", "9" * 60])
def test_an_amount_that_cannot_be_paid_is_explained_beside_its_field(amount: str) -> None:
    who = customer()
    bill_of(who)
    page = signed_in(who).post("/bills/B-1/pay/", {"amount": amount})
    assert page.status_code == 200
    assert len(errors(page.content)) == 1
    assert b'href="#id_amount"' in page.content
    assert not BillPayment.objects.exists()


def test_pressing_twice_is_one_payment_and_another_amount_waits_for_it() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    first = client.post("/bills/B-1/pay/", {"amount": "33.40"})["Location"]
    assert client.post("/bills/B-1/pay/", {"amount": "33.40"})["Location"] == first
    page = client.post("/bills/B-1/pay/", {"amount": "5"})
    assert "under way already" in errors(page.content)[0]
    assert f'href="{first}"' in page.content.decode()
    shown = client.get("/bills/B-1/")
    assert "A payment of CN¥33.40 is under way." in text(shown.content)
    assert f'href="{first}"' in shown.content.decode()
    assert BillPayment.objects.count() == 1


def test_who_came_from_a_closing_is_led_back_to_it() -> None:
    who = customer(paid=())
    bill_of(who)
    client = signed_in(who)
    preview = f"/close/{who.lines[0].reference}/preview/"
    shown = client.get(preview).content.decode()
    link = f"/bills/B-1/?back=preview.{who.lines[0].reference}"
    assert f'href="{link}"' in shown
    form = BeautifulSoup(client.get(link).content, "html.parser").select_one("main form")
    assert form
    client.post(str(form["action"]), {"amount": "33.40"})
    row = BillPayment.objects.get()
    assert "A payment of bill B-1 is under way" in text(client.get(preview).content)
    note(row, PaymentState.PAID)
    page = client.get(f"/bills/payments/{row.pk}/")
    assert f'href="{preview}"' in page.content.decode()
    assert "Go on with the closing" in text(page.content)
    assert "has to be done first" not in text(client.get(preview).content)


@pytest.mark.parametrize(
    "mark",
    ["https://evil.example/", "//evil.example", "preview.//evil.example", "preview.", "evil.x",
     "preview.%2F%2Fevil", "preview.a/../..", "check.\x00", "preview." + "a" * 5000],
)  # fmt: skip
def test_the_way_back_leads_to_no_other_site(mark: str) -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    page = client.get("/bills/B-1/", {"back": mark})
    assert page.status_code == 200
    main = str(BeautifulSoup(page.content, "html.parser").find("main"))
    assert "evil" not in main
    assert "back=" not in main


def test_an_unusual_item_is_marked_with_its_reason() -> None:
    who = customer()
    bill = bill_of(who)
    BillItem.objects.create(bill=bill, position=3, description="Roaming in Peru", amount_minor=340,
                            kind="roaming")  # fmt: skip
    client = signed_in(who)
    rows = BeautifulSoup(client.get("/bills/B-1/").content, "html.parser").select("tbody tr")
    assert [bool(row.select(".mark")) for row in rows] == [False, False, True]
    assert "1 item looks unusual" in text(client.get("/bills/").content)


def test_bills_items_and_payments_of_others_are_not_there() -> None:
    owner, other = customer(), customer()
    bill_of(owner)
    signed_in(owner).post("/bills/B-1/pay/", {"amount": "33.40"})
    row = BillPayment.objects.get()
    note(row, PaymentState.OPEN)
    there = f"/bills/payments/{row.pk}/"
    client = signed_in(other)
    paths = ["/bills/B-1/", "/bills/B-1/pay/", "/bills/B-1/items/2/", there, there + "go/",
             there + "cancel/", there + "progress/"]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code in {404, 405}, path
        sent = client.post(path, {"amount": "1", "reason": "twice", "sure": "1"})
        assert sent.status_code in {404, 405}, path
        away = Client().post(path) if "cancel" in path else Client().get(path)
        assert away["Location"].startswith("/sign-in/login/?next="), path
    row.refresh_from_db()
    assert (row.is_given_up, BillPayment.objects.count(), Dispute.objects.count()) == (False, 1, 0)
    assert client.get(f"/bills/payments/{uuid4()}/").status_code == 404
    for path in ("/bills/B-1/items/9/", "/bills/B-1/items/x/", "/bills/payments/1/",
                 "/bills/B-1/items/99999999999999999999/"):  # fmt: skip
        assert signed_in(owner).get(path).status_code == 404, path
