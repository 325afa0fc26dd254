"""A day of the reviewers: a question, an answer, a refusal that is taken back and given again, an
appeal, and the other person who decides then; most of it by the keyboard alone.

Both languages walk side by side: a minute in which a reviewer can take something back is a real
minute, and they wait for it together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.accessible import Inspector, fits
from tests.journeys.people import Customer
from tests.journeys.staff import Reviewer
from tests.journeys.words import LANGUAGES
from tests.peers.demo import Demo

CUSTOMERS = {"en": ("inigo.echeverria", "L200035"), "zh-hans": ("zheng.kai", "L200069")}
PEOPLE = {"en": ("reviewer4", "reviewer2"), "zh-hans": ("reviewer", "reviewer3")}
ENDS = {"en": "Time to change your mind", "zh-hans": "Closed"}
"""Of such time there is enough in Europe, and next to none in China: by the policy of the tests."""
_TOLD_WITHIN = 90
"""Seconds: the minute of the reviewer, and some patience."""

QUESTION = "Is the number still in use anywhere? 这个号码还在别处使用吗？"
ANSWER = "No, nowhere any more. 没有了。"
WHY = "We have to look into a sign-in that may not have been yours. 我们需要核实一次登录。"
APPEAL = "It was me, from my new telephone. 是我本人，用的是新手机。"


@dataclass(frozen=True, slots=True)
class Day:
    """One language: a customer with a case, and two reviewers."""

    case: str
    customer: Customer
    rui: Reviewer
    robin: Reviewer

    @property
    def people(self) -> tuple[Customer, Reviewer, Reviewer]:
        """All three."""
        return self.customer, self.rui, self.robin


@pytest.fixture
def inspector() -> Inspector:
    """Looks at every page in English."""
    return Inspector(in_passing=True)


@pytest.fixture
def days(browser: Browser, stack: Demo, inspector: Inspector) -> Iterator[list[Day]]:
    """Both languages, early in the morning: the customers have sent their cases."""
    days = [_morning(browser, stack, language, inspector) for language in LANGUAGES]
    yield days
    for day in days:
        for person in day.people:
            person.leave()


def _morning(browser: Browser, stack: Demo, language: str, inspector: Inspector) -> Day:
    look = inspector if language == "en" else fits
    who, reference = CUSTOMERS[language]
    customer = Customer(browser, stack, language, look=look)
    customer.sign_in(who)
    case = customer.ask_to_close(reference)
    rui, robin = (Reviewer(browser, stack, language, look=look) for _each in range(2))
    for person, username in zip((rui, robin), PEOPLE[language], strict=True):
        person.come_back(username)
    return Day(case, customer, rui, robin)


def test_the_day_of_the_reviewers(days: list[Day], inspector: Inspector) -> None:
    for day in days:
        _finds_and_takes_it_by_keys(day)
        _is_too_late(day)
        _asks_takes_back_and_asks_again(day)
    for day in days:
        _answers(day)
        _refuses_takes_back_and_refuses_again(day)
    for day in days:
        _appeals(day)
        _may_not_decide_twice(day)
        day.robin.approve(day.case)
        assert APPEAL in day.robin.main.inner_text()
    for day in days:
        day.customer.tag(ENDS[day.customer.language])
    assert inspector.faults == []


def _finds_and_takes_it_by_keys(day: Day) -> None:
    """j goes down the queue, Enter opens the case, t takes it; a colleague looks at it, too."""
    day.robin.opens_case(day.case)
    page = day.rui.page
    day.rui.open("/desk/?state=waiting", "desk-queue-waiting")
    for _row in range(day.rui.main.locator("[data-row]").count()):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.textContent") == day.case:
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/{day.case}/")
    page.keyboard.press("t")
    expect(page.locator("button[data-key=a]")).to_be_visible()


def _is_too_late(day: Day) -> None:
    """The colleague's page still had the button."""
    robin = day.robin
    robin.press("Take it", "desk-too-late")
    first = robin.say("%(name)s was first", name=day.rui.name)
    expect(robin.page.locator("h1")).to_contain_text(first)
    robin.expected(409)
    robin.opens_case(day.case, "desk-case-of-a-colleague")
    robin.may_not("Take it")


def _asks_takes_back_and_asks_again(day: Day) -> None:
    rui, keys = day.rui, day.rui.page.keyboard
    keys.press("m")
    rui.page.wait_for_url("**/more/")
    rui.see("desk-more")
    rui.press("Ask the customer")
    rui.reads("Choose what you need.")
    rui.asks_for_more(QUESTION)
    rui.reads("Asked. The customer is told in a minute; until then you can take it back.")
    keys.press("u")  # goes to the button, and does not press it
    keys.press("Enter")
    rui.reads("Taken back. No letter has gone to the customer; you have the case again.")
    rui.follow("Ask for more")
    rui.asks_for_more(QUESTION)
    rui.reads("It comes back to the same person.")


def _answers(day: Day) -> None:
    """Then the clock of the review goes on."""
    customer, rui = day.customer, day.rui
    rui.opens_case(day.case)
    asked = rui.main.locator(".case-head").inner_text()
    customer.tag("We need something from you", _TOLD_WITHIN)
    customer.follow("See the question and answer", "case-answer")
    assert QUESTION in customer.main.inner_text()
    customer.page.locator("[name=text]").fill(ANSWER)
    customer.press("Send my answer", "case-answered")
    rui.opens_case(day.case, "desk-case-answered")
    assert ANSWER in rui.main.inner_text()
    expect(rui.main.locator(".case-head")).not_to_have_text(asked)
    expect(rui.page.locator("a[data-key=r]")).to_be_visible()


def _refuses_takes_back_and_refuses_again(day: Day) -> None:
    rui = day.rui
    for is_again in (False, True):
        rui.page.keyboard.press("r")
        rui.page.wait_for_url("**/refuse/")
        rui.see("desk-refuse")
        rui.write_refusal(WHY)
        rui.reads(
            "Refused. The letter with the reason goes in a minute; until then you can take it back."
        )
        if not is_again:
            rui.takes_it_back()


def _appeals(day: Day) -> None:
    customer = day.customer
    customer.tag("Refused", _TOLD_WITHIN)
    assert WHY in customer.main.inner_text()
    customer.follow("Ask another person to decide", "case-appeal")
    customer.page.locator("[name=text]").fill(APPEAL)
    customer.press("Send my appeal", "case-appealed")
    customer.reads("This is an appeal: another person looks at it from the beginning.")


def _may_not_decide_twice(day: Day) -> None:
    day.rui.opens_case(day.case)
    day.rui.reads("You have decided on this case before: another person must look at it.")
    day.rui.may_not("Take it")
