"""A day on the telephone: cases are found by what callers know, callers are asked what only the
owner of a line knows, and nobody is told anything before that."""

from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from signoff.kernel.clock import now
from tests.journeys.accessible import Inspector, fits
from tests.journeys.hotline_people import Agent, Caller
from tests.journeys.people import one_line
from tests.journeys.quickly import send_case
from tests.journeys.staff import Reviewer
from tests.journeys.words import LANGUAGES
from tests.peers.demo import Demo

AGENTS = {"en": "hotline", "zh-hans": "hotline2"}
CALLERS = {
    "en": Caller("sophie.gruber", "L200041"),
    "zh-hans": Caller("liu.hanna", "L200088"),
}
ZONES = {"en": "Europe/Vienna", "zh-hans": "Europe/Berlin"}
NOT_THEIRS = ("/desk/money/", "/desk/record/", "/desk/staff/", "/desk/numbers/")
NOBODYS = "SO-0000-0000-0"
"""Its check digit is right, so it might be one."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_of_a_hotline_agent(
    browser: Browser, stack: Demo, desk: Reviewer, language: str
) -> None:
    caller = CALLERS[language]
    case = send_case(stack, caller.username, caller.reference, language)
    inspector = Inspector(in_passing=True)
    agent = Agent(browser, stack, language, look=inspector if language == "en" else fits)
    agent.sign_in_with_code(AGENTS[language])
    expect(agent.page).to_have_url(f"{stack.url}/desk/hotline/")
    agent.see("hotline")

    _finds_nothing_for_rubbish(agent, caller)
    today = _today(ZONES[language])
    agent.looks_for(caller.name, caller.digits, today)
    agent.is_at(case)
    agent.looks_for_number(case.removeprefix("SO-").replace("-", " ").lower())  # as it is read out
    agent.is_at(case)

    agent.hears("Boom 全球 40GB", "2019-01")  # somebody who only knows the number
    agent.reads("Not verified: too few answers were right. Do not say which; tell nothing.")
    assert caller.name not in agent.main.inner_text()
    agent.reads_nowhere("Tell them this")

    agent.hears(caller.plan, caller.since)
    agent.reads("Verified. For half an hour you may tell this caller.")
    agent.reads("Tell them this")
    assert caller.name in agent.main.inner_text()
    agent.reads("A person will look at it")  # the state, in the language of the caller
    assert caller.email not in agent.main.inner_text()
    agent.asks_to_see("e-mail address")
    assert caller.email in agent.main.inner_text()
    agent.open(f"/desk/hotline/{case}/")
    assert caller.email not in agent.main.inner_text()
    agent.press("File it")
    agent.reads("Write something first.")
    wish = "Calls again at six. 请在六点后打电话。"
    agent.files(wish)
    agent.reads("Filed. A reviewer finds it among the tickets.")
    agent.is_sent_away_from(f"/desk/{case}/", *NOT_THEIRS)
    agent.leave()

    _the_desk_knows(desk, case, agent.name, wish)
    assert inspector.faults == []


def _finds_nothing_for_rubbish(agent: Agent, caller: Caller) -> None:
    agent.looks_for_number("hello")
    agent.reads(
        "“%(value)s” is not a case number: it looks like SO-7K4M-92QD-X. Check for a typing error.",
        value="hello",
    )
    assert agent.page.locator(".errors").evaluate("box => box === document.activeElement")
    agent.looks_for_number(NOBODYS)
    nothing = "No case fits. Spell it out once more; do not tell the caller what might be wrong."
    agent.reads(nothing)
    agent.looks_for("Nobody", caller.digits, _today("UTC"))
    agent.reads(nothing)
    agent.looks_for(caller.name, "12", "2026-02-01")
    agent.reads("Four digits, like 8000.")


def _today(zone: str) -> str:
    return now().astimezone(ZoneInfo(zone)).date().isoformat()


def _the_desk_knows(desk: Reviewer, case: str, agent: str, wish: str) -> None:
    """What was asked, shown and filed is with the case, and says who."""
    desk.opens_case(case)
    for event in (
        "Caller could not be verified",
        "Caller verified",
        "Masked data shown to one of the staff",
        "Ticket filed",
    ):
        row = desk.page.locator("#record").locator("tbody tr", has_text=event)
        assert agent in one_line(row.first.inner_text()), event
    desk.open("/desk/talk/?show=tickets")
    ticket = desk.main.locator("li", has_text=case)
    assert wish in ticket.inner_text()
    ticket.get_by_role("button").click()
    expect(ticket).to_have_count(0)
