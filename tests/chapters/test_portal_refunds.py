"""Where the rest goes, where the money is, and an amount that has changed: by plain pages."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.operations import close_account
from signoff.closing.queries import access_code
from signoff.kernel.clock import now
from signoff.settlement.models import Place, Refund
from signoff.settlement.rules import Terms
from tests.closings import changed, closed, draft, with_deposit
from tests.portal import PASSWORD, errors, send, signed_in, text, value_of
from tests.world import approved, bill_for, customer, submitted

pytestmark = pytest.mark.django_db

CARD = {"holder": "Li Wei", "account_number": "6222 0200 0012 3456 782", "bank": "工商银行北京分行"}

IBAN = "DE89 3704 0044 0532 0130 00"


def with_password(client: Client, path: str) -> Client:
    """The password is given where that page asks for it."""
    asked = client.get(path)["Location"]
    assert "/reauthenticate/" in asked
    assert client.post(asked, {"password": PASSWORD})["Location"] == path
    return client


def test_where_the_rest_should_go_is_asked_between_contact_and_check() -> None:
    who = with_deposit(lines=2)
    kept = who.account.lines.exclude(pk=who.lines[0].pk).get()
    client = signed_in(who)
    preview = text(client.get(f"/close/{who.lines[0].reference}/preview/").content)
    assert "CN¥30.00 to where you want it" in preview
    assert "You are asked where it should go" in preview
    case, there = draft(client, who)
    assert there == f"/cases/{case.number}/place/"
    page = client.get(there)
    assert "CN¥30.00" in text(page.content)
    check = f"/close/case/{case.number}/check/"
    soup = BeautifulSoup(page.content, "html.parser")
    later = soup.select_one(f'main a.button[href="{check}"]')
    assert later
    assert later.get_text() == "Decide later"
    assert errors(client.post(there, {"where": ""}).content) == [
        "Choose where it should go, or decide later."
    ]
    assert "You decide later" in text(client.get(check).content)
    assert client.post(there, {"where": kept.reference})["Location"] == check
    shown = text(client.get(check).content)
    assert (
        f"Balance of your line +86\u00a0…\u00a0{kept.msisdn[-4:]}".replace("\u00a0", " ") in shown
    )
    assert "CN¥30.00 to the balance of your line" in shown
    assert Place.objects.get().line == kept


def test_without_another_line_the_bank_card_is_asked_for_at_once_and_shown_masked() -> None:
    who = with_deposit()
    client = signed_in(who)
    case, there = draft(client, who)
    account = f"/cases/{case.number}/place/account/"
    assert client.get(there)["Location"] == account
    check = client.post(account, CARD)["Location"]
    assert check == f"/close/case/{case.number}/check/"
    shown = client.get(check)
    assert "Bank card 6222 •••• 6782 of Li Wei" in text(shown.content)
    again = client.get(account)
    for page in (shown, again):
        assert b"0200" not in page.content
    assert "Until now: Bank card 6222" in text(again.content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"account_number": "6222020000123456783"}, "one digit is wrong"),
        ({"account_number": "1234"}, "16 to 19 digits"),
        ({"account_number": ""}, "Write the card number."),
        ({"holder": "L"}, "Write the name of the account’s holder"),
        ({"bank": ""}, "Write the name of the bank."),
        ({"account_number": "\x00", "holder": "<b>"}, "Null characters"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_beside_it(change: dict[str, str], words: str) -> None:
    who = with_deposit()
    client = signed_in(who)
    case, _there = draft(client, who)
    page = client.post(f"/cases/{case.number}/place/account/", {**CARD, **change})
    assert words in " ".join(errors(page.content))
    assert not Place.objects.exists()


def test_a_european_account_is_an_iban_and_the_bic_is_asked_for_only_where_it_is_needed() -> None:
    who = with_deposit(currency="EUR")
    client = signed_in(who)
    case, _there = draft(client, who)
    url = f"/cases/{case.number}/place/account/"
    assert b'name="bic"' not in client.get(url).content
    swiss = {"holder": "Li Wei", "account_number": "CH17 0999 9000 1234 5678 9"}
    asked = client.post(url, swiss)
    assert "Write the BIC of the bank, too" in errors(asked.content)[0]
    assert b'name="bic"' in asked.content
    wrong = client.post(url, {**swiss, "bic": "X"})
    assert "That is not a BIC" in errors(wrong.content)[0]
    assert client.post(url, {**swiss, "bic": "UBSWCHZH80A"}).status_code == 302
    assert Place.objects.get().bic == "UBSWCHZH80A"
    assert client.post(url, {"holder": "Li Wei", "account_number": IBAN}).status_code == 302
    place = Place.objects.get(is_current=True)
    assert (place.kind, place.account_number) == ("iban", "DE89370400440532013000")
    check = text(client.get(f"/close/case/{case.number}/check/").content)
    assert "€30.00 to the bank account DE89 •••• 3000 of Li Wei" in check


def test_nobody_is_asked_where_nothing_is_left_over() -> None:
    who = customer(country="DE")
    client = signed_in(who)
    case, there = draft(client, who)
    assert there == f"/close/case/{case.number}/check/"
    for page in ("place", "place/account"):
        assert (
            client.get(f"/cases/{case.number}/{page}/", follow=True).redirect_chain[-1][0] == there
        )
    assert "Where the rest goes" not in text(client.get(there).content)


def test_after_it_was_sent_a_place_is_chosen_by_the_owner_after_the_password() -> None:
    who = with_deposit()
    case = submitted(who)
    client = signed_in(who)
    page = client.get(f"/cases/{case.number}/")
    assert "Tell us where it should go" in text(page.content)
    url = f"/cases/{case.number}/place/account/"
    assert f'href="/cases/{case.number}/place/"' in page.content.decode()
    asked = client.post(url, CARD)["Location"]
    assert "/reauthenticate/" in asked
    client.post(asked, {"password": "guess"})
    assert not Place.objects.exists()
    assert client.post(asked, {"password": PASSWORD})["Location"] == f"/cases/{case.number}/"
    shown = text(client.get(f"/cases/{case.number}/").content)
    assert "Bank card 6222 •••• 6782 of Li Wei" in shown
    assert "It goes out when the line is closed." in shown


def test_once_the_account_is_closed_the_browser_that_sent_it_may_choose_and_no_other() -> None:
    who = with_deposit()
    client = signed_in(who)
    case, _there = draft(client, who)
    send(client, case)
    del client.cookies["sessionid"]
    url = f"/cases/{case.number}/place/account/"
    assert client.get(url)["Location"].startswith("/sign-in/login/")  # who can sign in, must
    close_account(account=who.account.pk, now=now())
    assert (
        f'href="/cases/{case.number}/place/"'
        in client.get(f"/cases/{case.number}/").content.decode()
    )
    assert client.get(url).status_code == 200
    looked_up = Client()
    looked_up.post("/status/", {"number": case.number, "code": access_code(case)})
    assert looked_up.get(f"/cases/{case.number}/").status_code == 200
    for path in (url, f"/cases/{case.number}/place/"):
        assert looked_up.post(path, CARD)["Location"].startswith("/sign-in/login/")
    assert not Place.objects.exists()
    assert client.post(url, CARD)["Location"] == f"/cases/{case.number}/"
    assert Place.objects.get().holder == "Li Wei"


def test_who_signs_out_leaves_nothing_for_the_next_person_at_the_same_computer() -> None:
    who = with_deposit()
    client = signed_in(who)
    case, _there = draft(client, who)
    send(client, case)
    client.post("/sign-in/logout/")
    close_account(account=who.account.pk, now=now())
    for page in ("", "sent/", "certificate.json"):
        assert client.get(f"/cases/{case.number}/{page}").status_code == 404
    answer = client.post(f"/cases/{case.number}/place/account/", CARD)
    assert answer["Location"].startswith("/sign-in/login/")
    assert not Place.objects.exists()


def test_a_line_of_somebody_else_and_one_that_ends_are_no_places() -> None:
    who, other = with_deposit(lines=2), customer()
    client = signed_in(who)
    _case, there = draft(client, who)
    for line in (other.lines[0], who.lines[0]):
        page = client.post(there, {"where": line.reference})
        assert errors(page.content) == ["Choose one of the places in the list."]
    assert not Place.objects.exists()


def test_too_little_for_a_bank_can_go_to_a_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def five_yuan(*_rules: object) -> Terms:
        return Terms(smallest_transfer=500)

    monkeypatch.setattr("signoff.settlement.gathering.terms_of", five_yuan)
    who = with_deposit(minor=499)
    client = signed_in(who)
    case, there = draft(client, who)
    page = client.get(there)
    assert "less than a bank transfer can carry" in text(page.content)
    assert "you have no other line" in text(page.content)
    assert client.post(f"{there}account/", CARD)["Location"] == there
    check = client.get(f"/close/case/{case.number}/check/")
    assert "less than a bank transfer can carry" in text(check.content)
    assert not Place.objects.exists()


def test_a_refund_that_came_back_asks_where_else_and_goes_there() -> None:
    who = customer(lines=2, paid=(5000,))
    who.lines = who.lines[:1]
    case = closed(approved(who, now=now()))
    refund = Refund.objects.get(case=case.pk)
    Refund.objects.update(state="failed", failure="expired_or_canceled_card")
    client = signed_in(who)
    shown = client.get(f"/cases/{case.number}/")
    assert "Did not arrive" in text(shown.content)
    assert "CN¥50.00 could not be paid the way we tried." in text(shown.content)
    assert b"expired_or_canceled" not in shown.content
    main = BeautifulSoup(shown.content, "html.parser").select_one("main a.button")
    assert main
    assert main["href"] == f"/cases/{case.number}/place/"
    Refund.objects.update(is_failure_ours=True)
    ours = text(client.get(f"/cases/{case.number}/").content)
    assert "A person of ours is looking into it" in ours
    assert "Say where" not in ours
    Refund.objects.update(is_failure_ours=False)
    url = f"/cases/{case.number}/place/account/"
    with_password(client, url).post(url, CARD)
    refund.refresh_from_db()
    assert (refund.state, refund.attempt, refund.payment) == ("planned", 2, None)
    assert "It goes out with the next bank transfers." in text(
        client.get(f"/cases/{case.number}/").content
    )


def test_an_amount_that_has_changed_is_shown_part_by_part_and_confirmed_again() -> None:
    who = customer(paid=(5000,))
    case = changed(who)
    client = signed_in(who)
    url = f"/cases/{case.number}/confirm/"
    page = client.get(f"/cases/{case.number}/")
    assert f'href="{url}"' in page.content.decode()
    shown = client.get(url)
    said = text(shown.content)
    assert "You get back now CN¥43.00" in said
    assert "When you confirmed, it was CN¥50.00." in said
    assert "Use not billed yet: Roaming in Peru new −CN¥7.00" in said
    soup = BeautifulSoup(shown.content, "html.parser")
    assert [b.get_text() for b in soup.select("main .button")] == [
        "Confirm CN¥43.00 and close", "Undo this closing",
    ]  # fmt: skip
    digest = value_of(shown.content, "settlement")
    stale = client.post(url, {"settlement": "0" * 64})
    assert "/reauthenticate/" in stale["Location"]
    refused = client.post(stale["Location"], {"password": PASSWORD})
    assert "The amount has changed since you looked" in errors(refused.content)[0]
    assert client.post(url, {"settlement": digest})["Location"] == f"/cases/{case.number}/"
    case.refresh_from_db()
    assert case.state == "cooling_off"
    assert client.get(url)["Location"] == f"/cases/{case.number}/"


def test_what_has_to_be_paid_first_leads_to_its_bill_and_back() -> None:
    who = customer(paid=())
    case = approved(who, now=now())
    bill_for(who, ("Boom 30", 900), number="B-7", issued=now().date(), due=now().date())
    case = closed(case)
    assert case.state == "to_confirm"
    page = signed_in(who).get(f"/cases/{case.number}/confirm/")
    assert "Now something is still to be paid CN¥9.00" in text(page.content)
    assert f'href="/bills/B-7/?back=confirm.{case.number}"' in page.content.decode()
    assert "and close" not in text(page.content)


def test_the_money_of_a_case_is_shown_part_by_part_to_its_owner_only() -> None:
    who = customer(paid=(5000, 2500))
    case = approved(who, now=now())
    shown = text(signed_in(who).get(f"/cases/{case.number}/").content)
    assert re.search(r"Where your money is CN¥50.00 Planned Back to Visa 4242", shown)
    assert re.search(r"By \d+ \w+ \d{4}. Cards take up to 10 days.", shown)
    stranger = Client()
    stranger.post("/status/", {"number": case.number, "code": access_code(case)})
    seen = stranger.get(f"/cases/{case.number}/").content.decode()
    for private in ("Where your money is", "Visa", "50.00", "/place/"):
        assert private not in seen


def test_ten_refunds_cost_as_many_queries_as_one() -> None:
    counts = []
    for parts in (1, 10):
        who = customer(paid=[100] * parts)
        case = submitted(who)
        Refund.objects.filter(case=case.pk).update(needs_approval=True)
        client = signed_in(who)
        client.get(f"/cases/{case.number}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/cases/{case.number}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
