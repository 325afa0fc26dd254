"""A customer disputes an item of a bill, and reads what became of it."""

from types import SimpleNamespace
from typing import cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signoff.closing.models import Case
from signoff.closing.operations import save_reason, submit
from signoff.closing.rules import Reason
from signoff.config import policies
from signoff.kernel.clock import now
from signoff.kernel.errors import Refusal
from signoff.policies.load import Policies
from signoff.settlement.disputes.operations import resolve
from signoff.settlement.models import Bill, BillItem, Dispute
from tests.portal import bill_of, errors, signed_in, text, value_of
from tests.world import NOON, customer, reviewer

pytestmark = pytest.mark.django_db


def test_an_item_is_disputed_after_it_was_said_what_follows() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    url = "/bills/B-1/items/2/"
    assert f'href="{url}"' in client.get("/bills/B-1/").content.decode()
    page = client.get(url)
    assert value_of(page.content, "amount") == "3.40"
    sent = {"reason": "not_used", "amount": "3.40", "text": "I was <b>home</b>"}
    check = client.post(url, sent)
    assert not Dispute.objects.exists()
    said = text(check.content)
    assert "CN¥3.40 of the bill is set aside" in said
    assert "the rest goes on" in said
    assert "I was <b>" not in check.content.decode()
    again = {name: value_of(check.content, name) for name in sent}
    changed = client.post(url, {**again, "change": "1"})
    assert "I was <b>home</b>" in text(changed.content)
    for _press in range(2):
        there = client.post(url, {**again, "sure": "1"})["Location"]
    assert there.startswith("/bills/B-1/")
    row = Dispute.objects.get()
    assert (row.amount_minor, row.text) == (340, "I was <b>home</b>")
    shown = text(client.get("/bills/B-1/").content)
    assert "We are looking at it" in shown
    assert "Pay CN¥30.00" in shown
    assert "CN¥3.40 is set aside" in shown
    assert f'href="{url}"' not in client.get("/bills/B-1/").content.decode()
    assert client.get(url)["Location"] == "/bills/B-1/"
    assert value_of(client.get("/bills/B-1/").content, "amount") == "30.00"
    assert "CN¥30.00" in text(client.get("/bills/").content)


@pytest.mark.parametrize("amount", ["3.41", "0", "-1", "x", ""])
def test_more_than_the_item_cannot_be_disputed_with_or_without_the_page_between(
    amount: str,
) -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    for sure in ({}, {"sure": "1"}):
        page = client.post("/bills/B-1/items/2/", {"reason": "twice", "amount": amount, **sure})
        assert len(errors(page.content)) == 1
    assert len(errors(client.post("/bills/B-1/items/2/", {"amount": "1"}).content)) == 1
    assert not Dispute.objects.exists()


def test_what_became_of_a_dispute_stands_at_its_item() -> None:
    who = customer()
    bill_of(who)
    client = signed_in(who)
    sent = {"reason": "twice", "amount": "3.40", "text": "", "sure": "1"}
    client.post("/bills/B-1/items/2/", sent)
    answer = "You were in Peru on that day.\nBut we let it go."
    resolve(
        dispute=Dispute.objects.get().pk, upheld=True, answer=answer, agent=reviewer(),
        booked_case=None, now=now(),
    )  # fmt: skip
    shown = text(client.get("/bills/B-1/").content)
    assert "You were right" in shown
    assert "But we let it go." in shown
    assert "Taken off because you were right −CN¥3.40" in shown


def test_a_dispute_stops_the_closing_only_where_the_rule_pack_lets_it_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who = customer(paid=(9000,))
    bill_of(who)
    client = signed_in(who)
    sent = {"reason": "twice", "amount": "3.40", "text": "", "sure": "1"}
    client.post("/bills/B-1/items/2/", sent)
    preview = f"/close/{who.lines[0].reference}/preview/"
    page = client.get(preview)
    assert "the rest of the closing goes on" in text(page.content)
    assert "has to be done first" not in text(page.content)
    assert "Disputed on bill B-1, set aside CN¥3.40" in text(page.content)
    monkeypatch.setattr("signoff.closing.queries.policies", waiting_policies)
    page = client.get(preview)
    assert "One thing has to be done first" in text(page.content)
    assert "We decide about that first; then you can close." in text(page.content)
    assert "/bills/B-1/?back=preview." in page.content.decode()
    client.post(preview)
    case = Case.objects.get(account=who.account)
    save_reason(case=case, reason=Reason.PRICE, text="")
    with pytest.raises(Refusal) as refused:
        submit(case=case, settlement_digest="", session_key="", now=now())
    assert refused.value.code == "blocked"


def waiting_policies() -> Policies:
    """The rules as they are, but a closing waits for disputes."""
    money = policies().for_country("CN").money
    waits = money.disputes.model_copy(update={"value": "wait"})
    policy = (
        policies()
        .for_country("CN")
        .model_copy(update={"money": money.model_copy(update={"disputes": waits})})
    )
    return cast("Policies", SimpleNamespace(for_country=lambda _country: policy))


def test_a_paid_item_is_given_back_and_nothing_is_set_aside() -> None:
    who = customer()
    bill_of(who)
    Bill.objects.update(state="paid")
    page = signed_in(who).post("/bills/B-1/items/2/", {"reason": "twice", "amount": "3.40"})
    assert "It is paid already. If you are right, you get it back." in text(page.content)


@pytest.mark.parametrize("path", ["/bills/", "/bills/B-{n}-0/"])
def test_a_bill_of_ten_disputed_items_costs_as_many_queries_as_one_of_one(path: str) -> None:
    counts = []
    for items in (1, 10):
        who = customer()
        n = who.account.number
        bill = bill_of(who, f"B-{n}-0")
        for position in range(3, 3 + items):
            item = BillItem.objects.create(
                bill=bill, position=position, description=f"Item {position}", amount_minor=100
            )
            Dispute.objects.create(
                item=item, amount_minor=100, unpaid_minor=0, currency="CNY", reason="twice",
                opened_at=NOON,
            )  # fmt: skip
        client = signed_in(who)
        client.get(path.format(n=n))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path.format(n=n)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
