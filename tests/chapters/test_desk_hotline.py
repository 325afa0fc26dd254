"""Somebody calls: finding the case, verifying without secrets, telling, tickets."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from signoff.accounts.models import Account, Role, User
from signoff.audit.models import AuditRow
from signoff.closing.models import Case
from signoff.closing.state import stream_of
from signoff.hotline.models import Verification
from signoff.hotline.queries import known_of
from signoff.kernel.clock import now
from signoff.kernel.money import from_minor
from signoff.settlement.models import BalanceBucket, Payment
from signoff.talk.models import Message
from signoff.talk.operations import say
from tests.desk import at_the_desk
from tests.portal import errors, text, value_of
from tests.world import Customer, customer, reviewer, staff, submitted

pytestmark = pytest.mark.django_db

RIGHT = {"plan": "Boom 30", "activated": "2024-05", "last_payment": "3"}
WRONG = {"plan": "Boom 30", "activated": "2023-01", "last_payment": ""}


def agent(user: User | None = None) -> Client:
    return at_the_desk(user or staff(Role.HOTLINE))


def call(who: Customer | None = None) -> Case:
    return submitted(who or customer(paid=(5000,)), now=now())


def verify(client: Client, case: Case, said: dict[str, str]) -> str:
    return text(client.post(f"/desk/hotline/{case.number}/verify/", said, follow=True).content)


def events(case: Case) -> list[tuple[str, dict[str, object]]]:
    rows = AuditRow.objects.filter(stream=stream_of(case)).order_by("seq")
    return [(row.event, row.facts) for row in rows]


def test_a_payment_in_another_currency_is_not_asked_for_as_if_it_were_in_the_accounts_own() -> None:
    case = call(customer(paid=(5000, 99_00)))
    newest = Payment.objects.order_by("-paid_at").first()
    assert newest is not None
    other = BalanceBucket.objects.create(
        account=case.account, reference="yen", kind="paid", amount_minor=3000, currency="JPY",
        as_of=now(),
    )  # fmt: skip
    Payment.objects.filter(pk=newest.pk).update(bucket=other, amount_minor=3000)
    left = Payment.objects.exclude(pk=newest.pk).get()
    assert known_of(case).last_payment == from_minor(left.amount_minor, case.account.currency)


def test_a_case_is_found_by_its_number_however_it_is_spelled() -> None:
    case = call()
    client = agent()
    spelled = case.number.lower().replace("-", " ")
    answer = client.post("/desk/hotline/", {"number": spelled})
    assert answer["Location"] == f"/desk/hotline/{case.number}/"
    assert errors(client.post("/desk/hotline/", {"number": "SO-1"}).content)
    page = text(client.post("/desk/hotline/", {"number": "SO-0000-0000-0"}).content)
    assert "No case fits." in page


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_edge_of_the_calendar_is_answered_in_words(day: str) -> None:
    told = {"name": "Li Wei", "digits": "8000", "day": day}
    answer = agent().post("/desk/hotline/", told)
    assert answer.status_code == 200
    assert errors(answer.content) == ["Write the day like 2026-11-22."]


def test_a_case_is_found_by_what_the_caller_knows_and_only_by_all_of_it() -> None:
    who = customer()
    case = call(who)
    Account.objects.filter(pk=who.account.pk).update(time_zone="UTC")
    client = agent()
    told = {
        "name": "li wei",
        "digits": who.lines[0].msisdn[-4:],
        "day": now().date().isoformat(),
    }
    answer = client.post("/desk/hotline/", told)
    assert answer["Location"] == f"/desk/hotline/{case.number}/"
    others = {"name": "Li", "digits": "9999", "day": (now().date() - timedelta(1)).isoformat()}
    for field, value in others.items():
        page = text(client.post("/desk/hotline/", {**told, field: value}).content)
        assert "No case fits." in page, field
        assert len(errors(client.post("/desk/hotline/", {**told, field: ""}).content)) == 1, field


def test_before_two_answers_are_right_the_page_tells_nothing() -> None:
    who = customer(paid=(5000,))
    case = call(who)
    client = agent()
    content = client.get(f"/desk/hotline/{case.number}/").content.decode()
    for secret in (who.account.name, who.account.email, who.lines[0].msisdn[-4:], '2024-05"'):
        assert secret not in content, secret
    assert "You asked us to close" not in content
    chosen = BeautifulSoup(content, "html.parser").select("option[selected]")
    assert [option["value"] for option in chosen] == ["", ""]
    for word in ("password", "code"):
        fields = BeautifulSoup(content, "html.parser").select("main input, main select")
        assert [f for f in fields if word in str(f.get("name"))] == []


def test_a_verified_caller_is_told_the_state_in_their_language_for_half_an_hour() -> None:
    case = call()
    Case.objects.filter(pk=case.pk).update(language="zh-hans")
    client = agent()
    page = verify(client, case, {**RIGHT, "activated": "2020-01"})
    assert "Verified. For half an hour you may tell this caller." in page
    content = client.get(f"/desk/hotline/{case.number}/").content
    told = BeautifulSoup(content, "html.parser").select_one("div[lang=zh-hans]")
    assert told is not None
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told.get_text())
    other = text(agent().get(f"/desk/hotline/{case.number}/").content)
    assert "Tell the caller nothing yet" in other
    Verification.objects.update(at=now() - timedelta(minutes=30))
    assert "Tell the caller nothing yet" in text(
        client.get(f"/desk/hotline/{case.number}/").content
    )


def test_the_result_is_on_record_and_what_was_said_is_not() -> None:
    case = call()
    client = agent()
    verify(client, case, RIGHT)
    verify(client, case, WRONG)
    asked = "plan activated last_payment"
    assert events(case)[-2:] == [
        ("caller_verified", {"asked": asked, "right": 3}),
        ("caller_not_verified", {"asked": asked, "right": 1}),
    ]
    kept = str(list(Verification.objects.values())) + str(events(case))
    assert "Boom 30" not in kept


def test_after_three_failures_nobody_is_verified_for_the_account_that_day() -> None:
    who = customer(lines=2, paid=(5000,))
    one = call(Customer(who.user, who.account, who.lines[:1]))
    two = call(Customer(who.user, who.account, who.lines[1:]))
    for client, case in ((agent(), one), (agent(), two), (agent(), one)):
        page = verify(client, case, WRONG)
        assert "Not verified: too few answers were right." in page
        assert "2023-01" not in page
    page = verify(agent(), two, RIGHT)
    assert "nobody is verified for it by telephone now" in page
    assert not Verification.objects.filter(passed=True).exists()
    Verification.objects.update(at=now() - timedelta(days=1))
    assert "Verified." in verify(agent(), two, RIGHT)


def test_masked_data_is_shown_only_for_a_verified_caller_and_on_record() -> None:
    case = call()
    client = agent()
    address = f"/desk/hotline/{case.number}/unmask/"
    assert client.post(address, {"what": "email"}).status_code == 302
    verify(client, case, RIGHT)
    page = client.get(f"/desk/hotline/{case.number}/").content.decode()
    assert case.contact_email not in page
    assert case.contact_email in client.post(address, {"what": "email"}).content.decode()
    assert client.post(address, {"what": "sims"}).status_code == 302
    shown = [facts for event, facts in events(case) if event == "personal_data_shown"]
    assert shown == [{"what": "email"}]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FINANCE, Role.ADMIN, Role.AUDITOR])
def test_the_hotline_is_for_its_agents(role: Role) -> None:
    case = call()
    client = at_the_desk(staff(role))
    for what in ("verify", "unmask", "ticket"):
        answer = client.post(f"/desk/hotline/{case.number}/{what}/", {**RIGHT, "text": "Hello"})
        assert answer.status_code == 403, what
    assert not Verification.objects.exists()
    assert not Message.objects.exists()


def test_what_is_filed_is_found_by_reviewers_and_done_once() -> None:
    case = call()
    client = agent()
    assert errors(client.post(f"/desk/hotline/{case.number}/ticket/", {}).content) == [
        "Write something first."
    ]
    client.post(f"/desk/hotline/{case.number}/ticket/", {"text": "Call back at six."})
    ticket = Message.objects.get()
    desk = at_the_desk()
    assert "Open tickets 1" in text(desk.get("/desk/talk/").content)
    assert "Call back at six." in text(desk.get("/desk/talk/?show=tickets").content)
    assert "Call back at six." in text(desk.get(f"/desk/{case.number}/").content)
    done = f"/desk/tickets/{ticket.pk}/done/"
    assert "Call back at six." not in text(desk.post(done, follow=True).content)
    assert "Somebody has done it already." in text(desk.post(done, follow=True).content)
    assert "Call back at six." in text(desk.get("/desk/talk/?show=done").content)
    assert AuditRow.objects.filter(event="ticket_done").count() == 1


def test_a_reviewer_answers_what_a_customer_wrote_and_both_see_what_was_read() -> None:
    who = customer()
    case = call(who)
    say(about=case, author=who.account, text="Is my photo <b>good</b>?", now=now())
    rui = reviewer()
    client = at_the_desk(rui)
    assert case.number in text(client.get("/desk/talk/").content)
    address = f"/desk/{case.number}/"
    content = client.get(address).content
    assert "Is my photo <b>good</b>?" in text(content)
    seen = {"seen": value_of(content, "seen")}
    assert client.post(f"{address}messages/read/", seen).status_code == 302
    assert case.number not in text(client.get("/desk/talk/").content)
    assert errors(client.post(f"{address}messages/", {"text": " "}).content)
    answer = client.post(f"{address}messages/", {"text": "Yes, it is."}, follow=True)
    page = text(answer.content)
    assert "Written. If they do not read it here, an e-mail tells them." in page
    assert "Yes, it is." in page
    assert Message.objects.get(user=rui).text == "Yes, it is."
    assert not Message.objects.filter(author="customer", read_at=None).exists()


def test_long_lists_need_no_more_queries() -> None:
    client = agent()
    case = call()

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/talk/?show=tickets").status_code == 200
        return len(seen)

    client.get("/desk/talk/?show=tickets")
    client.post(f"/desk/hotline/{case.number}/ticket/", {"text": "One."})
    for_one = count()
    for number in range(5):
        client.post(f"/desk/hotline/{call().number}/ticket/", {"text": f"Another {number}."})
    assert count() == for_one <= 14
