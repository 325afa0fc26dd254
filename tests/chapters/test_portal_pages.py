"""Every page answers, strictly headed, and costs the same whatever the number of lines."""

import re
from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.settlement.models import Bill
from tests.portal import PASSWORD, signed_in, text
from tests.world import NOON, Customer, bill_for, customer, submitted

pytestmark = pytest.mark.django_db

PUBLIC = ["/sign-in/login/", "/sign-in/password/reset/", "/search", "/search?q=zhuxiao", "/status/",
          "/official/", "/check/", "/esim/", "/sign-in/signup/", "/sign-in/inactive/"]  # fmt: skip
OWN = ["/", "/settings/", "/settings/account/", "/settings/account/data/", "/bills/", "/close/",
       "/close/account/", "/close/account/preview/", "/sign-in/password/change/", "/sign-in/2fa/",
       "/sign-in/sessions/", "/sign-in/logout/"]  # fmt: skip


def bill_of(who: Customer, number: str = "B-1") -> Bill:
    first, due = date(2026, 11, 1), date(2026, 11, 15)
    return bill_for(who, ("Boom 30", 3000), number=number, issued=first, due=due)


def own_pages(who: Customer) -> list[str]:
    line, number = who.lines[0].reference, bill_of(who).number
    return [*OWN, f"/lines/{line}/", f"/lines/{line}/pause/", f"/close/{line}/",
            f"/close/{line}/preview/", f"/bills/{number}/", f"/bills/{number}/pay/",
            f"/bills/{number}/items/1/"]  # fmt: skip


def test_public_pages_answer_a_stranger() -> None:
    for path in PUBLIC:
        page = Client().get(path)
        assert page.status_code == 200, path
        assert len(BeautifulSoup(page.content, "html.parser").find_all("h1")) == 1, path


def test_own_pages_answer_their_customer_and_send_a_stranger_to_sign_in() -> None:
    who = customer(lines=2)
    client = signed_in(who)
    for path in own_pages(who):
        page = client.get(path)
        assert page.status_code == 200, path
        assert len(BeautifulSoup(page.content, "html.parser").find_all("h1")) == 1, path
        if path == "/sign-in/logout/":
            continue
        away = Client().get(path)
        assert away.status_code == 302, path
        assert away["Location"].startswith("/sign-in/login/?next="), path


def test_every_answer_has_strict_headers_and_no_page_has_script_or_style_inside() -> None:
    who = customer()
    client = signed_in(who)
    case = submitted(who)
    paths = [*PUBLIC, *own_pages(who), f"/cases/{case.number}/", "/nothing/", "/brand.css"]
    for path in paths:
        page = client.get(path)
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["X-Frame-Options"] == "DENY"
        assert page["Referrer-Policy"] == "same-origin"
        assert page["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in page["Permissions-Policy"]
        if page["Content-Type"].startswith("text/html"):
            assert "no-store" in page["Cache-Control"]
            soup = BeautifulSoup(page.content, "html.parser")
            assert not soup.select("[style], style"), path
            assert all(script.get("src") for script in soup.find_all("script")), path
            assert not re.search(rb"\son\w+=", page.content), path


@pytest.mark.parametrize("path", ["/", "/close/", "/close/account/preview/", "/settings/account/"])
def test_a_page_of_ten_lines_costs_as_many_queries_as_one_of_one(path: str) -> None:
    counts = []
    for lines in (1, 10):
        client = signed_in(customer(lines=lines, services=2))
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def test_a_page_of_ten_bills_costs_as_many_queries_as_one_of_one() -> None:
    counts = []
    for bills in (1, 10):
        who = customer()
        for number in range(bills):
            bill_of(who, f"B-{who.account.number}-{number}")
        client = signed_in(who)
        client.get("/bills/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/bills/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_from_anywhere_it_is_two_clicks_to_the_way_out() -> None:
    who = customer()
    client = signed_in(who)
    for path in own_pages(who):
        soup = BeautifulSoup(client.get(path).content, "html.parser")
        assert soup.select_one('footer a[href="/close/"]'), path
        assert soup.select_one('header a[href="/settings/"]'), path
    assert 'href="/settings/account/"' in client.get("/settings/").content.decode()
    assert 'href="/close/"' in client.get("/settings/account/").content.decode()


def test_open_cases_come_first_with_state_and_date() -> None:
    who = customer(lines=2)
    submitted(Customer(who.user, who.account, who.lines[:1]))
    shown = text(signed_in(who).get("/").content)
    assert shown.index("In progress") < shown.index("Your lines")
    assert "Sent" in shown
    assert "We answer by" in shown


def test_the_balance_is_what_was_paid_in() -> None:
    assert "CN¥75.00" in text(signed_in(customer(paid=(5000, 2500))).get("/").content)


def test_the_language_is_chosen_by_a_button_and_remembered() -> None:
    client = Client()
    assert client.get("/status/").headers["Content-Language"] == "en"
    answer = client.post("/language/", {"language": "zh-hans", "next": "/status/"})
    assert answer["Location"] == "/status/"
    assert answer.cookies["django_language"]["max-age"] > 300 * 24 * 3600
    assert client.get("/status/").headers["Content-Language"] == "zh-hans"


def test_the_language_switch_leads_to_no_other_site() -> None:
    answer = Client().post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_errors_have_our_look_and_a_way_on() -> None:
    page = Client().get("/nothing/here")
    assert page.status_code == 404
    assert "Nothing was changed" in text(page.content)
    assert 'href="/"' in page.content.decode()
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/status/", {})
    assert page.status_code == 403
    assert "This page was open for too long" in text(page.content)


def test_a_crash_shows_no_trace_and_needs_no_context(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_query: str) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("signoff.portal.views.search.find", crash)
    page = Client(raise_request_exception=False).get("/search?q=x")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.content.decode()
    assert "secret detail" not in page.content.decode()
    assert "我们这边出了问题" in page.content.decode()


def test_brand_files_are_kept_by_the_browser_only_under_their_version() -> None:
    css = re.search(r'href="(/brand\.css\?v=\w+)"', Client().get("/status/").content.decode())
    assert css
    assert "immutable" in Client().get(css[1])["Cache-Control"]
    assert "immutable" not in Client().get("/brand.css?v=other")["Cache-Control"]
    assert Client().get("/brand-logo").status_code == 404
    assert "Disallow: /" in Client().get("/robots.txt").content.decode()


def test_somebody_without_an_account_is_told_so() -> None:
    who = customer()
    who.account.user = None
    who.account.save()
    page = signed_in(who).get("/")
    assert page.status_code == 403
    assert "No account belongs to this sign-in" in text(page.content)
    who.user.is_staff = True
    who.user.save()
    assert signed_in(who).get("/")["Location"] == "/desk/"


def test_the_bill_is_shown_item_by_item() -> None:
    who = customer()
    shown = text(signed_in(who).get(f"/bills/{bill_of(who).number}/").content)
    assert "Boom 30" in shown
    assert "CN¥30.00" in shown
    assert "15 November 2026" in shown


def test_sign_ins_are_listed_by_the_clock_of_the_account() -> None:
    who = customer()
    who.account.time_zone = "Asia/Tokyo"
    who.account.save()
    signed_in(who)  # gives a password
    client = Client()
    client.post("/sign-in/login/", {"login": who.user.username, "password": PASSWORD})
    assert UserSession.objects.update(created_at=NOON) == 1
    assert "22 November 2026 21:00" in text(client.get("/sign-in/sessions/").content)
