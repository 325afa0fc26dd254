"""Letters, texts, pauses and the look at the facts before a closing, killed at every instant."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from signoff.accounts.models import LineState
from signoff.alternatives import operations as alternatives
from signoff.alternatives.models import Pause
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice, NoticeState
from signoff.settlement.models import Usage
from signoff.settlement.queries import settlement_of
from signoff.termination.operations import take_hold
from tests.engine_rows import forget_runs
from tests.peers.box import RunningBox
from tests.sagas.engine_by_hand import work_off
from tests.sagas.killing import Instants, try_every_instant, watch_writes, watched_ports
from tests.sagas.running import begun_once
from tests.world import (
    LATER,
    NOON,
    Customer,
    approved,
    at_the_carrier,
    box_ports,
    customer,
    late_use,
    submitted,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_runs_before() -> None:
    """The engine's tables are not Django's: nobody empties them between tests."""
    forget_runs("")


def test_each_letter_and_each_text_of_the_outbox(box: RunningBox) -> None:
    def begin() -> tuple[Customer, Case]:
        who = customer(services=0)
        return who, submitted(who)

    def work(made: tuple[Customer, Case], instants: Instants) -> None:
        watch_writes(instants)
        ports = watched_ports(box_ports(box), instants)
        for number in Notice.objects.filter(case=made[1].pk).values_list("pk", flat=True):
            work_off(
                f"notice:{number}:",
                ports=ports,
                now=NOON,
                ended=lambda: instants.reach("before the engine hears of it"),
            )

    def check(made: tuple[Customer, Case]) -> None:
        who, case = made
        notices = Notice.objects.filter(case=case.pk)
        assert {(n.channel, n.state) for n in notices} == {
            ("letter", NoticeState.SENT),
            ("text", NoticeState.SENT),
        }
        done = Counter((e["system"], e["subject"]) for e in box.effects())
        assert done["mail", who.account.email] == 1
        assert done["smsc", who.account.contact_phone[1:]] == 1

    try_every_instant(begin=begin, work=work, check=check, least=12)


def test_a_pause_and_its_end(box: RunningBox) -> None:
    def begin() -> tuple[Customer, Pause]:
        who = customer(services=0, paid=())
        at_the_carrier(who, box)
        until = (NOON + timedelta(days=30)).date()
        return who, alternatives.pause(line=who.lines[0], until=until, now=NOON)

    def work(made: tuple[Customer, Pause], instants: Instants) -> None:
        who, pause = made
        watch_writes(instants)
        ports = watched_ports(box_ports(box), instants)
        for states in (("resting", "resuming", "over"), ("over",)):
            if "resting" not in states:
                with suppress(Refusal):  # it woke before the kill
                    alternatives.resume(line=who.lines[0], now=LATER)
            work_off(
                f"pause:{pause.pk}:",
                ports=ports,
                now=NOON,
                until=lambda states=states: Pause.objects.get(pk=pause.pk).state in states,  # type: ignore[misc]
                ended=lambda: instants.reach("before the engine hears of it"),
            )

    def check(made: tuple[Customer, Pause]) -> None:
        who, pause = made
        pause.refresh_from_db()
        line = who.account.lines.get()
        assert (pause.state, line.state) == ("over", LineState.ACTIVE)
        assert box.row("subscribers", line.imsi)["nam_ps"] is True
        done = Counter(e["operation"] for e in box.effects("hlr") if e["subject"] == line.imsi)
        assert done["stop_service"] == 1
        assert set(done.values()) == {1}

    try_every_instant(begin=begin, work=work, check=check, least=10)


def test_an_amount_that_changed_in_favour_when_the_closing_begins(box: RunningBox) -> None:
    def begin() -> Case:
        who = customer(services=0, paid=(5000,))
        late_use(who, 700)
        case = approved(who)
        Usage.objects.filter(line=who.lines[0]).update(amount_minor=200)
        return case

    def work(case: Case, instants: Instants) -> None:
        watch_writes(instants)
        take_hold(case_id=case.pk, now=LATER)

    try_every_instant(
        begin=begin,
        work=work,
        check=lambda case: begun_once(case, refund=4800, letters=["amount_changed"]),
        least=2,
    )


def test_an_amount_that_changed_against_the_customer_is_asked_for_once(box: RunningBox) -> None:
    def begin() -> Case:
        who = customer(services=0, paid=(5000,))
        case = approved(who)
        late_use(who, 700)
        return case

    def work(case: Case, instants: Instants) -> None:
        watch_writes(instants)
        take_hold(case_id=case.pk, now=LATER)
        now = cases.case_by_id(case.pk)
        agreed = settlement_of(case.pk)
        assert agreed
        if now.state == CaseState.TO_CONFIRM.value:
            digest = cases.settled_now(now, agreed).digest
            closing.confirm_again(case=now, settlement_digest=digest, session_key="", now=LATER)
        take_hold(case_id=case.pk, now=LATER)

    try_every_instant(
        begin=begin,
        work=work,
        check=lambda case: begun_once(case, refund=4300, letters=["confirm_again"]),
        least=6,
    )
