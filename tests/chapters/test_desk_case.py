"""One case at the desk: what is shown, what can be done in which state, and who is first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.closing.operations import start_draft, withdraw
from signoff.closing.rules import CaseState, Scope
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.review import operations as review
from signoff.review.models import Claim, Decision
from signoff.sagas.models import Worker
from signoff.settlement.models import Bill
from signoff.termination.models import Receipt
from signoff.termination.rules import StepKind
from tests.desk import at_the_desk, stopped_at
from tests.portal import errors, text
from tests.world import NOON, approved, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The contract of this line runs until 1 May 2027. You can close it then, at no cost."
IN_REVIEW = {"approve", "refuse", "more", "release"}
ACTIONS = ("take", "approve", "refuse", "retry", "go-on")
ALWAYS = {"unmask", "messages", "read", "call"}
"""What changes nothing of a case is offered in every state."""
WITH = {"refuse": {"reason": "contract_bound", "text": WORDS}}


def in_review(by: User | None = None) -> Case:
    return review.take(case=submitted(customer()), reviewer=by or reviewer(), now=NOON)


def press(client: Client, case: Case, action: str, **more: str) -> HttpResponse:
    answer = client.post(f"/desk/{case.number}/{action}/", {**WITH.get(action, {}), **more})
    assert isinstance(answer, HttpResponse)
    return answer


def state_of(case: Case) -> str:
    return str(Case.objects.values_list("state", flat=True).get(pk=case.pk))


def offered(client: Client, case: Case) -> set[str]:
    """The actions that the page of a case offers."""
    page = BeautifulSoup(client.get(f"/desk/{case.number}/").content, "html.parser")
    main = page.select_one("main")
    assert main is not None
    forms = {str(form["action"]) for form in main.select("form[action]")}
    links = {str(a["href"]) for a in main.select("a.button[href]")}
    return {address.split("/")[-2] for address in forms | links} - ALWAYS


def test_a_reviewer_takes_a_case_and_approves_it() -> None:
    case = submitted(customer())
    client = at_the_desk()
    assert offered(client, case) == {"take"}
    assert press(client, case, "take")["Location"] == f"/desk/{case.number}/"
    assert offered(client, case) == IN_REVIEW
    assert "You are looking at it. Until" in text(client.get(f"/desk/{case.number}/").content)
    assert press(client, case, "approve")["Location"] == f"/desk/{case.number}/"
    page = text(client.get(f"/desk/{case.number}/").content)
    assert "Approved. The letter goes within a minute" in page
    assert state_of(case) == "cooling_off"
    assert offered(client, case) == {"undo"}
    assert Notice.objects.filter(case=case.pk, kind="approved").count() == 1


def test_a_refusal_reaches_the_customer_word_for_word() -> None:
    rui = reviewer()
    case = in_review(rui)
    client = at_the_desk(rui)
    form = text(client.get(f"/desk/{case.number}/refuse/").content)
    assert "In 20 to 1000 characters" in form
    assert "They read English." in form
    assert press(client, case, "refuse")["Location"] == f"/desk/{case.number}/"
    assert state_of(case) == "refused"
    decision = Decision.objects.get(case=case)
    assert (decision.reason_code, decision.text) == ("contract_bound", WORDS)
    assert WORDS in Notice.objects.get(case=case.pk, kind="refused").text
    assert WORDS in text(client.get(f"/desk/{case.number}/").content)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, ["Choose the ground.", "Write the reason: the customer reads exactly this."]),
        ({"reason": "we_like_you", "text": WORDS}, ["Choose one of the grounds in the list."]),
        ({"reason": "court_order", "text": "No."}, ["Write at least 20 characters; these are 3."]),
        ({"reason": "court_order", "text": " " * 50}, ["Write the reason: the customer"]),
        ({"reason": "court_order", "text": "x" * 1001}, ["Write at most 1000 characters"]),
        ({"reason": "court_order", "text": "No, sorry.\x00 No, sorry, no."}, ["Null characters"]),
    ],
)
def test_a_refusal_without_ground_or_words_is_no_refusal(
    given: dict[str, str], wrong: list[str]
) -> None:
    case = in_review()
    answer = at_the_desk().post(f"/desk/{case.number}/refuse/", given)
    assert answer.status_code == 200
    said = errors(answer.content)
    assert len(said) == len(wrong)
    assert all(points.startswith(begin) for points, begin in zip(said, wrong, strict=True)), said
    assert state_of(case) == "in_review"
    assert not Notice.objects.filter(case=case.pk, kind="refused").exists()


def test_what_a_customer_or_a_reviewer_typed_is_shown_and_never_run() -> None:
    case = in_review()
    bad = "<img src=x onerror=alert(1)> and more than twenty characters"
    Case.objects.filter(pk=case.pk).update(reason_text=bad, contact_name=bad)
    client = at_the_desk()
    client.post(f"/desk/{case.number}/refuse/", {"reason": "court_order", "text": bad})
    for address in (f"/desk/{case.number}/", "/desk/", "/desk/?state=not-done"):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        assert page.select("main img") == []


def states() -> list[tuple[str, Callable[[User], Case], set[str]]]:
    return [
        ("submitted", lambda _: submitted(customer()), {"take"}),
        ("in_review", in_review, IN_REVIEW),
        ("cooling_off", lambda _: approved(customer()), set()),
        (
            "withdrawn",
            lambda _: withdraw(case=submitted(customer()), actor="customer", now=NOON),
            set(),
        ),
        ("needs_attention", lambda _: stopped_at(customer(), StepKind.STOP_SERVICE), {"retry"}),
        (
            "needs_attention",
            lambda _: stopped_at(customer(), StepKind.LAST_TEXT),
            {"retry", "go-on"},
        ),
    ]


@pytest.mark.parametrize(("state", "make", "possible"), states())
def test_every_action_in_a_state_that_does_not_allow_it_changes_nothing(
    state: str, make: Callable[[User], Case], possible: set[str]
) -> None:
    rui = reviewer()
    case = make(rui)
    client = at_the_desk(rui)
    assert offered(client, case) == possible
    messages = Notice.objects.count()
    for action in set(ACTIONS) - possible:
        more = {"step": "stop_service:1"} if action == "go-on" else {}
        answer = press(client, case, action, **more)
        if (state, action) == ("in_review", "take"):  # who holds it goes on holding it
            assert answer.status_code == 302
            continue
        assert answer.status_code == 409, action
        assert f'href="/desk/{case.number}/"' in answer.content.decode(), action
        assert state_of(case) == state, action
    assert Notice.objects.count() == messages


def test_actions_are_never_done_by_a_link() -> None:
    case = in_review()
    client = at_the_desk()
    for action in ("take", "approve", "retry", "go-on"):
        assert client.get(f"/desk/{case.number}/{action}/").status_code == 405
    assert state_of(case) == "in_review"


def test_actions_need_the_token_of_the_session() -> None:
    case = submitted(customer())
    signed_in = at_the_desk()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(f"/desk/{case.number}/take/").status_code == 403
    assert state_of(case) == "submitted"


def test_pressing_twice_is_pressing_once() -> None:
    case = submitted(customer())
    rui = reviewer()
    client = at_the_desk(rui)
    for action in ("take", "approve"):
        for _time in range(3):
            assert press(client, case, action).status_code == 302
    assert Decision.objects.filter(case=case).count() == 1
    assert Notice.objects.filter(case=case.pk, kind="approved").count() == 1
    other = in_review(rui)
    for _time in range(3):
        assert press(client, other, "refuse").status_code == 302
    assert Notice.objects.filter(case=other.pk, kind="refused").count() == 1


def test_the_second_of_two_reviewers_learns_who_was_first() -> None:
    case = submitted(customer())
    rui = reviewer()
    rui.first_name = "Rui"
    rui.save()
    first, second = at_the_desk(rui), at_the_desk()
    press(first, case, "take")
    answer = press(second, case, "take")
    assert answer.status_code == 409
    assert "Rui was first" in text(answer.content)
    press(first, case, "approve")
    assert press(second, case, "refuse").status_code == 409
    assert press(second, case, "approve").status_code == 409
    assert state_of(case) == "cooling_off"
    assert Decision.objects.get(case=case).reviewer == rui


def test_a_reviewer_sees_that_a_colleague_has_taken_it() -> None:
    rui = reviewer()
    case = review.take(case=submitted(customer()), reviewer=rui, now=now())
    client = at_the_desk()
    page = text(client.get(f"/desk/{case.number}/").content)
    assert f"{rui.username} is looking at it, until" in page
    assert offered(client, case) == set()
    Claim.objects.update(expires_at=now() - timedelta(seconds=1))
    assert offered(client, case) == {"take"}


def test_who_does_not_hold_a_case_does_not_decide_on_it() -> None:
    case = review.take(case=submitted(customer()), reviewer=reviewer(), now=now())
    other = at_the_desk()
    for action in ("take", "approve", "refuse"):
        assert press(other, case, action).status_code == 409
    assert state_of(case) == "in_review"
    assert not Decision.objects.exists()


def test_of_tabs_in_which_a_reviewer_presses_in_the_same_instant_one_wins() -> None:
    rui = reviewer()
    case = in_review(rui)
    clients = [at_the_desk(rui), *(Client() for _ in range(3))]
    for client in clients[1:]:
        client.cookies = clients[0].cookies
    together = Barrier(len(clients))

    def decide(client: Client, action: str) -> int:
        together.wait(timeout=20)
        try:
            return int(press(client, case, action).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        pressed = zip(clients, ("approve", "refuse", "approve", "refuse"), strict=True)
        answers = sorted(pool.map(lambda pair: decide(*pair), pressed))
    assert answers == [302, 302, 409, 409]  # the same answer once more changes nothing
    assert Decision.objects.filter(case=case).count() == 1
    decided = Notice.objects.filter(case=case.pk, kind__in=["approved", "refused"])
    assert decided.count() == 1


def test_the_customers_undo_and_the_approval_cannot_both_happen() -> None:
    case = in_review()
    stale = Case.objects.get(pk=case.pk)
    withdraw(case=stale, actor="customer", now=NOON)
    answer = press(at_the_desk(), case, "approve")
    assert answer.status_code == 409
    assert "The customer has undone it" in text(answer.content)
    assert not Decision.objects.filter(case=case).exists()


def test_a_stopped_closing_shows_what_was_tried_and_goes_on_from_there() -> None:
    case = stopped_at(customer(), StepKind.STOP_SERVICE, raw="% <b>Subscriber</b> locked")
    client = at_the_desk()
    answer = client.get(f"/desk/{case.number}/")
    page = text(answer.content)
    assert "It stands at: Switch the service off" in page
    assert "hlr: the subscriber is locked" in page
    assert "% <b>Subscriber</b> locked" in page
    assert BeautifulSoup(answer.content, "html.parser").select("pre b") == []
    assert press(client, case, "retry").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.attempt) == ("closing", 2)
    assert press(client, case, "retry").status_code == 302
    case.refresh_from_db()
    assert case.attempt == 2


def test_an_answer_of_a_remote_system_tells_no_number_to_who_has_not_asked_for_it() -> None:
    raw = "% No subscriber for imsi = '001010000012345', mail li.wei@example.org"
    case = stopped_at(customer(), StepKind.STOP_SERVICE, raw=raw)
    client = at_the_desk()
    page = text(client.get(f"/desk/{case.number}/").content)
    assert "imsi = '… 2345', mail l…@example.org" in page
    asked = client.post(f"/desk/{case.number}/unmask/", {"what": "sims"})
    assert raw in text(asked.content)


def test_only_a_message_can_be_left_out() -> None:
    case = stopped_at(customer(), StepKind.STOP_SERVICE)
    step = Receipt.objects.get(case=case, state="intended").step
    answer = press(at_the_desk(), case, "go-on", step=step)
    assert answer.status_code == 409
    assert "Only a message or a refund can be left for later" in text(answer.content)
    assert state_of(case) == "needs_attention"


def test_leaving_a_message_out_leaves_out_the_one_that_was_seen_and_no_other() -> None:
    case = stopped_at(customer(), StepKind.LAST_TEXT)
    client = at_the_desk()
    step = Receipt.objects.get(case=case, state="intended").step
    assert press(client, case, "go-on", step="letter_done").status_code == 409
    assert press(client, case, "go-on").status_code == 409
    assert state_of(case) == "needs_attention"
    assert press(client, case, "go-on", step=step).status_code == 302
    assert press(client, case, "go-on", step=step).status_code == 302
    assert state_of(case) == "closing"
    left_out = Receipt.objects.get(case=case, outcome="left_out")
    assert (left_out.step, left_out.state) == (step, "skipped")


@pytest.mark.parametrize(
    "number", ["SO-0000-0000-0", "nothing", "SO-7K4M-92QD-Y", "..%2f..%2fetc", "1" * 300, "%0A"]
)
def test_a_case_that_does_not_exist_is_not_there(number: str) -> None:
    client = at_the_desk()
    assert client.get(f"/desk/{number}/").status_code == 404
    for action in ACTIONS:
        assert client.post(f"/desk/{number}/{action}/").status_code == 404


def test_a_draft_is_the_customers_alone() -> None:
    who = customer()
    draft = start_draft(
        account=who.account, lines=who.lines, scope=Scope.LINE, language="en", now=NOON
    )
    client = at_the_desk()
    assert client.get(f"/desk/{draft.number}/").status_code == 404
    for action in ACTIONS:
        assert press(client, draft, action).status_code == 404


def test_the_page_shows_what_a_decision_needs_and_no_more() -> None:
    who = customer()
    case = submitted(who)
    line = who.lines[0]
    answer = at_the_desk().get(f"/desk/{case.number}/")
    page = text(answer.content)
    for wanted in (
        "It costs too much", "Li Wei", "CN¥75.00", "Visa 4242", "We have your request",
        "Sent by the customer", "Nothing stands in the way.", "You asked us to close", line.plan,
    ):  # fmt: skip
        assert wanted in page, wanted
    everything = answer.content.decode()
    for hidden in (
        line.msisdn,
        line.imsi,
        line.profile.iccid,
        case.contact_email,
        case.contact_phone,
    ):
        assert hidden not in everything


def test_what_has_come_in_the_way_since_is_shown() -> None:
    who = customer(paid=[])
    case = submitted(who)
    Bill.objects.create(
        number="B-9", account=who.account, line=who.lines[0], issued_on="2026-11-20",
        due_on="2026-12-05", total_minor=990, state="unpaid", as_of=NOON,
    )  # fmt: skip
    page = text(at_the_desk().get(f"/desk/{case.number}/").content)
    assert "Stands in the way by now" in page
    assert "CN¥9.90 is still to be paid" in page


def test_a_case_with_many_lines_needs_no_more_queries() -> None:
    small = submitted(customer(lines=1), scope=Scope.ACCOUNT)
    big = submitted(customer(lines=9), scope=Scope.ACCOUNT)
    client = at_the_desk()

    def count(case: Case) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/{case.number}/").status_code == 200
        return len(seen)

    count(small)
    assert count(big) == count(small) <= 37
    assert count(stopped_at(customer(), StepKind.CERTIFICATE)) <= 31


def test_messages_that_did_not_arrive_are_listed_with_the_reason() -> None:
    case = submitted(customer())
    Notice.objects.filter(case=case.pk, channel="letter").update(
        state="failed", failure="mail: 550 no such mailbox", tries=3
    )
    client = at_the_desk()
    page = client.get("/desk/notices/")
    words = text(page.content)
    assert "mail: 550 no such mailbox" in words
    assert words.index("Failed") < words.index("Waiting", words.index("Failed"))
    assert case.contact_email not in page.content.decode()
    Notice.objects.update(state="sent")
    assert "Everything has arrived." in text(client.get("/desk/notices/").content)


def test_the_list_of_messages_needs_no_more_queries_when_it_is_long() -> None:
    client = at_the_desk()
    submitted(customer())

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/notices/").status_code == 200
        return len(seen)

    few = count()
    for _ in range(10):
        submitted(customer())
    assert count() == few


def test_the_system_page_says_whether_a_worker_lives_and_what_waits() -> None:
    client = at_the_desk()
    assert "No worker lives" in text(client.get("/desk/system/").content)
    stopped_at(customer(), StepKind.STOP_SERVICE)
    running = approved(customer())
    Case.objects.filter(pk=running.pk).update(
        state=CaseState.CLOSING.value, waiting_for="smsc", next_try_at=NOON
    )
    Worker.objects.create(executor="a" * 32, started_at=NOON, seen_at=now())
    Worker.objects.create(executor="b" * 32, started_at=NOON, seen_at=NOON.replace(year=2020))
    page = text(client.get("/desk/system/").content)
    assert "No worker lives" not in page
    assert "Lives" in page
    assert "Silent" in page
    assert "Subscriber register (HLR) 0 1" in page
    assert "SMS centre 1 0" in page


def test_times_are_those_of_the_carrier(settings: Settings) -> None:
    case = submitted(customer())
    client = at_the_desk()
    assert "22 November 2026 12:00" in text(client.get(f"/desk/{case.number}/").content)
    settings.SIGNOFF = settings.SIGNOFF.model_copy(update={"time_zone": "Asia/Shanghai"})
    answer = client.get(f"/desk/{case.number}/")
    assert "22 November 2026 20:00" in text(answer.content)
    assert "Times are those of Asia/Shanghai" in answer.content.decode()
