"""What customers of other carriers complain of when they leave. Each complaint is a test of ours."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from signoff.closing.models import Case
from signoff.config import config
from signoff.kernel.clock import now
from signoff.kernel.errors import InvalidValue
from signoff.kernel.keys import load_or_create
from signoff.review import operations as review
from signoff.review.clock import today_of
from signoff.review.models import Decision
from signoff.review.rules import RefusalReason
from signoff.sagas.closing import close_case
from signoff.settlement.models import BalanceBucket, Bill, Refund
from signoff.settlement.queries import settlement_of
from tests.instant import InstantCarrier
from tests.papers import with_papers
from tests.portal import PASSWORD, send, signed_in, text
from tests.world import Customer, approved, bill_for, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timedelta(days=3)


def closed(who: Customer) -> Case:
    """Approved three days ago, and closed to the end by a carrier that answers at once."""
    load_or_create(config().signing_key_file)
    case, carrier = approved(who, now=now() - LONG_AGO), InstantCarrier().ports()
    for _run in range(20):
        close_case(case.pk, ports=carrier, now=now)
        case = Case.objects.get(pk=case.pk)
        if case.state == "closed":
            return case
    raise AssertionError(f"still {case.state}")


def test_how_to_take_the_number_along_is_not_hidden_in_the_closing() -> None:
    who = customer()
    client = signed_in(who)
    assert 'href="/take-along/"' in client.get(f"/lines/{who.lines[0].reference}/").content.decode()
    assert 'href="/take-along/"' in client.get("/search", {"q": "携号转网"}).content.decode()
    page = text(client.get("/take-along/").content)
    assert "You need not close anything here" in page
    assert "No bill is to be paid first" in page
    assert "A closed number cannot be taken along any more" in page
    assert not Case.objects.exists()


def test_what_is_owed_and_the_days_after_a_closing_are_said_with_it() -> None:
    who = customer(country="DE")
    bill_for(who, ("Boom 30", 100))
    Bill.objects.update(line=None)
    page = text(signed_in(who).get("/take-along/").content)
    assert "A bill is still to be paid, and that comes first" in page
    assert "taken along for 31 days" in page


def test_signing_in_during_the_waiting_time_cancels_nothing() -> None:
    who = customer()
    case = approved(who, now=now())
    before = (case.state, case.due_at, case.attempt)
    client = signed_in(who)
    client.logout()
    login = {"login": who.user.username, "password": PASSWORD}
    assert client.post("/sign-in/login/", login).status_code == 302
    for page in ("/", "/settings/", f"/cases/{case.number}/", "/bills/"):
        assert client.get(page).status_code == 200
    case.refresh_from_db()
    assert (case.state, case.due_at, case.attempt) == before == ("cooling_off", case.due_at, 1)


def test_no_bill_comes_after_the_closing() -> None:
    who = customer()
    who.lines[0].billing = "postpaid"
    who.lines[0].save()
    bill_for(who, ("Boom 30", 1000), issued=date(2026, 10, 1), due=date(2026, 10, 15))
    case = closed(who)
    settled = settlement_of(case.pk)
    assert settled
    assert "unpaid_bill" in [charge["code"] for charge in settled.content["charges"]]
    assert settled.content["last_day"] == str(today_of(case, now() - LONG_AGO))
    assert [bill.state for bill in Bill.objects.all()] == ["paid"]  # and no other was made


def test_no_credit_is_lost() -> None:
    who = customer(paid=(5000, 2500))
    BalanceBucket.objects.filter(account=who.account).update(expires_on=date(2020, 1, 1))
    case = closed(who)
    assert sum(Refund.objects.filter(case=case.pk).values_list("amount_minor", flat=True)) == 7500


@pytest.mark.parametrize("name", ["li wei", "LI WEI", "Wei, Li", "  李伟 "])
def test_no_name_must_be_typed_as_it_stands_in_our_books(name: str) -> None:
    who = customer(country="DE")
    client = signed_in(who)
    client.post(f"/close/{who.lines[0].reference}/preview/")
    case = Case.objects.get()
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    contact = {"name": name, "email": "li@example.org", "phone": ""}
    client.post(f"/close/case/{case.number}/contact/", contact)
    send(client, case)
    case.refresh_from_db()
    assert (case.state, case.contact_name) == ("submitted", name.strip())


def test_no_refusal_is_without_a_reason() -> None:
    by = reviewer()
    case = review.take(case=submitted(customer(), now=now()), reviewer=by, now=now())
    with_papers(case)
    for words in ("", "   ", "No."):
        with pytest.raises(InvalidValue):
            review.refuse(
                case=case, reviewer=by, reason_code=RefusalReason.COURT_ORDER, text=words, now=now()
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(case=case, reviewer=by, outcome="refused", decided_at=now())
    assert Case.objects.get().state == "in_review"


def test_where_the_refund_is_can_be_seen_from_the_request_to_the_end() -> None:
    who = customer()
    client = signed_in(who)
    case = submitted(who, now=now())
    page = text(client.get(f"/cases/{case.number}/").content)
    assert "Where your money is" in page
    assert "Visa 4242" in page
    other = customer()
    case = closed(other)
    client = signed_in(other)
    page = text(client.get(f"/cases/{case.number}/").content)
    assert "You get back CN¥75.00" in page
    for part in ("CN¥50.00", "CN¥25.00", "Visa 4242", "It has been paid back"):
        assert part in page.split("Where your money is")[1], part
