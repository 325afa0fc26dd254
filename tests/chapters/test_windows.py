"""Every window shows the same state of a case, because there is one state.

The windows: the customer's page and their app, the public look-up as a page and for programs, the
desk, the feed in both of its forms. One case is led through every state, and after each act all of
them are read.
"""

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from signoff.closing import operations as closing
from signoff.closing.models import Case
from signoff.closing.queries import access_code
from signoff.closing.rules import UNDO_WITHIN, CaseEvent, CaseState, as_told
from signoff.closing.state import advance
from signoff.config import config
from signoff.feeds import operations as feeds
from signoff.feeds.queries import token_for
from signoff.kernel.clock import now
from signoff.kernel.keys import load_or_create
from signoff.ports.errors import Permanent
from signoff.presentation import labels
from signoff.review import operations as review
from signoff.review.appeals import appeal
from signoff.review.claims import release_claim
from signoff.review.models import Question
from signoff.review.questions import answer_more, ask_more, lapse
from signoff.review.rules import MoreKind, RefusalReason
from signoff.review.undo import undo_decision
from signoff.sagas.closing import close_case
from signoff.settlement.queries import settlement_of
from signoff.termination import operations as termination
from signoff.termination.queries import receipts
from tests.desk import at_the_desk
from tests.instant import InstantCarrier
from tests.portal import signed_in
from tests.world import Customer, customer, reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)

_ATOM = "{http://www.w3.org/2005/Atom}"
MINUTE = timedelta(minutes=1)
ASKED = "The photo of the card is dark. Please send it again."
REASON = "The contract of this line runs until March. Ask again then, or pay the rest."
APPEAL = "The contract ended in January already: I have a letter of yours that says so."
Steps = list[tuple[str, str]]
"""State and title of each entry."""


@dataclass(frozen=True)
class Windows:
    """Browsers and programs that look at one customer's case. stranger: knows number and code."""

    customer: Client
    stranger: Client
    desk: Client

    def read(self, case: Case) -> str:
        """Looks through all of them; returns the state that all of them show."""
        case = Case.objects.get(pk=case.pk)
        mine = self.customer.get(f"/api/v1/cases/{case.number}").json()
        public = self._looked_up(case)
        for key in ("state", "state_words", "is_over", "decide_by", "can_undo", "undo_until"):
            assert mine[key] == public[key], key
        assert _without_words(mine) == _without_words(public)
        state = str(mine["state"])
        assert state == case.told(now()).value
        own, look = self._page(case, self.customer), self._page(case, self.stranger)
        for page, entries in ((own, mine["entries"]), (look, public["entries"])):
            assert _steps(page) == [(e["state"], e["title"]) for e in entries]
            tag = page.select_one("main .tag")
            assert tag is not None
            assert tag.get_text() == labels.words("case", state)
        desk = BeautifulSoup(self.desk.get(f"/desk/{case.number}/").content, "html.parser")
        assert _steps(desk) == _steps(own)
        _reads_alike(case, public)
        return state

    @staticmethod
    def _page(case: Case, client: Client) -> BeautifulSoup:
        return BeautifulSoup(client.get(f"/cases/{case.number}/").content, "html.parser")

    @staticmethod
    def _looked_up(case: Case) -> dict[str, Any]:
        cache.clear()  # tries of the tests before
        body = json.dumps({"number": case.number, "code": access_code(case)})
        answer = Client().post("/api/v1/status", body, content_type="application/json")
        told: dict[str, Any] = answer.json()
        return told


def _without_words(told: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(e["code"], e["state"], e["by"]) for e in told["entries"]]


def _steps(page: BeautifulSoup) -> Steps:
    found = []
    for step in page.select("ol.timeline li.step"):
        state = next(c.removeprefix("step-") for c in step["class"] if c.startswith("step-"))
        what = step.select_one(".step-what")
        assert what is not None
        found.append((state, what.get_text()))
    return found


def _reads_alike(case: Case, public: dict[str, Any]) -> None:
    """What has happened, and where the case stands, are in both feeds, the newest first."""
    token = token_for(case)
    atom = ET.fromstring(Client().get(f"/feeds/{token}.atom").content)  # noqa: S314 - our own
    items = Client().get(f"/feeds/{token}.json").json()["items"]
    titles = [item["title"] for item in items]
    assert [entry.findtext(f"{_ATOM}title") for entry in atom.iter(f"{_ATOM}entry")] == titles
    told = {"done", "problem"} if case.started_at else {"done", "problem", "now"}
    assert titles[::-1] == [e["title"] for e in public["entries"] if e["state"] in told]
    dates = [item["date_published"] for item in items]
    assert dates == sorted(dates, reverse=True)
    assert len({item["id"] for item in items}) == len(items)


def followed(who: Customer, at: datetime) -> tuple[Case, Windows]:
    case = submitted(who, now=at)
    feeds.switch_on(case=case, now=at)
    cache.clear()
    stranger = Client()
    stranger.post("/status/", {"number": case.number, "code": access_code(case)})
    return case, Windows(signed_in(who), stranger, at_the_desk())


def test_every_window_shows_the_same_state_from_the_wish_to_the_end() -> None:
    who, rui, mei = customer(), reviewer(), reviewer()
    start, hours = now() - timedelta(days=5), count(1)

    def later() -> datetime:
        return start + timedelta(hours=next(hours))

    case, windows = followed(who, start)
    seen = [windows.read(case)]
    case = review.take(case=case, reviewer=rui, now=later())
    seen.append(windows.read(case))
    case = ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=later())
    seen.append(windows.read(case))
    case = answer_more(case=case, text="Here it is.", now=later())
    seen.append(windows.read(case))
    case = review.refuse(
        case=case, reviewer=rui, reason_code=RefusalReason.CONTRACT_BOUND, text=REASON, now=later()
    )
    seen.append(windows.read(case))
    case = appeal(case=case, text=APPEAL, now=later())
    seen.append(windows.read(case))
    case = review.take(case=case, reviewer=mei, now=later())
    case = review.approve(case=case, reviewer=mei, now=later())
    seen.append(windows.read(case))
    case = advance(case, CaseEvent.ASK_AGAIN, now=later(), actor="policy", due_at=None)
    seen.append(windows.read(case))
    settled = settlement_of(case.pk)
    assert settled
    case = closing.confirm_again(
        case=case, settlement_digest=settled.digest, session_key="", now=later()
    )
    seen.append(windows.read(case))
    case = _closing(case, windows, seen, later())
    assert seen == ["submitted", "in_review", "more_info", "in_review", "refused", "submitted",
                    "cooling_off", "to_confirm", "cooling_off", "closing", "needs_attention",
                    "closing", "closed"]  # fmt: skip
    codes = [e["code"] for e in windows._looked_up(case)["entries"]]
    assert codes[:5] == ["submitted", "answered", "refused", "appealed", "approved"]


def _closing(case: Case, windows: Windows, seen: list[str], at: datetime) -> Case:
    """From the point of no return to the end, with a person in between."""
    held = termination.take_hold(case_id=case.pk, now=at)
    assert held is not None
    seen.append(windows.read(held))
    first = receipts(held)[0]
    termination.intend(case=held, receipt=first, now=at)
    error = Permanent("hlr", "the subscriber is locked")
    termination.stop_for_person(case=held, receipt=first, error=error, now=at)
    seen.append(windows.read(held))
    case = termination.retry(case=Case.objects.get(pk=case.pk), reviewer=reviewer(), now=at)
    seen.append(windows.read(case))
    load_or_create(config().signing_key_file)
    carrier = InstantCarrier().ports()
    for _run in range(20):
        close_case(case.pk, ports=carrier, now=now)
        case = Case.objects.get(pk=case.pk)
        if case.state == CaseState.CLOSED.value:
            break
    seen.append(windows.read(case))
    return case


def test_a_question_is_told_in_every_window_with_its_letter_and_not_before() -> None:
    who, rui, at = customer(), reviewer(), now()
    case, windows = followed(who, at)
    case = review.take(case=case, reviewer=rui, now=at)
    before = windows.read(case)
    case = ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=at)
    assert windows.read(case) == before == "in_review"
    home = windows.customer.get("/").content.decode()
    assert "We need something from you" not in home
    assert windows.customer.get(f"/cases/{case.number}/answer/").status_code == 302
    desk = windows.desk.get(f"/desk/{case.number}/").content.decode()
    assert ASKED in desk
    case = undo_decision(case=case, reviewer=rui, now=at)
    assert windows.read(case) == "in_review"
    case = ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=at - MINUTE)
    assert windows.read(case) == "more_info"
    assert "We need something from you" in windows.customer.get("/").content.decode()


def test_what_nobody_answered_and_what_was_undone_is_in_every_window() -> None:
    who, rui, at = customer(), reviewer(), now() - timedelta(days=20)
    case, windows = followed(who, at)
    case = review.take(case=case, reviewer=rui, now=at)
    ask_more(case=case, reviewer=rui, what=[MoreKind.OTHER], text=ASKED, now=at)
    case = lapse(question=Question.objects.get(), now=at + timedelta(days=16))
    assert windows.read(case) == "submitted"
    case = review.take(case=case, reviewer=rui, now=at + timedelta(days=17))
    case = release_claim(case=case, reviewer=rui, now=at + timedelta(days=17))
    case = closing.withdraw(case=case, actor="customer", now=at + timedelta(days=18))
    assert windows.read(case) == "withdrawn"
    codes = [e["code"] for e in windows._looked_up(case)["entries"]]
    assert codes == ["submitted", "not_answered", "withdrawn"]


@pytest.mark.parametrize("state", CaseState)
def test_only_a_question_is_held_back_and_only_for_its_minute(state: CaseState) -> None:
    at = datetime(2026, 11, 22, 12).astimezone()
    held = as_told(state, at + UNDO_WITHIN, at)
    assert (held is state) == (state is not CaseState.MORE_INFO)
    assert as_told(state, at + UNDO_WITHIN, at + UNDO_WITHIN) is state
    assert as_told(state, None, at) is state
