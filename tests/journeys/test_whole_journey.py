"""The whole way, from the button to the network, as people go it: at real browsers, against the
carrier box, the web server and a worker as processes of their own.

Each test has customers of its own, so that they may run in any order and side by side.
"""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from signoff.kernel.clock import now
from tests.journeys.accessible import Inspector, fits
from tests.journeys.people import Customer, Person, line, one_line
from tests.journeys.staff import Reviewer
from tests.journeys.words import LANGUAGES
from tests.peers.demo import PASSWORD, Demo

_CLOSES_WITHIN = 90
"""Seconds on a slow machine; nothing here waits longer than it must."""

CLOSERS = {"en": ("hu.yan", "L200046"), "zh-hans": ("li.wei", "L200001")}
REVIEWERS = {"en": "reviewer2", "zh-hans": "reviewer"}
OTHER_PHONE = {"en": "+8613800139001", "zh-hans": "+8613800139002"}


def signed_in(browser: Browser, stack: Demo, who: str, language: str = "en") -> Customer:
    """At a browser of their own."""
    customer = Customer(browser, stack, language)
    customer.sign_in(who)
    return customer


def subscriber(stack: Demo, reference: str) -> dict[str, object] | None:
    """What the network knows of the line; None when it is gone."""
    found: dict[str, object] | None = stack.box(f"state/subscribers/{line(reference)['imsi']}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_closed_from_the_button_to_the_network(
    browser: Browser, stack: Demo, tmp_path: Path, language: str
) -> None:
    who, reference = CLOSERS[language]
    number = line(reference)["msisdn"]
    inspector = Inspector()
    look = inspector if language == "en" else fits
    elsewhere = signed_in(browser, stack, who, language)
    customer = Customer(browser, stack, language, look=look)
    customer.sign_in(who)
    customer.find_the_way()
    customer.choose(reference)
    amount = customer.amount()
    assert not customer.main.locator(".banner-bad").count()
    customer.begin()
    customer.give_reason("other", "Nothing to complain about.")
    _to_and_fro(customer)
    customer.give_contact(OTHER_PHONE[language])
    assert customer.amount() == amount
    customer.confirm(twice=True)
    customer.reads("Case number")
    customer.see("close-sent")
    customer.note_number()
    customer.page.go_back()
    customer.open("/")
    assert customer.main.locator(f"a[href='/cases/{customer.case}/']").count() == 1
    assert customer.main.locator("a[href*='/cases/']").count() == 1  # however often it was sent
    customer.main.locator(f"a[href='/cases/{customer.case}/']").click()
    customer.tag("Sent")
    customer.see("case-submitted")

    reviewer = Reviewer(browser, stack, language, look=look)
    reviewer.sign_in_with_code(REVIEWERS[language])
    reviewer.take(customer.case)
    customer.tag("Being checked")  # the page moves by itself
    reviewer.press("Approve", "desk-case-approved")
    customer.tag("Closed", _CLOSES_WITHIN)
    customer.see("case-closed")
    assert customer.amount() == amount

    assert subscriber(stack, reference) is None
    _everybody_was_told(customer, number, OTHER_PHONE[language])
    _certificate_is_genuine(customer, tmp_path)
    customer.open("/close/")
    assert not customer.main.locator(f"input[value='{reference}']").count()
    customer.open("/settings/account/", "account")
    assert customer.page.url.endswith("/settings/account/")  # where it was confirmed: still in
    elsewhere.open("/settings/account/")
    expect(elsewhere.page.locator("[name=password]")).to_be_visible()  # anywhere else: out
    reviewer.open(f"/desk/{customer.case}/", "desk-case-closed")
    assert max(t.locator("tbody tr").count() for t in reviewer.main.locator("table").all()) >= 8
    for person in (customer, elsewhere, reviewer):
        person.leave()
    assert inspector.faults == []


def _to_and_fro(customer: Customer) -> None:
    """Back, forth and anew: nothing that was answered is lost."""
    page = customer.page
    page.go_back()
    assert page.locator("input[name=reason]:checked").get_attribute("value") == "other"
    page.go_forward()
    page.reload()
    customer.main.locator("a.back").click()
    expect(page.locator("[name=text]")).to_have_value("Nothing to complain about.")
    customer.press("Save and continue")


def _everybody_was_told(customer: Customer, number: str, other: str) -> None:
    stack = customer.demo
    last, done = stack.texts_to(number)[-1], stack.texts_to(other)[-1]
    assert customer.case in last
    assert customer.case in done
    assert "http" not in last + done
    username = CLOSERS[customer.language][0]
    letters = stack.letters_to(f"{username}@mail.example")
    closing = letters[-1]
    assert customer.case in closing["subject"]
    assert closing["attachments"] == [f"{customer.case}.json"]


def _certificate_is_genuine(customer: Customer, folder: Path) -> None:
    with customer.page.expect_download() as coming:
        customer.follow("Download the certificate")
    file = folder / "certificate.json"
    coming.value.save_as(file)
    assert json.loads(file.read_text())["content"]["case"] == customer.case
    found = subprocess.run(
        [sys.executable, "-m", "signoff.cli", "verify", str(file)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert customer.case in found.stdout


def test_all_of_it_works_without_scripts(browser: Browser, stack: Demo, desk: Reviewer) -> None:
    customer = Customer(browser, stack, scripts=False)
    customer.sign_in("chen.jie")
    case = customer.ask_to_close("L200006")
    customer.tag("Sent")
    desk.approve(case)
    for _try in range(_CLOSES_WITHIN):
        customer.follow("Look again")
        if one_line(customer.main.locator(".tag").first.inner_text()) == "Closed":
            break
        customer.page.wait_for_timeout(1000)
    customer.tag("Closed", 1)
    assert subscriber(stack, "L200006") is None
    customer.leave()


def test_the_whole_account_is_closed_and_its_browser_still_sees_how_it_went(
    browser: Browser, stack: Demo, desk: Reviewer
) -> None:
    customer = signed_in(browser, stack, "ma.xiaohong")
    case = customer.ask_to_close("account")
    desk.approve(case)
    customer.tag("Closed", _CLOSES_WITHIN)
    assert subscriber(stack, "L200039") is None
    assert subscriber(stack, "L200040") is None
    customer.page.reload()
    customer.tag("Closed")
    customer.open("/settings/account/")
    customer.page.locator("[name=login]").fill("ma.xiaohong")
    customer.page.locator("[name=password]").fill(PASSWORD)
    customer.press("Sign in")
    expect(customer.page.locator("h1")).to_have_text("This account is closed")

    stranger = Customer(browser, stack)
    stranger.open("/status/")
    stranger.page.locator("[name=number]").fill(case.lower().replace("-", " "))
    stranger.page.locator("[name=code]").fill(customer.status_code)
    stranger.press("Look up")
    stranger.tag("Closed")
    shown = stranger.main.inner_text()
    assert "马晓红" not in shown
    assert not stranger.main.get_by_role("link", name="Download the certificate").count()
    for person in (customer, stranger):
        person.leave()


def test_what_is_in_the_way_is_said_all_at_once_and_leads_to_where_it_is_mended(
    browser: Browser, stack: Demo
) -> None:
    anna = signed_in(browser, stack, "anna.schmidt")
    anna.find_the_way()
    anna.choose("L200003")
    assert not anna.main.locator("form button").count()
    anna.main.get_by_role("link", name="Look at the bill", exact=True).click()
    assert "/bills/202610-500009/" in anna.page.url
    anna.reads("€42.02")

    peng = signed_in(browser, stack, "gao.peng")
    case = peng.ask_to_close("L200059")
    peng.open("/close/account/preview/")
    blockers = peng.main.locator(".banner-bad li")
    expect(blockers).to_have_count(2)
    peng.main.get_by_role("link", name="Look at the case", exact=True).click()
    assert case in peng.page.url
    peng.page.go_back()
    peng.main.get_by_role("link", name="Look at the bill", exact=True).click()
    peng.reads("To be paid by")
    for person in (anna, peng):
        person.leave()


def test_an_approved_closing_is_undone_and_the_line_works_as_before(
    browser: Browser, stack: Demo, desk: Reviewer
) -> None:
    before = subscriber(stack, "L200060")
    customer = signed_in(browser, stack, "lotte.peeters")
    desk.approve(customer.ask_to_close("L200060"))
    customer.tag("Time to change your mind")
    customer.follow("Undo this closing")
    customer.press("Undo the closing")
    customer.tag("Undone")
    assert subscriber(stack, "L200060") == before
    customer.open("/lines/L200060/")
    customer.tag("Working")
    customer.reads("Withdraw from contract here")  # it may be asked for again, as in Europe
    assert stack.texts_to(line("L200060")["msisdn"]) == [] or all(
        "last message" not in text for text in stack.texts_to(line("L200060")["msisdn"])
    )
    customer.leave()


def test_a_refusal_says_why_in_the_words_of_the_reviewer(
    browser: Browser, stack: Demo, desk: Reviewer
) -> None:
    customer = signed_in(browser, stack, "juergen.weiss")
    case = customer.ask_to_close("L200063")
    words = "Your number is being moved to another carrier. Ask again when that has ended."
    desk.refuse(case, words)
    customer.tag("Refused")
    customer.reads("Why we could not approve it")
    assert words in one_line(customer.main.locator(".banner-bad").inner_text())
    assert subscriber(stack, "L200063") is not None
    customer.leave()


def test_a_line_rests_and_wakes_in_the_network(browser: Browser, stack: Demo) -> None:
    customer = signed_in(browser, stack, "katrin.vogel")
    customer.open("/lines/L200028/")
    customer.follow("Pause it")
    day = (now() + timedelta(days=30)).date()
    customer.page.locator("[name=until]").fill(day.isoformat())
    customer.press("Continue")
    customer.press("Pause the line")
    customer.tag("Paused")
    _wait_for_service(customer.page, stack, "L200028", on=False)
    customer.follow("Let it work again")
    customer.press("Let it work again now")
    _wait_for_service(customer.page, stack, "L200028", on=True)
    customer.open("/lines/L200028/")
    customer.tag("Working")
    customer.leave()


def _wait_for_service(page: Page, stack: Demo, reference: str, *, on: bool) -> None:
    for _try in range(40):
        row = subscriber(stack, reference)
        assert row is not None
        if row["nam_cs"] is on and row["nam_ps"] is on:
            return
        page.wait_for_timeout(500)
    pytest.fail(f"the network still says {row}")


@pytest.mark.parametrize("words", ["注销", "zhuxiao", "close account", "cansel acount"])
def test_closing_is_found_from_any_page(browser: Browser, stack: Demo, words: str) -> None:
    stranger = Customer(browser, stack)
    for path in ("/official/", "/esim/", "/sign-in/login/"):
        stranger.open(path)
        assert stranger.search(words)[0] == "/close/"
    stranger.leave()


_LIKE_OURS = "http://b\N{CYRILLIC SMALL LETTER O}om.example/refund"


@pytest.mark.parametrize(
    ("text", "verdict", "why"),
    [
        (_LIKE_OURS, "Careful: this is probably not us", "made to look like boom.example"),
        ("https://boom.example.refund.test", "Careful: this is probably not us", "the end"),
        ("https://www.boom.example/status", "Yes, this is ours", "is ours"),
        ("https://weather.example/today", "We cannot say that this is ours", "not one of our"),
    ],
)
def test_a_link_is_judged(browser: Browser, stack: Demo, text: str, verdict: str, why: str) -> None:
    person = Person(browser, stack)
    person.open("/check/")
    person.page.locator("[name=text]").fill(text)
    person.press("Check")
    expect(person.page.locator("h1")).to_have_text(verdict)
    assert why in one_line(person.main.locator(".banner").inner_text())
    assert person.page.url == f"{stack.url}/check/"  # what was pasted is in no address
    person.leave()


def test_the_keyboard_alone_is_enough(browser: Browser, stack: Demo) -> None:
    customer = Customer(browser, stack)
    customer.open("/")
    keys = customer.page.keyboard
    _tab_to(customer, "[name=login]")
    keys.type("noemie.dubois")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    customer.page.wait_for_url(f"{stack.url}/")
    for words in ("Settings", "Account", "Close a line or the account"):
        _tab_to(customer, f"a:text-is('{words}')")
        with customer.page.expect_navigation():
            keys.press("Enter")
    assert customer.page.url == f"{stack.url}/close/"
    _tab_to(customer, "main form button")
    keys.press("Enter")  # nothing was chosen
    customer.page.wait_for_url("**/close/?*")
    assert customer.page.locator(".errors").evaluate("box => box === document.activeElement")
    keys.press("Tab")
    keys.press("Enter")
    assert customer.page.evaluate("document.activeElement.name") == "what"
    keys.press("Space")
    keys.press("Enter")
    customer.page.wait_for_url("**/close/L200045/*")  # with the place that had the focus
    _tab_to(customer, "main .button")
    keys.press("Enter")
    customer.page.wait_for_url("**/preview/*")
    _tab_to(customer, "main form button")
    keys.press("Enter")
    customer.page.wait_for_url("**/reason/*")
    customer.leave()


def _tab_to(customer: Customer, selector: str) -> None:
    """Goes on with the tabulator until this has the focus, which must be seen on the way."""
    seen = "getComputedStyle(document.activeElement)"
    for _press in range(60):
        customer.page.keyboard.press("Tab")
        style = customer.page.evaluate(f"[{seen}.outlineStyle, {seen}.boxShadow]")
        here = customer.page.locator(":focus")
        if here.count():
            assert style != ["none", "none"], here.evaluate("node => node.outerHTML")
        if customer.page.locator(selector).and_(here).count():
            return
    pytest.fail(f"the tabulator does not reach {selector}")


def test_the_inbox_of_the_demo_is_accessible_too(browser: Browser, stack: Demo) -> None:
    assert httpx.get(f"{stack.box_url}/", trust_env=False).is_success
    inspector = Inspector()
    page = browser.new_context().new_page()
    page.goto(f"{stack.box_url}/")
    inspector(page, "inbox")
    page.context.close()
    assert inspector.faults == []
