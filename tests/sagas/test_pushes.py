"""A browser that asked for it is told how far its case is: once, and nothing personal."""

import json
from datetime import timedelta
from itertools import count
from typing import NoReturn

import pytest
from django.db import DataError
from django.urls import resolve

from signoff.adapters.web_push import WebPush
from signoff.audit.models import AuditRow
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.config import config
from signoff.feeds.browsers import leave_browser
from signoff.kernel.clock import now
from signoff.ports.errors import Temporary
from signoff.push import operations as push
from signoff.push.models import Push, PushState, Receiver
from signoff.push.rules import LASTS_AFTER_END
from signoff.review import claims, undo
from signoff.review import operations as review
from signoff.sagas import reconcile
from signoff.sagas.pushes import LONGEST_WAIT, MAX_TRIES, deliver_push, forget_when_due
from tests.engine_rows import engine_rows, forget_runs
from tests.peers.box import RunningBox
from tests.peers.user_agent import UserAgent
from tests.pushing import Followed, follow, vapid
from tests.sagas.engine_by_hand import work_off
from tests.sagas.killing import Instants, try_every_instant, watch_writes, watched_ports
from tests.sagas.running import run_on
from tests.world import (
    LATER,
    NOON,
    approved,
    at_the_carrier,
    box_ports,
    customer,
    reviewer,
    submitted,
)

__all__ = ["follow", "vapid"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_runs_before() -> None:
    """The engine's tables are not Django's: nobody empties them between tests."""
    forget_runs("")


def approve(case: Case) -> Case:
    by = reviewer()
    case = review.take(case=cases.case_by_id(case.pk), reviewer=by, now=NOON)
    return review.approve(case=case, reviewer=by, now=NOON)


def deliver(box: RunningBox) -> None:
    work_off("push:", ports=box_ports(box), now=now())


def told(agent: UserAgent) -> list[str]:
    return [json.loads(message.text)["text"] for message in agent.messages()]


def test_a_change_is_told_when_it_has_settled(box: RunningBox, follow: Followed) -> None:
    who = customer(services=0)
    case = submitted(who)
    agent = follow.browser(case)
    approve(case)
    (row,) = Push.objects.all()
    asked = engine_rows("push:")[push.run_key(row.pk, 0)]
    assert asked.delayed_until_ms is not None
    deliver(box)
    (message,) = agent.messages()
    said = json.loads(message.text)
    assert said == {
        "title": f"Case {case.number} at Boom",
        "text": "Time to think again",
        "language": "en",
        "address": f"/cases/{case.number}/",
        "last": False,
    }
    assert resolve(said["address"]).view_name == "portal:case"
    row.refresh_from_db()
    assert (row.state, row.message) == (PushState.SENT, f"/push/messages/{message.id}")
    for personal in (who.account.name, who.account.email, who.lines[0].msisdn[-4:]):
        assert personal not in message.text.decode()


def test_it_is_told_in_the_language_of_the_case(box: RunningBox, follow: Followed) -> None:
    case = submitted(customer(services=0))
    Case.objects.update(language="zh-hans")
    agent = follow.browser(case)
    approve(case)
    deliver(box)
    assert told(agent) == ["冷静期"]


def test_to_the_end_and_then_the_browser_is_forgotten(box: RunningBox, follow: Followed) -> None:
    who = customer(services=0)
    at_the_carrier(who, box)
    case = approved(who)
    agent = follow.browser(case)
    assert run_on(case, box_ports(box)).state == CaseState.CLOSED.value
    deliver(box)
    (message,) = agent.messages()
    said = json.loads(message.text)
    assert (said["text"], said["last"]) == ("Closed", True)
    ended = cases.case_by_id(case.pk).ended_at
    assert ended
    forget_when_due(now=ended + LASTS_AFTER_END - timedelta(minutes=1))
    assert Receiver.objects.count() == 1
    assert forget_when_due(now=ended + LASTS_AFTER_END) > ended
    assert (Receiver.objects.count(), Push.objects.count()) == (0, 0)


def test_what_the_customer_does_not_see_is_not_told(box: RunningBox, follow: Followed) -> None:
    case = submitted(customer(services=0))
    agent = follow.browser(case)
    by = reviewer()
    case = review.take(case=cases.case_by_id(case.pk), reviewer=by, now=NOON)
    claims.release_claim(case=case, reviewer=by, now=NOON)
    assert Push.objects.count() == 1, "the second change joined the first"
    deliver(box)
    assert Push.objects.get().state == PushState.NOTHING_NEW
    assert told(agent) == []


def test_a_decision_that_was_taken_back_is_not_told(box: RunningBox, follow: Followed) -> None:
    case = submitted(customer(services=0))
    agent = follow.browser(case)
    by = reviewer()
    case = review.take(case=cases.case_by_id(case.pk), reviewer=by, now=NOON)
    case = review.approve(case=case, reviewer=by, now=NOON)
    undo.undo_decision(case=case, reviewer=by, now=NOON + timedelta(seconds=30))
    deliver(box)
    assert told(agent) == []


def test_what_changes_while_a_push_is_sent_is_told_by_another(
    box: RunningBox, follow: Followed
) -> None:
    case = submitted(customer(services=0))
    agent = follow.browser(case)
    approve(case)
    first = Push.objects.get()
    assert push.begin(push=first.pk, tries=0)
    closing.withdraw(case=cases.case_by_id(case.pk), actor="customer", now=NOON)
    second = Push.objects.exclude(pk=first.pk).get()
    assert second.state == PushState.WAITING
    deliver(box)
    assert told(agent) == ["Undone: nothing has changed"]
    assert set(Push.objects.values_list("state", flat=True)) == {
        PushState.SENT,
        PushState.NOTHING_NEW,
    }


def test_each_browser_is_told_and_each_on_its_own(box: RunningBox, follow: Followed) -> None:
    case = submitted(customer(services=0))
    one, other, gone = (follow.browser(case) for _ in range(3))
    gone.unsubscribe()
    approve(case)
    deliver(box)
    assert told(one) == told(other) == ["Time to think again"]
    assert Receiver.objects.count() == 2, "the push service said 410"
    (ended,) = AuditRow.objects.filter(event="push_off")
    assert (ended.actor, ended.facts) == ("push", {"why": "gone"})


def test_a_browser_that_was_switched_off_meanwhile_is_told_nothing(
    box: RunningBox, follow: Followed
) -> None:
    case = submitted(customer(services=0))
    agent = follow.browser(case)
    approve(case)
    leave_browser(case=case, digest="", now=NOON)
    deliver(box)
    assert told(agent) == []


def test_out_of_reach_it_is_tried_again_and_at_last_given_up(
    box: RunningBox, follow: Followed
) -> None:
    case = submitted(customer(services=0))
    follow.browser(case)
    approve(case)
    box.fault("push", "busy")
    deliver(box)
    row = Push.objects.get()
    assert (row.state, row.tries) == (PushState.FAILED, MAX_TRIES)
    assert "429" in row.failure
    assert len(engine_rows(f"push:{row.pk}:")) == MAX_TRIES + 1


@pytest.mark.parametrize(("asked", "waits"), [(0, 2), (100, 100), (10**8, LONGEST_WAIT)])
def test_a_service_that_asks_us_to_stay_away_is_left_alone(
    box: RunningBox,
    follow: Followed,
    monkeypatch: pytest.MonkeyPatch,
    asked: int,
    waits: int,
) -> None:
    case = submitted(customer(services=0))
    follow.browser(case)
    approve(case)

    def busy(*_args: object, **_kwargs: object) -> NoReturn:
        raise Temporary("push", "it answered HTTP 429", retry_after=asked)

    monkeypatch.setattr(WebPush, "send", busy)
    row = Push.objects.get()
    moment = now()
    deliver_push(row.pk, 0, ports=box_ports(box), now=now)
    until = engine_rows("push:")[push.run_key(row.pk, 1)].delayed_until_ms
    assert until is not None
    assert 0 <= until / 1000 - moment.timestamp() - waits < 5


@pytest.mark.parametrize("kind", ["refuse", "off"])
def test_a_refusal_ends_it_and_nobody_has_to_look(
    box: RunningBox, follow: Followed, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    case = submitted(customer(services=0))
    follow.browser(case)
    approve(case)
    if kind == "off":
        monkeypatch.setattr(config(), "push_key", None)
    else:
        box.fault("push", "refuse")
    deliver(box)
    row = Push.objects.get()
    assert (row.state, row.tries) == (PushState.FAILED, 0)
    assert cases.case_by_id(case.pk).state == CaseState.COOLING_OFF.value


@pytest.mark.parametrize(("broken", "error"), [("words", KeyError), ("standing", DataError)])
def test_a_mistake_of_ours_does_not_go_round_for_ever(
    box: RunningBox,
    follow: Followed,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
    error: type[Exception],
) -> None:
    case = submitted(customer(services=0))
    follow.browser(case)
    approve(case)

    def breaks(*_args: object, **_kwargs: object) -> bytes:
        raise error("words")

    monkeypatch.setattr(f"signoff.sagas.pushes.{broken}", breaks)
    deliver(box)
    assert Push.objects.get().failure == f"signoff: unexpected {error.__name__}"


def test_a_run_that_the_engine_lost_is_asked_for_again(follow: Followed) -> None:
    case = submitted(customer(services=0))
    follow.browser(case)
    approve(case)
    row = Push.objects.get()
    forget_runs("push:")
    lost = reconcile.expected_runs(NOON)
    lost[push.run_key(row.pk, 0)]()
    assert list(engine_rows("push:")) == [push.run_key(row.pk, 1)]
    deliver_push(row.pk, 0, ports=None, now=lambda: LATER)  # type: ignore[arg-type]  # too late a run does nothing
    row.refresh_from_db()
    assert (row.state, row.tries) == (PushState.WAITING, 1)


def test_killed_at_every_instant_it_is_shown_once(box: RunningBox, follow: Followed) -> None:
    agents: dict[int, UserAgent] = {}
    numbers = count(1)

    def begin() -> int:
        case = submitted(customer(services=0))
        agent = follow.browser(case)
        approve(case)
        agents[number := next(numbers)] = agent
        return number

    def work(_number: int, instants: Instants) -> None:
        watch_writes(instants)
        work_off(
            "push:",
            ports=watched_ports(box_ports(box), instants),
            now=now(),
            ended=lambda: instants.reach("before the engine hears of it"),
        )

    def check(number: int) -> None:
        assert told(agents[number]) == ["Time to think again"]
        assert set(Push.objects.values_list("state", flat=True)) == {PushState.SENT}

    try_every_instant(begin=begin, work=work, check=check, least=7)


def test_letters_go_out_whatever_becomes_of_a_push(box: RunningBox, follow: Followed) -> None:
    who = customer(services=0)
    case = submitted(who)
    follow.browser(case)
    approve(case)
    box.fault("push", "down")
    work_off("notice:", ports=box_ports(box), now=now())
    assert [e["subject"] for e in box.effects("mail")].count(who.account.email) == 2
