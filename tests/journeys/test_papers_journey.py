"""Papers of the sample carrier's customers, drawn and photographed, from the customer's page through
the worker to the reviewer's: one's own, and somebody else's.

The worker's machine really reads them, where the extra `signoff[idcheck]` is installed; and where it
is not, customers and reviewers go the same way without a word of it.
"""

import random
from datetime import date

import pytest
from playwright.sync_api import Browser

from signoff import idcheck
from signoff.idcheck.documents import cn_number
from tests.journeys.accessible import Inspector, fits
from tests.journeys.people import Customer, row_of
from tests.journeys.staff import Reviewer
from tests.peers.demo import BOOM, Demo
from tests.specimens.cards import Paper, draw, missing_fonts
from tests.specimens.people import Person
from tests.specimens.shots import Shot, photograph

READING = 60.0
"""Seconds; a look takes about one on a core of its own."""
BLURRED = "The picture is blurred: hold the camera still."

pytestmark = pytest.mark.skipif(
    bool(missing_fonts()),
    reason=f"NOT TESTED on drawn papers. On Debian: apt-get install {' '.join(missing_fonts())}",
)


def registered(username: str) -> Person:
    """Whose papers are to be drawn: as the carrier's export has them."""
    row = row_of(BOOM / "customers.csv", "username", username)
    number = cn_number.parse(row["id_number"])
    assert number is not None and number.birth is not None
    return Person(row["name"], "", "", number.sex, number.birth, number.text)


def front(who: Person, shot: Shot | None = None) -> bytes:
    return _photo(Paper(idcheck.Kind.CN_ID_FRONT, who, date(2020, 3, 4), None), shot)


def back(who: Person, shot: Shot | None = None) -> bytes:
    """With the term that somebody of this age is given."""
    issued = date(2020, 3, 4)
    age = (issued - who.birth).days // 365.25
    years = 10 if age < 26 else 20
    expires = None if age >= 46 else issued.replace(year=issued.year + years)
    return _photo(Paper(idcheck.Kind.CN_ID_BACK, who, issued, expires), shot)


def _photo(paper: Paper, shot: Shot | None) -> bytes:
    chance = random.Random(7)
    return photograph(draw(paper, chance), shot or Shot(turn=3, tilt=0.02), chance)


class WithPapers(Customer):
    """Shows these pictures, of each kind one after the other until one can be read well."""

    pictures: tuple[tuple[bytes, ...], ...] = ()

    def see(self, name: str) -> None:
        """The other pages are looked at on other ways."""
        if name.startswith("close-photo-"):
            super().see(name)

    def show_papers(self) -> None:
        self.main.locator("a.button").click()
        for tries in self.pictures:
            for picture in tries[:-1]:
                self._send(picture)
                self._is_warned()
            self._send(tries[-1])
            self._is_content()
            self.main.locator(".buttons a.button").click()

    def _send(self, picture: bytes) -> None:
        self.page.locator("[name=picture]").set_input_files(
            {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        with self.page.expect_navigation():
            self.main.locator(".photo-form button").click()
        self.main.locator(".pictures img").evaluate("image => image.decode()")

    def _is_warned(self) -> None:
        """By itself, while they wait; and may go on, or take another one."""
        if idcheck.available():
            self.reads("It may be hard to read", READING)
            self.reads(BLURRED)
            self.reads("Use it anyway")
            self.see("close-photo-warned")
            self.follow("Take another photo")
        else:
            self.main.locator("#another summary").click()

    def _is_content(self) -> None:
        """Who is on the paper is not for this page."""
        if idcheck.available():
            self.reads("It can be read well.", READING)
        self.see("close-photo-noticed")
        self.reads_nowhere("The number is not the one registered.")


def asks_to_close(customer: WithPapers, username: str, reference: str) -> str:
    customer.sign_in(username)
    customer.open(f"/close/{reference}/preview/")
    customer.begin()
    customer.give_reason()
    customer.give_contact()
    customer.confirm()
    return customer.case


def test_ones_own_card_matches_and_a_blurred_photo_is_said_before_it_is_sent(
    browser: Browser, stack: Demo, desk: Reviewer
) -> None:
    who = registered("luo.bin")
    inspector = Inspector()
    customer = WithPapers(browser, stack, look=inspector)
    customer.pictures = ((front(who, Shot(blur=5)), front(who)), (back(who),))
    case = asks_to_close(customer, "luo.bin", "L200066")
    customer.leave()
    assert inspector.faults == []
    desk.opens_case(case, "desk-papers-match")
    if idcheck.available():
        for words in (
            "Looks right",
            "The number is the one registered.",
            "The name is the one registered.",
        ):
            desk.reads(words)
        desk.reads_nowhere("Looks wrong")
    else:
        desk.reads("Our machine has said nothing about it.")
    assert who.number not in desk.page.content()
    desk.press("Show the number of the paper", "desk-paper-number")
    assert who.number in desk.page.content()


def test_the_card_of_somebody_else_is_told_to_the_reviewer_alone(
    browser: Browser, stack: Demo, desk: Reviewer
) -> None:
    somebody, other = registered("tang.xue"), registered("luo.bin")
    customer = WithPapers(browser, stack, "zh-hans", look=fits)
    customer.pictures = ((front(other, Shot(blur=5)), front(other)), (back(somebody),))
    case = asks_to_close(customer, "tang.xue", "L200081")
    customer.leave()
    desk.opens_case(case, "desk-papers-differ")
    if idcheck.available():
        desk.reads("Looks wrong")
        desk.reads("The number is not the one registered.")
        desk.reads("The name is not the one registered.")
    else:
        desk.reads("Our machine has said nothing about it.")
