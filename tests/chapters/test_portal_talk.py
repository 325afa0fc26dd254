"""Messages between a customer and the desk, on the customer's side; and the ways to a case."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Role
from signoff.closing.models import Case
from signoff.kernel.clock import now
from signoff.talk.models import Message
from signoff.talk.operations import file_ticket, mark_read, say
from tests.portal import errors, signed_in, text, value_of
from tests.world import Customer, customer, staff, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(case: Case) -> str:
    return f"/cases/{case.number}/messages/"


def answered(case: Case, words: str = "It is on its way.", name: str = "Rui Li") -> Message:
    """The desk has written."""
    user = staff(Role.REVIEWER)
    user.last_name = name  # where the whole name is kept
    user.save()
    return say(about=case, author=user, text=words, now=now())


def test_both_sides_are_shown_with_a_first_name_and_a_receipt() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    assert "Nobody has written anything yet" in text(client.get(page_of(case)).content)
    sent = client.post(page_of(case), {"text": "Where is <b>my</b> money?"})
    assert sent["Location"] == page_of(case)
    shown = client.get(page_of(case)).content
    assert "You Where is <b>my</b> money?" in text(shown)
    assert b"<b>my" not in shown
    assert "not read yet" in text(shown)
    last = Message.objects.get().pk
    mark_read(about=case, reader=staff(Role.REVIEWER), up_to=last, now=now())
    desk = answered(case)
    page = text(client.get(page_of(case)).content)
    assert "Rui, reviewer New It is on its way." in page
    assert "Rui Li" not in page
    assert "· read " in page
    assert desk.user is not None and desk.user.username not in page
    assert Message.objects.get(pk=desk.pk).read_at is not None
    assert "New" not in text(client.get(page_of(case)).content).split("Rui")[1]


def test_somebody_without_a_first_name_is_a_reviewer() -> None:
    who = customer()
    case = submitted(who)
    desk = answered(case, name="")
    page = text(signed_in(who).get(page_of(case)).content)
    assert "A reviewer" in page
    assert desk.user is not None and desk.user.username not in page


def test_the_page_brings_what_is_new_and_it_is_read_only_when_it_is_seen() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    seen = client.get(page_of(case)).content.decode().split("?seen=")[1][:16]
    new = f"{page_of(case)}new/"
    assert client.get(new, {"seen": seen}).status_code == 204
    desk = answered(case)
    part = client.get(new, {"seen": seen}).content.decode()
    assert "It is on its way." in part and "<html" not in part
    assert f'hx-post="{page_of(case)}read/"' in part
    assert Message.objects.get(pk=desk.pk).read_at is None
    assert "1 new message" in text(client.get(f"/cases/{case.number}/").content)
    later = answered(case, "And the photo is not needed.")
    read = f"{page_of(case)}read/"
    for seen in ("", "x", "-1", "9" * 5000, value_of(part.encode(), "seen")):
        assert Message.objects.get(pk=desk.pk).read_at is None
        assert client.post(read, {"seen": seen}).status_code == 204
    assert Message.objects.get(pk=desk.pk).read_at is not None
    assert Message.objects.get(pk=later.pk).read_at is None  # came after what was seen
    assert client.post(read, {"seen": later.pk}).status_code == 204
    assert "new message" not in text(client.get(f"/cases/{case.number}/").content)


def test_what_is_not_sent_is_said_and_what_was_typed_stays() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    assert errors(client.post(page_of(case), {"text": " \n "}).content) == [
        "Write something first."
    ]
    page = client.post(page_of(case), {"text": "a" * 4001})
    assert "at most 4000 characters" in errors(page.content)[0]
    assert b"a" * 4001 in page.content
    assert not Message.objects.exists()


def test_tickets_of_the_hotline_are_not_for_customers() -> None:
    who = customer()
    case = submitted(who)
    by = staff(Role.HOTLINE)
    file_ticket(account=who.account, case=case, by=by, text="Sounds in a hurry.", now=now())
    assert "hurry" not in signed_in(who).get(page_of(case)).content.decode()


def test_another_customer_reads_and_writes_nothing() -> None:
    owner = customer()
    case = submitted(owner)
    answered(case)
    stranger = signed_in(customer())
    for path in (page_of(case), f"{page_of(case)}new/"):
        assert stranger.get(path).status_code == 404
        assert Client().get(path)["Location"].startswith("/sign-in/login/")
    assert stranger.post(page_of(case), {"text": "Hello"}).status_code == 404
    seen = {"seen": Message.objects.get().pk}
    assert stranger.post(f"{page_of(case)}read/", seen).status_code == 404
    assert Message.objects.get().read_at is None


def test_the_browser_that_sent_the_case_goes_on_once_nobody_can_sign_in() -> None:
    who = customer()
    case = submitted(who)
    answered(case)
    browser = Client()
    browser.cookies["signoff_sent"] = _sent_cookie(case)
    assert browser.get(page_of(case))["Location"].startswith("/sign-in/login/")
    who.account.closed_at = now()
    who.account.save()
    assert "It is on its way." in text(browser.get(page_of(case)).content)
    assert browser.post(page_of(case), {"text": "Thank you."}).status_code == 302


def _sent_cookie(case: Case) -> str:
    from django.core import signing  # noqa: PLC0415 - as the browser got it

    return signing.get_cookie_signer(salt="signoff_sent").sign(case.number)


def test_a_draft_has_nobody_to_talk_to_yet() -> None:
    who = customer()
    client = signed_in(who)
    client.post(f"/close/{who.lines[0].reference}/preview/")
    case = Case.objects.get()
    assert client.get(page_of(case))["Location"] == f"/close/case/{case.number}/check/"
    assert client.post(page_of(case), {"text": "Hello"}).status_code == 302
    assert not Message.objects.exists()


def test_the_ways_from_the_search_lead_to_the_one_case_or_ask_which() -> None:
    who = customer(lines=2)
    client = signed_in(who)
    for path, said in (
        ("/photos/", "No closing of yours asks for a photo now."),
        ("/appeal/", "There is no refusal that you can appeal now."),
    ):
        assert said in text(client.get(path).content), path
    one = submitted(Customer(who.user, who.account, who.lines[:1]))
    two = submitted(Customer(who.user, who.account, who.lines[1:]))
    Case.objects.filter(pk=one.pk).update(state="refused", decided_at=now(), ended_at=now())
    assert client.get("/appeal/")["Location"] == f"/cases/{one.number}/appeal/"
    Case.objects.filter(pk=two.pk).update(state="draft", submitted_at=None)
    assert client.get("/photos/")["Location"] == f"/cases/{two.number}/photos/"


def test_a_long_talk_asks_the_database_as_often_as_a_short_one() -> None:
    who = customer()
    case = submitted(who)
    client = signed_in(who)
    first = answered(case)
    assert first.user is not None
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(case))
    for number in range(6):
        say(about=case, author=who.account, text="And?", now=now() + timedelta(seconds=number))
        say(about=case, author=first.user, text="Soon.", now=now())
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(case))
    assert len(long) == len(short) < 25


def test_without_a_closing_one_writes_at_once() -> None:
    who = customer()
    client = signed_in(who)
    assert client.get("/talk/")["Location"] == "/talk/messages/"
    page = text(client.get("/talk/messages/").content)
    assert "You need not close anything" in page
    sent = client.post("/talk/messages/", {"text": "Which plan is <b>cheapest</b>?"})
    assert sent["Location"] == "/talk/messages/"
    shown = client.get("/talk/messages/").content
    assert "You Which plan is <b>cheapest</b>?" in text(shown)
    assert b"<b>cheapest" not in shown
    row = Message.objects.get()
    assert (row.account, row.case) == (who.account, None)
    assert errors(client.post("/talk/messages/", {"text": " "}).content) == [
        "Write something first."
    ]


def test_with_a_closing_one_says_what_it_is_about_and_sees_where_there_is_news() -> None:
    who = customer(lines=2)
    one = submitted(Customer(who.user, who.account, who.lines[:1]))
    two = submitted(Customer(who.user, who.account, who.lines[1:]))
    client = signed_in(who)
    content = client.get("/talk/").content
    for address in (page_of(one), page_of(two), "/talk/messages/"):
        assert f'href="{address}"' in content.decode()
    assert "new message" not in text(content)
    by = staff(Role.REVIEWER)
    say(about=two, author=by, text="One.", now=now())
    for words in ("Two.", "Three."):
        say(about=who.account, author=by, text=words, now=now())
    page = text(client.get("/talk/").content)
    assert f"Case {two.number} 1 new message" in page
    assert "anything you want to know 2 new messages" in page
    assert f"Case {one.number} 1 new message" not in page
    assert "2 new messages" in text(client.get("/").content)
    client.get("/talk/messages/")
    assert "2 new messages" not in text(client.get("/talk/").content)
    assert "new message" not in text(client.get("/").content)


def test_what_is_about_no_closing_moves_by_itself_and_is_nobody_elses() -> None:
    who = customer()
    client = signed_in(who)
    seen = client.get("/talk/messages/").content.decode().split("?seen=")[1][:16]
    new = "/talk/messages/new/"
    assert client.get(new, {"seen": seen}).status_code == 204
    say(about=who.account, author=staff(Role.REVIEWER), text="It is Boom 10.", now=now())
    part = client.get(new, {"seen": seen}).content.decode()
    assert "It is Boom 10." in part and 'hx-post="/talk/messages/read/"' in part
    stranger = signed_in(customer())
    for path in ("/talk/messages/", new):
        assert "Boom 10" not in stranger.get(path).content.decode()
        assert Client().get(path)["Location"].startswith("/sign-in/login/")
    assert Client().post("/talk/messages/", {"text": "Hello"}).status_code == 302
    said = {"seen": Message.objects.get().pk}
    assert stranger.post("/talk/messages/read/", said).status_code == 204
    assert Message.objects.get().read_at is None
    assert client.post("/talk/messages/read/", said).status_code == 204
    assert Message.objects.get().read_at is not None


def test_a_page_left_open_after_the_sign_in_ended_asks_for_itself_anew() -> None:
    case = submitted(customer())
    for part in ("/calling/now/", "/talk/messages/new/", f"{page_of(case)}new/"):
        answer = Client().get(part, headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Refresh"], answer.content) == (200, "true", b"")
        assert Client().get(part)["Location"].startswith("/sign-in/login/?next=/"), part
    timeline = f"/cases/{case.number}/"
    answer = Client().get(f"{timeline}progress/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (200, "true", b"")
    anew = Client().get(timeline)
    assert anew.status_code == 404  # as for a case that does not exist
    assert f'href="/sign-in/login/?next={timeline}">sign in</a>' in anew.content.decode()
    stranger = signed_in(customer())
    assert stranger.get(f"{timeline}progress/", headers={"HX-Request": "true"}).status_code == 404
    assert b"If it is yours" not in stranger.get(timeline).content
