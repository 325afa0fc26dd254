"""Pictures of every page: `python -m tests.journeys.pictures FOLDER` from the project's folder.

Walks a demo of its own, at both widths, by day and by night, in both languages.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys.people import DESK, PHONE, Customer, Look
from tests.journeys.staff import Reviewer
from tests.peers.chromium import chromium
from tests.peers.demo import QUICK_POLICY, Demo, demo

# Who walks in which language, so that no two are in each other's way.
CAST = {
    "en": {"closer": ("lars.visser", "L200038"), "whole": "begona.ibanez",
           "blocked": "anna.schmidt", "refused": ("juergen.weiss", "L200063"),
           "pauser": ("katrin.vogel", "L200028"), "undoer": ("lotte.peeters", "L200060"),
           "reviewer": "reviewer"},
    "zh-hans": {"closer": ("li.wei", "L200001"), "whole": "ma.xiaohong",
                "blocked": "gao.peng", "refused": ("zhou.ting", "L200029"),
                "pauser": ("chen.jie", "L200004"), "undoer": ("wu.haoran", "L200026"),
                "reviewer": "reviewer2"},
}  # fmt: skip


def camera(folder: Path, language: str) -> Look:
    """Takes a picture of the whole page, in four ways, once for each name."""
    taken: set[str] = set()

    def look(page: Page, name: str) -> None:
        if name in taken:
            return
        taken.add(name)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                kind = f"{language}-{size['width']}-{scheme}"
                (folder / kind).mkdir(parents=True, exist_ok=True)
                file = folder / kind / f"{len(taken):02}-{name}.png"
                page.screenshot(path=file, full_page=True, animations="disabled")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)  # type: ignore[arg-type]

    return look


def walk(browser: Browser, stack: Demo, language: str, look: Look) -> None:
    """Every page that a customer or a reviewer can come to."""
    cast = CAST[language]

    def customer(who: str, look: Look = look) -> Customer:
        person = Customer(browser, stack, language, look=look)
        person.sign_in(who)
        return person

    _strangers(Customer(browser, stack, language, look=look))
    closer, closed_line = cast["closer"]
    one = customer(closer)
    case = one.ask_to_close(closed_line, phone="+8613800139999")
    desk = Reviewer(browser, stack, language, look=look)
    desk.sign_in_with_code(str(cast["reviewer"]))
    desk.approve(case)
    one.page.reload()
    one.see("case-cooling-off")
    one.open(f"/cases/{case}/undo/", "case-undo")
    one.open(f"/cases/{case}/")
    one.open("/", "home-with-case")
    one.open("/close/", "close-with-case")
    one.open("/close/account/preview/", "close-blocked-by-case")
    one.open(f"/lines/{closed_line}/", "line-with-case")
    one.open(f"/cases/{case}/")
    one.tag("Closed", 60)
    one.see("case-closed")
    one.open("/", "home-afterwards")
    for path, name in (
        ("/settings/account/data/", "data"),
        ("/talk/", "talk"),
        ("/talk/messages/", "talk-messages"),
        ("/sign-in/password/change/", "password-change"),
        ("/sign-in/2fa/", "two-factor"),
        ("/sign-in/2fa/totp/activate/", "two-factor-activate"),
        ("/sign-in/sessions/", "sessions"),
        ("/sign-in/logout/", "sign-out"),
        ("/search?q=xyzzy", "search-nothing"),
        ("/nowhere/", "not-found"),
        ("/close/case/SO-0000-0000-0/check/", "not-found-case"),
    ):
        one.open(path, name)
    desk.open(f"/desk/{case}/", "desk-case-closed")
    desk.open("/desk/?state=all", "desk-queue-all")
    desk.open("/desk/notices/", "desk-notices")
    desk.open("/desk/system/", "desk-system")
    for page in ("keys", "talk", "numbers"):
        desk.open(f"/desk/{page}/", f"desk-{page}")
    desk.open("/desk/nowhere/", "desk-not-found")

    stranger = Customer(browser, stack, language, look=look)
    stranger.open("/status/")
    stranger.page.locator("[name=number]").fill(case)
    stranger.page.locator("[name=code]").fill(one.status_code)
    stranger.press("Look up", "case-looked-up")

    _blocked(customer(str(cast["blocked"])))
    _refused(customer(cast["refused"][0]), desk, cast["refused"][1])
    _paused(customer(cast["pauser"][0]), cast["pauser"][1])
    _undone(customer(cast["undoer"][0]), cast["undoer"][1])

    whole = Customer(browser, stack, language, look=lambda page, name: look(page, f"whole-{name}"))
    whole.sign_in(str(cast["whole"]))
    desk.approve(whole.ask_to_close("account"))
    whole.tag("Closed", 60)
    whole.see("case-closed")
    whole.open("/", "sign-in-again")
    whole.page.locator("[name=login]").fill(str(cast["whole"]))
    whole.page.locator("[name=password]").fill("boom-demo-2026")
    whole.press("Sign in", "closed")


def _strangers(one: Customer) -> None:
    for path, name in (
        ("/sign-in/login/", "sign-in"),
        ("/sign-in/password/reset/", "password-reset"),
        ("/status/", "status"),
        ("/official/", "official"),
        ("/esim/", "remove-esim"),
        ("/check/", "check"),
        ("/search?q=zhuxiao", "search"),
    ):
        one.open(path, name)
    for text, name in (
        ("https://boom.example.refund.test/now", "check-suspicious"),
        ("https://www.boom.example/status/", "check-official"),
    ):
        one.open("/check/")
        one.page.locator("[name=text]").fill(text)
        one.press("Check", name)
    for path, name in (("/sign-in/login/", "sign-in-error"), ("/status/", "status-error")):
        one.open(path)
        one.main.locator("form button").first.click()
        one.see(name)


def _blocked(one: Customer) -> None:
    one.see("home-english-names")
    one.open("/close/account/preview/", "close-blocked")
    one.open("/bills/", "bills")
    one.main.locator("tbody a").first.click()
    one.see("bill")


def _refused(one: Customer, desk: Reviewer, reference: str) -> None:
    text = (
        "二〇二六年十一月的话费仍在核算中，请在三天后再次申请。"
        if one.language == "zh-hans"
        else "The bill of November is not final yet. Please ask again in three days."
    )
    one.find_the_way()
    one.press("Continue", "close-choose-error")
    one.choose(reference)
    one.begin()
    one.press("Save and continue", "close-reason-error")
    one.give_reason("other", "A second line.\nAnd a third.")
    one.page.locator("[name=email]").fill("nobody")
    one.press("Save and continue", "close-contact-error")
    one.page.locator("[name=email]").fill("me@mail.example")
    one.give_contact()
    one.confirm()
    one.follow("See how it goes on")
    desk.take(one.case)
    desk.follow("Refuse with a reason", "desk-refuse")
    desk.press("Refuse and tell the customer", "desk-refuse-error")
    desk.page.locator("input[name=reason]").first.check()
    desk.page.locator("[name=text]").fill(text)
    desk.press("Refuse and tell the customer", "desk-case-refused")
    one.page.reload()
    one.see("case-refused")


def _paused(one: Customer, reference: str) -> None:
    one.open(f"/lines/{reference}/", "line")
    one.follow("Pause it", "pause")
    one.press("Continue", "pause-error")
    one.page.locator("[name=until]").fill("2027-01-15")
    one.press("Continue", "pause-check")
    one.press("Pause the line", "line-paused")
    one.follow("Let it work again", "resume")


def _undone(one: Customer, reference: str) -> None:
    one.ask_to_close(reference)
    one.follow("Undo this closing")
    one.press("Undo the closing", "case-undone")
    one.open("/close/")
    one.choose(reference)
    one.begin()
    one.open("/", "home-with-draft")
    one.open(f"/lines/{reference}/", "line-with-draft")


def main(folder: Path, languages: list[str], record: Callable[[str], None] = print) -> None:
    """Everything, into folders by language, width and colours."""
    with (
        tempfile.TemporaryDirectory() as home,
        demo(Path(home), QUICK_POLICY) as stack,
        chromium() as browser,
    ):
        for language in languages:
            for old in folder.glob(f"{language}-*"):
                shutil.rmtree(old)
            walk(browser, stack, language, camera(folder, language))
            record(f"{language}: in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or list(CAST))
