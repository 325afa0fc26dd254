"""The whole way of a customer by plain pages: no script runs in these tests."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from signoff.accounts.models import Line
from signoff.closing.models import Case
from signoff.closing.queries import access_code
from signoff.kernel.clock import now
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.formats import moment_text
from signoff.notice.models import Notice
from signoff.settlement.models import BalanceBucket
from tests.papers import with_papers
from tests.portal import PASSWORD, errors, send, signed_in, text, value_of
from tests.world import Customer, approved, bill_for, customer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

CONTACT = {"name": "Li Wei", "email": "li@example.org", "phone": ""}


def draft(client: Client, what: str) -> Case:
    """Chosen, looked at, begun."""
    client.post(f"/close/{what}/preview/")
    return Case.objects.get(state="draft")


def answered(client: Client, what: str) -> Case:
    """All questions answered, and nothing sent."""
    case = draft(client, what)
    client.post(f"/close/case/{case.number}/reason/", {"reason": "price"})
    client.post(f"/close/case/{case.number}/contact/", CONTACT)
    with_papers(case)
    return case


def test_from_the_choice_to_the_timeline_without_any_script() -> None:
    who = customer()
    client = signed_in(who)
    what = who.lines[0].reference
    assert client.get("/close/", {"what": what})["Location"] == f"/close/{what}/"
    assert f'href="/close/{what}/preview/"' in client.get(f"/close/{what}/").content.decode()
    preview = text(client.get(f"/close/{what}/preview/").content)
    assert "You get back CN¥75.00" in preview
    assert "CN¥50.00 by Visa 4242" in preview
    assert "Voice mail" in preview
    answer = client.post(f"/close/{what}/preview/")
    case = Case.objects.get()
    assert answer["Location"] == f"/close/case/{case.number}/reason/"
    answer = client.post(answer["Location"], {"reason": "other", "text": "Too <b>far</b>"})
    assert answer["Location"] == f"/close/case/{case.number}/contact/"
    with_papers(case)  # how they come there: test_portal_photos.py
    answer = client.post(answer["Location"], CONTACT)
    assert answer["Location"] == f"/close/case/{case.number}/check/"
    page = client.get(answer["Location"])
    assert "Too <b>far</b>" in text(page.content)
    assert b"Too <b>far" not in page.content
    digest = value_of(page.content, "settlement")
    asked = client.post(answer["Location"], {"settlement": digest})
    assert "/sign-in/reauthenticate/" in asked["Location"]
    assert Case.objects.get().state == "draft"
    wrong = client.post(asked["Location"], {"password": "guess"})
    assert errors(wrong.content) == ["This password is not right. Try again."]
    assert Case.objects.get().state == "draft"
    sent = client.post(asked["Location"], {"password": PASSWORD})
    assert sent["Location"] == f"/cases/{case.number}/sent/"
    shown = text(client.get(sent["Location"]).content)
    assert case.number in shown
    assert access_code(case) in shown
    timeline = text(client.get(f"/cases/{case.number}/").content)
    assert "You asked us to close" in timeline
    assert "Where your money is" in timeline


def test_pressing_twice_at_every_step_gives_one_case() -> None:
    who = customer()
    client = signed_in(who)
    what = who.lines[0].reference
    for _press in range(2):
        client.post(f"/close/{what}/preview/")
    case = answered(client, what)
    check = f"/close/case/{case.number}/check/"
    digest = value_of(client.get(check).content, "settlement")
    asked = client.post(check, {"settlement": digest})
    first = client.post(asked["Location"], {"password": PASSWORD})
    second = client.post(check, {"settlement": digest})
    assert first["Location"] == f"/cases/{case.number}/sent/"
    assert second["Location"] == first["Location"]  # who pressed twice sees the number too
    assert Case.objects.count() == 1
    assert Case.objects.get().state == "submitted"


def test_letters_are_in_the_language_in_which_the_customer_confirms() -> None:
    who = customer()
    client = signed_in(who)
    case = answered(client, who.lines[0].reference)
    assert case.language == "en"
    client.cookies["django_language"] = "zh-hans"
    send(client, case)
    case.refresh_from_db()
    assert (case.state, case.language) == ("submitted", "zh-hans")
    assert set(Notice.objects.values_list("kind", "language")) == {("received", "zh-hans")}


def test_going_back_keeps_every_answer() -> None:
    client = signed_in(customer())
    case = answered(client, Line.objects.get().reference)
    reason = client.get(f"/close/case/{case.number}/reason/").content.decode()
    assert re.search(r'value="price"[^>]*checked', reason)
    contact = client.get(f"/close/case/{case.number}/contact/").content.decode()
    assert 'value="li@example.org"' in contact
    change = client.post(f"/close/case/{case.number}/reason/?from=check", {"reason": "moving"})
    assert change["Location"] == f"/close/case/{case.number}/check/"


def test_a_refused_answer_is_explained_beside_its_field_and_what_was_typed_stays() -> None:
    client = signed_in(customer())
    line = Line.objects.get()
    case = draft(client, line.reference)
    url = f"/close/case/{case.number}/contact/"
    page = client.post(url, {**CONTACT, "phone": line.msisdn})
    assert "is closed by this very request" in errors(page.content)[0]
    assert b'href="#id_phone"' in page.content
    assert b'value="li@example.org"' in page.content
    assert page.content.count(b"<title>Error:") == 1
    page = client.post(url, {"name": "", "email": "nobody", "phone": "call me"})
    assert len(errors(page.content)) == 2
    assert Case.objects.get().contact_email == line.account.email


def test_what_has_to_be_done_first_is_shown_with_the_way_to_do_it() -> None:
    who = customer(paid=(1000,))
    client = signed_in(who)
    what = who.lines[0].reference
    bill_for(who, ("Boom 30", 4000), number="B-9")
    page = client.get(f"/close/{what}/preview/")
    assert "CN¥30.00 is still to be paid" in text(page.content)
    assert f'href="/bills/B-9/?back=preview.{what}"' in page.content.decode()
    assert b'<button class="button">Start' not in page.content
    case = answered(client, what)
    check = f"/close/case/{case.number}/check/"
    shown = client.get(check)
    assert "One thing has to be done first" in text(shown.content)
    asked = client.post(check, {"settlement": value_of(shown.content, "settlement")})
    refused = client.post(asked["Location"], {"password": PASSWORD})
    assert "Something has come in between" in errors(refused.content)[0]
    assert Case.objects.get().state == "draft"


def test_an_amount_that_changed_since_it_was_shown_is_shown_again_before_anything_is_sent() -> None:
    who = customer()
    client = signed_in(who)
    case = answered(client, who.lines[0].reference)
    check = f"/close/case/{case.number}/check/"
    digest = value_of(client.get(check).content, "settlement")
    BalanceBucket.objects.update(amount_minor=1)
    asked = client.post(check, {"settlement": digest})
    page = client.post(asked["Location"], {"password": PASSWORD})
    assert errors(page.content) == [
        "The amount has changed since you looked. Please look at it again."
    ]
    assert "CN¥0.01" in text(page.content)
    assert Case.objects.get().state == "draft"


def test_undo_asks_once_and_changes_nothing_else() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    url = f"/cases/{case.number}/undo/"
    assert f'href="{url}"' in client.get(f"/cases/{case.number}/").content.decode()
    assert Case.objects.get().state == "submitted"
    assert "Undo this closing?" in text(client.get(url).content)
    client.post(url)
    assert Case.objects.get().state == "withdrawn"
    shown = client.get(f"/cases/{case.number}/")
    assert "Undone: nothing has changed" in text(shown.content)
    assert b"hx-get" not in shown.content
    assert client.post(url)["Location"] == f"/cases/{case.number}/"


def test_the_time_to_think_again_is_shown_as_the_largest_thing() -> None:
    who = customer()
    case = approved(who, now=now())
    shown = text(signed_in(who).get(f"/cases/{case.number}/").content)
    assert "You can change your mind until" in shown


def test_a_draft_can_be_thrown_away() -> None:
    client = signed_in(customer())
    case = draft(client, Line.objects.get().reference)
    assert client.post(f"/cases/{case.number}/undo/")["Location"] == "/"
    assert Case.objects.get().state == "withdrawn"


def test_a_line_in_another_draft_is_said_with_the_way_to_that_draft() -> None:
    client = signed_in(customer(lines=2))
    begun = draft(client, Line.objects.order_by("pk")[0].reference)
    page = client.post("/close/account/preview/")
    assert begun.number in errors(page.content)[0]
    assert f'href="/cases/{begun.number}/">Look at the case</a>' in page.content.decode()
    assert client.get(f"/cases/{begun.number}/")["Location"].endswith("/check/")


def test_a_line_that_is_being_closed_leads_to_its_case() -> None:
    who = customer(lines=2)
    case = submitted(Customer(who.user, who.account, who.lines[:1]))
    page = signed_in(who).get("/close/")
    assert f'href="/cases/{case.number}/"' in page.content.decode()
    assert f'value="{who.lines[0].reference}"' not in page.content.decode()
    assert 'value="account"' not in page.content.decode()


def test_the_timeline_answers_204_while_nothing_has_changed() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    page = client.get(f"/cases/{case.number}/").content.decode()
    moving = re.search(r'hx-get="([^"]+)"', page)
    assert moving
    assert client.get(moving[1]).status_code == 204
    Case.objects.update(state="in_review")
    fresh = client.get(moving[1])
    assert fresh.status_code == 200
    assert "A person is looking at it" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()
    # Without an id htmx loses the place of whoever goes from link to link with the keyboard.
    shared = set(re.findall(r'<a [^>]*?id="([^"]+)"', fresh.content.decode()))
    assert {"to-undo", "to-talk", "to-feed"} <= shared & set(re.findall(r'id="([^"]+)"', page))


def test_the_browser_that_sent_the_case_sees_it_after_its_sign_in_has_ended() -> None:
    who = customer(lines=2)
    client = signed_in(who)
    first = answered(client, who.lines[1].reference)
    send(client, first)
    case = answered(client, who.lines[0].reference)
    send(client, case)
    Session.objects.all().delete()
    assert client.get("/").status_code == 302
    page = client.get(f"/cases/{case.number}/")
    assert "CN¥50.00" in text(page.content)
    assert client.get(f"/cases/{first.number}/").status_code == 200
    assert client.get(f"/cases/{case.number}/undo/").status_code == 302
    assert Client().get(f"/cases/{case.number}/").status_code == 404


def test_pausing_shows_day_and_price_first_and_resuming_asks_once() -> None:
    who = customer()
    client = signed_in(who)
    url = f"/lines/{who.lines[0].reference}/pause/"
    until = now().date() + timedelta(days=30)
    shown = text(client.post(url, {"until": until.isoformat()}).content)
    assert f"{until.day} " in shown
    assert "CN¥30.00 a month" in shown
    assert Line.objects.get().state == "active"
    client.post(url, {"until": until.isoformat(), "sure": "1"})
    assert Line.objects.get().state == "paused"
    assert client.post(url, {"until": until.isoformat(), "sure": "1"}).status_code == 302
    page = client.get(f"/lines/{who.lines[0].reference}/resume/")
    assert "Let it work again now" in text(page.content)
    assert client.post(f"/lines/{who.lines[0].reference}/resume/").status_code == 302


@pytest.mark.parametrize(
    "until", ["", "tomorrow", "2020-01-01", "9999-12-31", "2026-13-45", "\x00"]
)
def test_a_day_that_cannot_be_is_explained_and_nothing_rests(until: str) -> None:
    who = customer()
    url = f"/lines/{who.lines[0].reference}/pause/"
    page = signed_in(who).post(url, {"until": until, "sure": "1"})
    assert errors(page.content)
    assert Line.objects.get().state == "active"


def test_in_the_european_union_the_buttons_have_the_words_of_the_law() -> None:
    who = customer(country="DE")
    client = signed_in(who)
    what = who.lines[0].reference
    for page in (f"/lines/{what}/", "/settings/account/"):
        assert "Withdraw from contract here" in text(client.get(page).content)
    assert "taken along for 31 days" in text(client.get(f"/close/{what}/").content)
    assert b">Withdraw from contract here</button>" in client.get(f"/close/{what}/preview/").content
    case = answered(client, what)
    check = client.get(f"/close/case/{case.number}/check/").content
    assert b">Confirm withdrawal</button>" in check


def test_in_the_european_union_who_is_signed_in_is_not_asked_again_and_gets_a_dated_receipt() -> (
    None
):
    who = customer(country="DE")
    client = signed_in(who)
    case = answered(client, who.lines[0].reference)
    address = f"/close/case/{case.number}/check/"
    assert "password" not in text(client.get(address).content)
    digest = value_of(client.get(address).content, "settlement")
    sent = client.post(address, {"settlement": digest})
    assert sent["Location"] == f"/cases/{case.number}/sent/"
    receipt = Notice.objects.get(case=case.pk, kind="received", channel="letter").text
    case.refresh_from_db()
    assert case.submitted_at
    when = moment_text(case.submitted_at, "en", who.account.time_zone)
    for part in (f"sent us this request on {when}", who.account.name, case.number,
                 who.lines[0].msisdn[-4:], "You asked us to close"):  # fmt: skip
        assert part in receipt, part


def test_the_whole_account_is_closed_in_one_case_with_all_its_lines() -> None:
    who = customer(lines=3)
    client = signed_in(who)
    assert client.get("/close/", {"what": "account"})["Location"] == "/close/account/"
    case = answered(client, "account")
    assert send(client, case) == f"/cases/{case.number}/sent/"
    case.refresh_from_db()
    assert (case.scope, case.state, case.case_lines.count()) == ("account", "submitted", 3)
    assert "Closing the account" in text(client.get(f"/cases/{case.number}/").content)


def test_who_comes_second_is_told_so_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(**_arguments: object) -> None:
        raise Conflict("the closing began just now")

    who = customer()
    case = submitted(who)
    monkeypatch.setattr("signoff.portal.views.cases.withdraw", too_late)
    page = signed_in(who).post(f"/cases/{case.number}/undo/")
    assert page.status_code == 409
    assert "This has changed meanwhile" in text(page.content)
    assert f'href="/cases/{case.number}/undo/"' in page.content.decode()


def test_a_refusal_that_no_page_expected_is_said_in_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(**_arguments: object) -> None:
        raise Refusal("x", "Only on %(day)s.", day="Monday")

    who = customer()
    case = submitted(who)
    monkeypatch.setattr("signoff.portal.views.cases.withdraw", refuses)
    page = signed_in(who).post(f"/cases/{case.number}/undo/")
    assert page.status_code == 409
    assert "Only on Monday." in text(page.content)
