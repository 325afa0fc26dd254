"""How the portal looks and feels in a real browser: on a phone and a desk, by day and by night."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.review import operations as review
from signoff.review.rules import RefusalReason
from signoff.settlement.models import Bill, BillItem
from signoff.talk.operations import say
from signoff.talk.queries import unread_by_customer
from tests.journeys.accessible import faults_of
from tests.papers import with_papers
from tests.peers.chromium import Visit, chromium
from tests.portal import signed_in
from tests.world import NOON, Customer, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 375, "height": 740}


@contextmanager
def browser_page(
    server: LiveServer, who: Customer | None, *, scripts: bool = True
) -> Iterator[Page]:
    """A page of Debian's chromium; whatever it complains about fails the test."""
    session = signed_in(who).cookies["sessionid"].value if who else ""
    with chromium() as browser:
        visit = Visit(browser, server.url, scripts=scripts)
        if session:
            visit.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        yield visit.page
        visit.context.close()
    assert visit.complaints == []


def with_everything() -> tuple[Customer, list[str]]:
    """A customer with lines, bills and a case; and the pages that show them."""
    who = customer(lines=3)
    bill = Bill.objects.create(
        number="B-1", account=who.account, line=who.lines[1], issued_on=date(2026, 11, 1),
        due_on=date(2026, 11, 15), total_minor=123456, state="unpaid", as_of=NOON,
    )  # fmt: skip
    BillItem.objects.create(bill=bill, position=1, description="Boom 30", amount_minor=123456)
    case = submitted(Customer(who.user, who.account, who.lines[:1]))
    say(about=who.account, author=who.account, text="Does my plan work in Japan?", now=NOON)
    say(about=who.account, author=reviewer(), text="It does.", now=NOON)
    no = refused(Customer(who.user, who.account, who.lines[2:])).number
    line = who.lines[1].reference
    return who, [
        "/", "/settings/", "/settings/account/", "/settings/account/data/", "/search?q=zhuxiao",
        "/bills/", "/bills/B-1/", "/bills/B-1/pay/", "/bills/B-1/items/1/", f"/lines/{line}/", f"/lines/{line}/pause/", "/close/",
        "/close/?go=1", f"/close/{line}/", f"/close/{line}/preview/", f"/close/{line}/pay/", f"/cases/{case.number}/",
        f"/cases/{case.number}/sent/", f"/cases/{case.number}/undo/", "/status/", "/official/", "/esim/", "/calling/", "/sent/",
        "/check/", "/talk/", "/talk/messages/", "/sign-in/password/change/", "/sign-in/2fa/", "/sign-in/sessions/",
        "/sign-in/logout/", "/sign-in/reauthenticate/", "/take-along/",
        f"/cases/{no}/", f"/cases/{no}/appeal/", f"/cases/{no}/delete-photos/",
    ]  # fmt: skip


def refused(who: Customer) -> Case:
    """With photos, which stay while it can be appealed."""
    by, at = reviewer(), now()
    case = review.take(case=submitted(who, now=at), reviewer=by, now=at)
    with_papers(case, at=at)
    text = "The contract of this line runs until March. Ask again then, or pay the rest."
    return review.refuse(
        case=case, reviewer=by, reason_code=RefusalReason.CONTRACT_BOUND, text=text, now=at
    )


def test_every_page_fits_and_is_accessible(live_server: LiveServer) -> None:
    who, paths = with_everything()
    with browser_page(live_server, who) as page:
        assert faults_of(page, live_server.url, paths) == []


def test_the_public_pages_are_accessible_and_their_errors_take_the_focus(
    live_server: LiveServer,
) -> None:
    with browser_page(live_server, None) as page:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        for path in ("/sign-in/login/", "/sign-in/password/reset/", "/status/", "/check/"):
            page.goto(live_server.url + path)
            page.locator("main button").first.click()
            assert page.locator(".errors").evaluate("box => box === document.activeElement"), path
            assert page.title().startswith("Error:")
            first = page.locator(".errors a").first
            target = str(first.get_attribute("href"))
            first.click()
            assert page.locator(target).evaluate("field => field === document.activeElement"), path
            found = Axe().run(page).response["violations"]
            assert [(path, v["id"]) for v in found] == []


def test_the_keyboard_goes_from_top_to_bottom_and_can_skip(live_server: LiveServer) -> None:
    who, _paths = with_everything()
    with browser_page(live_server, who) as page:
        page.goto(live_server.url + "/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")
        tops: list[float] = []
        while page.evaluate("document.activeElement.closest('main') !== null"):
            tops.append(
                page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
            )
            page.keyboard.press("Tab")
        assert len(tops) >= 4
        assert tops == sorted(tops)


def test_the_timeline_moves_by_itself_and_stops_when_it_is_over(live_server: LiveServer) -> None:
    who = customer()
    case = submitted(who)
    with browser_page(live_server, who) as page, ThreadPoolExecutor(1) as elsewhere:
        page.goto(f"{live_server.url}/cases/{case.number}/")
        assert page.get_by_text("A person will look at it").is_visible()
        elsewhere.submit(Case.objects.update, state="in_review").result()
        page.get_by_text("A person is looking at it").wait_for(timeout=15_000)
        elsewhere.submit(Case.objects.update, state="withdrawn", ended_at=NOON).result()
        page.get_by_text("Undone: nothing has changed").wait_for(timeout=15_000)
        assert page.locator("[hx-get]").count() == 0


def test_what_the_desk_writes_appears_by_itself_and_is_read_once_it_is_seen(
    live_server: LiveServer,
) -> None:
    who = customer()
    rui, mine = reviewer(), who.account
    with browser_page(live_server, who) as page, ThreadPoolExecutor(1) as elsewhere:
        page.goto(live_server.url + "/talk/")
        page.get_by_label("Your message").fill("Does my plan work in Japan?")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("not read yet").wait_for()
        elsewhere.submit(say, about=mine, author=rui, text="It does.", now=NOON).result()
        page.get_by_text("It does.").wait_for(timeout=15_000)
        page.get_by_text("New", exact=True).wait_for(state="detached", timeout=15_000)
        assert elsewhere.submit(unread_by_customer, mine).result() == 0


def test_without_scripts_the_timeline_has_a_link_to_look_again(live_server: LiveServer) -> None:
    who = customer()
    case = submitted(who)
    with browser_page(live_server, who, scripts=False) as page:
        page.goto(f"{live_server.url}/cases/{case.number}/")
        page.get_by_role("link", name="Look again").click()
        assert page.get_by_text("A person will look at it").is_visible()
