"""Transfers that no bank file carries: a person makes them, and the journal follows."""

import pytest
from django.test import Client

from signoff.accounts.models import Role
from signoff.audit.models import AuditRow
from signoff.journal.queries import open_items
from signoff.notice.models import Notice
from signoff.settlement.models import Place, PlaceKind, Refund
from signoff.settlement.queries import under_way
from signoff.settlement.refunds.places import choose_account
from tests.desk import at_the_desk
from tests.finance import closed
from tests.instant import InstantCarrier
from tests.world import LATER, customer, deposit, staff

pytestmark = pytest.mark.django_db

IBAN = "DE89370400440532013000"


@pytest.fixture
def refund() -> Refund:
    """Yuan that go to an account in Germany."""
    made = closed(deposit(customer(paid=())), InstantCarrier())
    choose_account(
        case=made.case, kind=PlaceKind.IBAN, holder="Li Wei", account_number=IBAN,
        actor="customer", now=LATER,
    )  # fmt: skip
    return made


@pytest.fixture
def desk() -> Client:
    """Somebody of finance."""
    return at_the_desk(staff(Role.FINANCE))


def press(desk: Client, refund: Refund, what: str, **form: str) -> None:
    """A button of the page."""
    answer = desk.post(f"/desk/money/by-hand/{refund.pk}/{what}/", form)
    assert answer.status_code == 302, answer.content
    refund.refresh_from_db()


def test_a_person_sees_the_account_makes_the_transfer_and_says_that_it_arrived(
    refund: Refund, desk: Client
) -> None:
    assert IBAN not in desk.get("/desk/money/by-hand/").content.decode()
    shown = desk.post(f"/desk/money/by-hand/{refund.pk}/show/")
    assert IBAN in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert AuditRow.objects.filter(event="batch_file_taken").count() == 1
    press(desk, refund, "transferred", place=str(Place.objects.get(is_current=True).pk))
    assert refund.state == "sent"
    assert open_items() == under_way() == {(refund.case, "CNY"): -8800}
    press(desk, refund, "ended", how="arrived")
    assert refund.state == "paid"
    assert open_items() == under_way() == {}


def test_what_came_back_asks_the_customer_for_another_place(refund: Refund, desk: Client) -> None:
    press(desk, refund, "transferred", place=str(Place.objects.get(is_current=True).pk))
    press(desk, refund, "ended", how="returned")
    assert refund.state == "failed"
    assert Notice.objects.filter(kind="refund_failed").count() == 1
    assert open_items() == under_way()


@pytest.mark.parametrize("what", ["ended", "show"])
def test_what_does_not_wait_for_a_person_is_left_alone(
    refund: Refund, desk: Client, what: str
) -> None:
    if what == "show":
        press(desk, refund, "transferred", place=str(Place.objects.get(is_current=True).pk))
    answer = desk.post(f"/desk/money/by-hand/{refund.pk}/{what}/", {"how": "arrived"})
    assert answer.status_code == 409
    assert IBAN not in answer.content.decode()


def test_an_auditor_looks_and_does_not_act(refund: Refund) -> None:
    auditor = at_the_desk(staff(Role.AUDITOR))
    assert auditor.get("/desk/money/by-hand/").status_code == 200
    assert auditor.post(f"/desk/money/by-hand/{refund.pk}/show/").status_code == 403


def test_a_place_that_changed_meanwhile_is_not_the_one_that_was_paid(
    refund: Refund, desk: Client
) -> None:
    seen = Place.objects.get(is_current=True).pk
    choose_account(
        case=refund.case, kind=PlaceKind.IBAN, holder="Li Wei",
        account_number="GB29NWBK60161331926819", actor="customer", now=LATER,
    )  # fmt: skip
    answer = desk.post(f"/desk/money/by-hand/{refund.pk}/transferred/", {"place": str(seen)})
    assert answer.status_code == 409
    refund.refresh_from_db()
    assert refund.state == "planned"
