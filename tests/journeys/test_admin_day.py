"""A day of an administrator: work is dealt out, somebody gets a task and loses it again, somebody
new is invited, and the machine is looked at."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.accessible import Inspector, fits
from tests.journeys.people import PATIENCE
from tests.journeys.quickly import send_case
from tests.journeys.staff import Staff, name_of
from tests.journeys.words import LANGUAGES, say_count
from tests.peers.demo import PASSWORD, Demo

ADMINS = {"en": "admin", "zh-hans": "admin2"}
COLLEAGUES = {"en": "hotline", "zh-hans": "hotline2"}
CUSTOMERS = {
    "en": ("francois.benoit", ("L200024", "L200025")),
    "zh-hans": ("bjoern.krause", ("L200048", "L200049")),
}
REVIEWER = "reviewer3"
ONE_GIVEN = "%(count)d case is with %(name)s now."
SOME_GIVEN = "%(count)d cases are with %(name)s now."
NOT_THEIRS = ("/desk/money/", "/desk/hotline/", "/desk/record/", "/desk/journal/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_of_an_administrator(browser: Browser, stack: Demo, language: str) -> None:
    who, references = CUSTOMERS[language]
    cases = [send_case(stack, who, reference, language) for reference in references]
    inspector = Inspector(in_passing=True)
    look = inspector if language == "en" else fits
    alex = Staff(browser, stack, language, look=look)
    alex.sign_in_with_code(ADMINS[language])
    expect(alex.page).to_have_url(f"{stack.url}/desk/")
    _gives_cases(alex, cases)

    hong = Staff(browser, stack, language)
    hong.come_back(COLLEAGUES[language])
    _gives_a_task_and_takes_it(alex, hong)
    hong.leave()
    _invites_somebody(alex)

    alex.follow("System", "admin-system")
    alex.reads("Lives")  # the worker
    alex.follow("Look again")
    alex.follow("See them", "admin-outbox")
    _turns_keys_off_and_on(alex)
    alex.is_sent_away_from(*NOT_THEIRS)
    alex.leave()
    assert inspector.faults == []


def _gives_cases(alex: Staff, cases: list[str]) -> None:
    """Several at a time, to one reviewer; the queue says then who has them."""
    name = name_of(alex, REVIEWER)
    alex.open("/desk/?state=waiting", "admin-queue")
    alex.press("Give")
    alex.reads("Choose cases and a reviewer; nothing was changed.")
    alex.open("/desk/?state=waiting")
    for case in cases:
        alex.page.locator(f"input[name=case][value='{case}']").check()
    alex.page.locator("[name=reviewer]").select_option(label=name)
    alex.press("Give")
    told = say_count(alex.language, ONE_GIVEN, SOME_GIVEN, len(cases))
    words = told % {"count": len(cases), "name": name}
    expect(alex.main.get_by_text(words)).to_be_visible()
    alex.open("/desk/?state=in_review", "admin-queue-given")
    for case in cases:
        expect(alex.row(case)).to_contain_text(name)


def _gives_a_task_and_takes_it(alex: Staff, hong: Staff) -> None:
    """Shows once more that it is really them; it counts from the colleague's next page on."""
    alex.follow("Staff", "admin-staff")
    alex.main.get_by_role("link", name=hong.name, exact=True).click()
    alex.see("admin-colleague")
    hong.is_sent_away_from("/desk/money/")
    finance = alex.page.locator("input[name=tasks][value=finance]")
    finance.check()
    alex.press("Save the tasks")
    alex.page.locator("[name=password]").fill(PASSWORD)
    alex.press("Confirm")
    alex.reads("Saved. It counts from the next page on that they open.")
    hong.open("/desk/money/")
    expect(hong.page.locator(f"nav.tabs[aria-label='{hong.say('Money')}']")).to_be_visible()
    finance.uncheck()
    alex.press("Save the tasks")
    alex.reads("Saved. It counts from the next page on that they open.")
    hong.is_sent_away_from("/desk/money/")


def _invites_somebody(alex: Staff) -> None:
    """The worker sends the letter; what it says works, see `test_desk_staff.py`."""
    username = f"nora.{alex.username}"
    address = f"{username}@boom.example"
    alex.follow("Staff")
    alex.follow("Invite a colleague", "admin-invite")
    for field, words in (("called", "Nora Neu"), ("username", username), ("email", address)):
        alex.page.locator(f"[name={field}]").fill(words)
    alex.page.locator("input[name=tasks][value=hotline]").check()
    alex.press("Invite them", "admin-invited")
    alex.reads("Invited. A letter is on its way to them.")
    letters = alex.demo.letters_to(address)
    for _try in range(round(PATIENCE / 0.25)):
        if letters:
            break
        alex.page.wait_for_timeout(250)
        letters = alex.demo.letters_to(address)
    assert [letter["subject"] for letter in letters] == [
        alex.say("Your place at the desk of %(brand)s", brand="Boom")
    ]


def _turns_keys_off_and_on(alex: Staff) -> None:
    alex.page.keyboard.press("?")
    alex.page.wait_for_url("**/desk/keys/")
    alex.see("admin-keys")
    alex.press("Turn them off")
    alex.reads("They are off in this browser.")
    alex.press("Turn them on")
    alex.reads("They are on.")
