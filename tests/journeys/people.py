"""A person and a customer at a browser: they read words, follow links and press buttons."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests import hostile_files
from tests.journeys.words import say
from tests.peers.chromium import Scheme, Visit
from tests.peers.demo import BOOM, PASSWORD, Demo

Look = Callable[[Page, str], None]
"""Is shown every page that a person comes to, with a name for it."""
PATIENCE = 30.0
"""Seconds, on a machine that does other work too; nothing here waits longer than it must."""

CARD = hostile_files.saved(hostile_files.picture(856, 540), "JPEG")
"""A photo that shows nothing: nobody in the demo can tell."""
CARD_NUMBER = "6222021234567890128"
"""Of a Chinese bank; its last digit is right."""
PHONE, DESK = {"width": 375, "height": 740}, {"width": 1280, "height": 800}


def _nothing(_page: Page, _name: str) -> None:
    pass


class Person:
    """Somebody who reads one language at one browser."""

    def __init__(
        self,
        browser: Browser,
        demo: Demo,
        language: str = "en",
        *,
        scripts: bool = True,
        scheme: Scheme = "light",
        look: Look = _nothing,
    ) -> None:
        locale = "zh-CN" if language == "zh-hans" else "en-GB"
        self.visit = Visit(browser, demo.url, locale=locale, scripts=scripts, scheme=scheme)
        self.page = self.visit.page
        self.language = language
        self.demo = demo
        self._look = look

    def say(self, english: str, **told: object) -> str:
        """In this person's language. told: what stands where the English has %(name)s."""
        words = say(self.language, english)
        return words % told if told else words

    def see(self, name: str) -> None:
        """Looks at the whole page."""
        self._look(self.page, name)

    def open(self, path: str, name: str = "") -> None:
        """A page by its address, as from a bookmark."""
        self.page.goto(path)
        if name:
            self.see(name)

    @property
    def main(self) -> Locator:
        """The middle of the page."""
        return self.page.locator("main")

    def follow(self, english: str, name: str = "") -> None:
        """A link in the middle of the page; if there is none, one of the menu."""
        words = self.say(english)
        link = self.main.get_by_role("link", name=words, exact=True)
        if not link.count():
            link = self.page.get_by_role("link", name=words, exact=True)
        link.first.click()
        if name:
            self.see(name)

    def press(self, english: str = "", name: str = "") -> None:
        """A button in the middle of the page; without words, the only one."""
        buttons = self.main.get_by_role("button")
        if english:
            buttons = self.main.get_by_role("button", name=self.say(english), exact=True)
        buttons.click()
        if name:
            self.see(name)

    def reads(self, english: str, seconds: float = PATIENCE, **told: object) -> None:
        """The words stand, or will soon stand, in the middle of the page."""
        words = self.main.get_by_text(self.say(english, **told), exact=False).first
        expect(words).to_be_visible(timeout=seconds * 1000)

    def tag(self, english: str, seconds: float = PATIENCE) -> None:
        """The first tag in the middle of the page says this, or will soon."""
        tag = self.main.locator(".tag").first
        expect(tag).to_have_text(self.say(english), timeout=seconds * 1000)

    def heading(self) -> str:
        """Of the page."""
        return one_line(self.page.locator("h1").first.inner_text())

    def reads_nowhere(self, english: str, **told: object) -> None:
        """Nothing in the middle of the page says this; the page must have come already."""
        expect(self.main.get_by_text(self.say(english, **told), exact=False)).to_have_count(0)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """From the front page, which asks for it, in this person's language."""
        self.open("/")
        self._in_own_language()
        self.see("sign-in")
        self.page.locator("[name=login]").fill(username)
        self.page.locator("[name=password]").fill(password)
        self.press("Sign in")

    def _in_own_language(self) -> None:
        """Chosen by hand, so that it stays this one whatever the account says."""
        # The one that the page is in is no button: somebody who wants it need not press anything,
        # but only a press is remembered.
        other = "en" if self.language == "zh-hans" else "zh-hans"
        for language in (other, self.language):
            self.page.locator(f".languages button[value={language}]").click()
            expect(self.page.locator("html")).to_have_attribute("lang", language)

    def contented(self) -> None:
        """The pages had nothing to complain about."""
        assert self.visit.complaints == [], self.visit.complaints

    def leave(self) -> None:
        """Closes the browser; fails if a page has complained."""
        self.visit.context.close()
        self.contented()


class Customer(Person):
    """Of the sample carrier."""

    case = ""
    status_code = ""

    def find_the_way(self) -> None:
        """Settings, Account, and two clicks from the settings: Close."""
        self.see("home")
        self.follow("Settings", "settings")
        self.follow("Account", "account")
        self.follow("Close a line or the account", "close-choose")

    def choose(self, what: str) -> None:
        """`what`: a line's reference, or account. Sees the other ways out, and goes on."""
        self.page.locator(f"input[name=what][value='{what}']").check()
        self.press("Continue", "close-instead")
        self.follow("Go on with closing", "close-preview")

    def amount(self) -> str:
        """The one large amount of the page."""
        return one_line(self.main.locator(".figure-value").first.inner_text())

    def begin(self) -> None:
        """From the preview."""
        self.main.locator("form button").click()
        self.see("close-reason")

    def give_reason(self, value: str = "price", text: str = "") -> None:
        """Why."""
        self.page.locator(f"input[name=reason][value={value}]").check()
        self.page.locator("[name=text]").fill(text)
        self.press("Save and continue", "close-contact")

    def give_contact(self, phone: str = "") -> None:
        """Where to be reached; name and e-mail address are there already."""
        if phone:
            self.page.locator("[name=phone]").fill(phone)
        self.press("Save and continue")
        if "/photos/" in self.page.url:
            self.show_papers()
        self.see("close-check")

    def show_papers(self) -> None:
        """Where the rule pack asks for them: both sides of an identity card, as files."""
        self.see("close-photos")
        self.main.locator("a.button").click()
        while "/photos/" in self.page.url:
            self.see("close-photo")
            self.page.locator("[name=picture]").set_input_files(
                {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": CARD}
            )
            self.main.locator(".photo-form button").click()
            self.main.locator(".pictures img").evaluate("image => image.decode()")
            self.see("close-photo-there")
            self.main.locator(".buttons a.button").click()

    def confirm(self, *, twice: bool = False) -> None:
        """Presses the last button, and gives the password again if asked. Ends at the number."""
        self.main.locator("form button").click()
        self.page.wait_for_url(re.compile(r"/sent/$|/reauthenticate/"))
        if self.page.locator("[name=password]").count():
            self.see("password-again")
            self.page.locator("[name=password]").fill(PASSWORD)
            if twice:
                self.main.locator("form button").dblclick()
            else:
                self.press("Confirm")
        if not twice:
            self.reads("Case number")
            self.see("close-sent")
            self.note_number()

    def note_number(self) -> None:
        """Case number and status code, from the page that shows them."""
        self.case, self.status_code = (
            one_line(text) for text in self.main.locator(".figure-code").all_inner_texts()
        )

    def ask_to_close(self, what: str, *, phone: str = "") -> str:
        """The whole way from the front page; returns the case number and stays at the timeline."""
        self.find_the_way()
        self.choose(what)
        self.begin()
        self.give_reason()
        self.give_contact(phone)
        self.confirm()
        self.follow("See how it goes on", "case-submitted")
        return self.case

    def steps(self) -> list[str]:
        """What the timeline says, line by line."""
        return [one_line(text) for text in self.main.locator(".step-what").all_inner_texts()]

    def search(self, words: str) -> list[str]:
        """With the box at the top of the page; returns where the answers lead, best first."""
        box = self.page.locator("#site-search")
        box.fill(words)
        with self.page.expect_navigation():
            box.press("Enter")
        links = self.main.locator(".tasks a").all()
        return [str(link.get_attribute("href")) for link in links]


def one_line(text: str) -> str:
    """As a person would say it: spaces and line ends are the same."""
    return re.sub(r"\s+", " ", text).strip()


def row_of(file: Path, column: str, value: str) -> dict[str, str]:
    """The first row of an export's file that has this value in that column."""
    with file.open(encoding="utf-8-sig", newline="") as rows:
        return next(row for row in csv.DictReader(rows) if row[column] == value)


def line(reference: str) -> dict[str, str]:
    """A line as the carrier exported it: msisdn, imsi, plan and more."""
    return row_of(BOOM / "lines.csv", "line", reference)
