"""One of us and a customer on the telephone, side by side, each at a browser of their own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.kernel.clock import now
from tests.desk import at_the_desk
from tests.journeys.accessible import Inspector, fits
from tests.peers.chromium import Visit, chromium
from tests.portal import signed_in
from tests.world import customer, staff, submitted

pytestmark = pytest.mark.django_db(transaction=True)

LOCALES = {"en": "en", "zh-hans": "zh-CN"}


def said(page: Page) -> list[str]:
    """The two words that stand on a page."""
    return page.locator(".call-words strong span").all_inner_texts()


def words_of(language: str) -> Callable[[str], str]:
    """What our pages say, in this language."""

    def say(english: str) -> str:
        with override(language):
            return gettext(english)

    return say


@pytest.mark.parametrize("language", list(LOCALES))
def test_both_read_the_same_words_and_each_sees_at_once_what_the_other_pressed(
    live_server: LiveServer, language: str
) -> None:
    who = customer()
    case = submitted(who, now=now())
    Case.objects.filter(pk=case.pk).update(language=language)
    mei = staff(Role.HOTLINE)
    mei.first_name = "Mei"
    mei.save()
    clients = at_the_desk(mei), signed_in(who)
    say = words_of(language)
    inspector = Inspector()
    look = inspector if language == "en" else fits
    with chromium() as browser:
        visits = [Visit(browser, live_server.url, locale=LOCALES[language]) for _ in clients]
        for visit, client in zip(visits, clients, strict=True):
            _let_in(visit, client, live_server.url)
        desk, home = (visit.page for visit in visits)
        home.goto("/calling/")
        expect(home.get_by_text(say("No, nobody of ours is calling you."))).to_be_visible()
        look(home, "calling-no")
        desk.goto(f"/desk/hotline/{case.number}/")
        desk.get_by_role("button", name=say("The customer is on the line")).click()
        expect(desk.locator(".call-words strong span")).to_have_count(2)
        look(desk, "desk-call")
        expect(home.locator(".call-words strong span")).to_have_count(2)  # it moves by itself
        assert said(home) == said(desk)
        look(home, "calling-yes")
        home.get_by_role("button", name=say("Yes, I called you")).click()
        desk.get_by_role("link", name=say("Show what I may tell")).click()
        expect(desk.get_by_text(case.contact_name)).to_be_visible()
        look(desk, "desk-call-confirmed")
        home.get_by_role("button", name=say("No, I did not call")).click()
        expect(desk.get_by_text(say("The customer says: no, this is not me"))).to_be_visible()
        expect(desk.get_by_text(case.contact_name)).to_have_count(0)  # went with the no
        look(desk, "desk-call-denied")
        expect(home.get_by_text(say("No, nobody of ours is calling you."))).to_be_visible()
        for visit in visits:
            visit.context.close()
    assert [visit.complaints for visit in visits] == [[], []]
    assert inspector.faults == []


def _let_in(visit: Visit, client: Client, url: str) -> None:
    value = client.cookies["sessionid"].value
    visit.context.add_cookies([{"name": "sessionid", "value": value, "url": url}])
