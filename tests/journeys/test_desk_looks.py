"""How the desk looks and works in a real browser: wide and narrow, by day and by night."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from signoff.accounts.models import Role, User
from signoff.closing.models import Case
from signoff.evidence import operations as evidence
from signoff.hotline.operations import verify_caller
from signoff.hotline.rules import Fact
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.review.questions import ask_more
from signoff.review.rules import MoreKind
from signoff.sagas.models import Worker
from signoff.talk.operations import file_ticket, say
from signoff.termination.rules import StepKind
from tests import hostile_files as files
from tests.desk import at_the_desk, stopped_at
from tests.journeys.accessible import faults_of
from tests.peers.chromium import Visit, chromium
from tests.world import NOON, approved, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def browser_page(server: LiveServer, client: Client, *, scripts: bool = True) -> Iterator[Page]:
    """A page of Debian's chromium; whatever it complains about fails the test."""
    session = client.cookies["sessionid"].value
    with chromium() as browser:
        visit = Visit(browser, server.url, scripts=scripts)
        visit.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        yield visit.page
        visit.context.close()
    assert visit.complaints == []


def everybody() -> User:
    """One person with every role, so that one browser sees every page."""
    return staff(*Role)


def a_busy_day(by: User | None = None) -> list[str]:
    """Cases in every state, a message that failed, a worker; and the pages that show them.

    by: who has taken a case.
    """
    waiting = submitted(customer())
    Case.objects.filter(pk=submitted(customer(lines=3)).pk).update(decide_by="2026-11-18")
    Case.objects.filter(pk=waiting.pk).update(
        reason_text="The coverage at my new place is poor, and I travel a lot.",
        contact_name="Wilhelmina Oberfeld-Zimmermannsreuther",
    )
    taken = review.take(case=submitted(customer()), reviewer=by or reviewer(), now=now())
    raw = "% Subscriber is locked by another session (IMSI=…)\n% try again later\n"
    stuck = stopped_at(customer(), StepKind.REMOVE_SUBSCRIBER, raw=raw)
    message = stopped_at(customer(), StepKind.LAST_TEXT)
    cooling = approved(customer())
    Notice.objects.filter(case=cooling.pk, channel="text").update(
        state="failed", failure="smsc: the number cannot receive it", tries=3
    )
    away = Case.objects.get(pk=approved(customer()).pk)
    Case.objects.filter(pk=away.pk).update(
        state="closing", waiting_for="hlr", next_try_at=NOON + timedelta(minutes=2)
    )
    Worker.objects.create(executor="0f" * 16, started_at=NOON, seen_at=now())
    Worker.objects.create(executor="a7" * 16, started_at=NOON, seen_at=NOON - timedelta(days=1))
    asked = _asked_and_written(by or reviewer())
    cases = [f"/desk/{case.number}/" for case in (waiting, taken, stuck, message, cooling, asked)]
    return [
        "/desk/", "/desk/?state=closed", "/desk/notices/", "/desk/system/", *cases,
        f"/desk/{taken.number}/refuse/", f"/desk/{taken.number}/more/", "/desk/keys/",
        "/desk/?country=CN&mark=appeal", "/desk/hotline/", f"/desk/hotline/{waiting.number}/",
        f"/desk/hotline/{asked.number}/", "/desk/talk/", "/desk/talk/?show=tickets",
        f"/desk/talk/{_written_about_none(by or reviewer())}/", "/desk/numbers/?days=365",
        "/desk/record/", "/desk/journal/", "/desk/staff/", "/desk/letter/",
        "/desk/staff/invite/", *(f"/desk/staff/{_invited().pk}/{part}" for part in ("", "left/")),
    ]  # fmt: skip


def _invited() -> User:
    """Somebody with a long name, who has not been here."""
    person = staff(Role.REVIEWER, Role.HOTLINE)
    person.last_name = "Wilhelmina Oberfeld-Zimmermannsreuther"
    person.email = f"wilhelmina.oberfeld-zimmermannsreuther@{person.username}.boom.example"
    person.save()
    return person


def _written_about_none(by: User) -> int:
    """Both sides wrote about no case; the id of the account."""
    account = customer(lines=2).account
    say(about=account, author=account, text="Does my plan work in Japan?", now=now())
    say(about=account, author=by, text="It does.\n\nA day of data costs 30 yuan.", now=now())
    say(about=account, author=account, text="Then please switch it on.", now=now())
    return account.pk


def _asked_and_written(rui: User) -> Case:
    """A question, what both sides wrote, and a ticket; a caller about it is verified by anybody."""
    who = customer(paid=(5000,))
    case = review.take(case=submitted(who, now=now()), reviewer=rui, now=now())
    text = "The photo of the passport is dark. Please send another."
    case = ask_more(case=case, reviewer=rui, what=[MoreKind.PASSPORT], text=text, now=now())
    photo = files.saved(files.picture(), "JPEG")
    evidence.add(case=case, kind="passport", content=photo, allowed=["passport"], now=now())
    say(about=case, author=who.account, text="Which side do you mean?", now=now())
    say(about=case, author=rui, text="The one with the photo.", now=now())
    agent = User.objects.filter(staff_roles__role=Role.HOTLINE).first() or staff(Role.HOTLINE)
    file_ticket(account=who.account, case=case, by=agent, text="Call back at six.", now=now())
    said = {Fact.PLAN: "Boom 30", Fact.ACTIVATED: "2024-05"}
    verify_caller(case=case, agent=agent, said=said, now=now())
    return case


def test_every_page_of_the_desk_fits_and_is_accessible(live_server: LiveServer) -> None:
    person = everybody()
    paths = a_busy_day(person)
    with browser_page(live_server, at_the_desk(person)) as page:
        assert faults_of(page, live_server.url, paths) == []


def test_the_queue_follows_what_is_typed_and_the_tabs_follow_too(live_server: LiveServer) -> None:
    a_busy_day()
    with browser_page(live_server, at_the_desk()) as page:
        page.goto(live_server.url + "/desk/")
        rows = page.locator("table.queue tbody tr")
        assert rows.count() == 8
        page.get_by_label("Case number, name, e-mail or phone").type("oberfeld", delay=20)
        page.get_by_text("1 case for “oberfeld”").wait_for()
        assert rows.count() == 1
        assert page.evaluate("document.activeElement.id") == "words"
        assert "oberfeld" not in page.url
        page.get_by_role("link", name="Closing 1").click()
        page.get_by_text("Nothing fits").wait_for()
        page.get_by_label("Case number, name, e-mail or phone").fill("li wei")
        page.locator("table.queue").wait_for()
        assert rows.count() == 1
        assert "state=closing" in page.url
        page.get_by_role("link", name="All open 8").click()
        page.get_by_text("7 cases for “li wei”").wait_for()
        page.get_by_role("link", name="Show all").click()
        page.wait_for_url("**/desk/")
        assert rows.count() == 8


def test_keys_lead_through_the_queue_and_do_nothing_in_a_field(live_server: LiveServer) -> None:
    a_busy_day()
    with browser_page(live_server, at_the_desk()) as page:
        page.goto(live_server.url + "/desk/?state=waiting")
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.textContent") != first
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.textContent") == first
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/desk/{first}/")
        page.get_by_label("Write to the customer").press("t")
        assert page.get_by_role("button", name="Take it").is_visible()
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("t")
        page.get_by_text("You are looking at it.").wait_for()
        page.keyboard.press("a")  # goes to the button, and does not press it
        assert page.evaluate("document.activeElement.textContent") == "Approve"
        page.keyboard.press("Enter")
        page.get_by_text("No letter has gone yet.").wait_for()
        page.keyboard.press("u")
        page.keyboard.press("Enter")
        page.get_by_text("Taken back.").wait_for()
        page.keyboard.press("m")
        page.get_by_role("heading", name="Ask for more").wait_for()
        page.go_back()
        page.keyboard.press("?")
        page.get_by_role("button", name="Turn them off").click()
        page.goto(live_server.url + "/desk/?state=waiting")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_the_desk_works_without_scripts(live_server: LiveServer) -> None:
    a_busy_day()
    with browser_page(live_server, at_the_desk(), scripts=False) as page:
        page.goto(live_server.url + "/desk/")
        page.get_by_label("Case number, name, e-mail or phone").fill("oberfeld")
        page.get_by_role("button", name="Search").click()
        page.locator("table.queue tbody a").click()
        page.get_by_role("button", name="Take it").click()
        page.get_by_role("link", name="Refuse with a reason").click()
        page.get_by_role("button", name="Refuse and tell the customer").click()
        assert page.locator(".errors").evaluate("box => box === document.activeElement")
        page.get_by_label("A fraud check is under way").check()
        page.get_by_label("What the customer will read").fill(
            "We are looking into a sign-in that was not yours. Ask again next week."
        )
        page.get_by_role("button", name="Refuse and tell the customer").click()
        assert page.get_by_text("Refused. The letter with the reason goes in a minute").is_visible()
