"""The whole closing against the box, in one process."""

import time
from datetime import datetime, timedelta

import pytest

from signoff.accounts.models import Line, LineState, ProfileState
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.sagas.closing import close_case
from signoff.settlement.models import BalanceBucket, Payment, Refund, RefundState
from signoff.termination.certificate import verify
from signoff.termination.models import Receipt
from signoff.termination.queries import certificate
from tests.peers.box import RunningBox
from tests.world import NOON, approved, at_the_carrier, box_ports, customer

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)


def run(case: Case, box: RunningBox, *, now: datetime = LATER) -> Case:
    """Runs the saga until it ends or waits; services complete after a moment, so several runs."""
    ports = box_ports(box)
    for _ in range(20):
        close_case(case.pk, ports=ports, now=lambda: now)
        case = cases.case_by_id(case.pk)
        if case.state != CaseState.CLOSING.value or case.waiting_for != "services":
            return case
        time.sleep(0.1)
    return case


def troubles(case: Case) -> list[str]:
    """What stands in the way, for a message that helps."""
    return list(
        Receipt.objects.filter(case=case).exclude(trouble="").values_list("trouble", flat=True)
    )


def test_a_line_is_closed_everywhere(box: RunningBox) -> None:
    who = customer()
    at_the_carrier(who, box)
    line = who.lines[0]
    case = run(approved(who), box)
    assert case.state == CaseState.CLOSED.value, troubles(case)
    assert Line.objects.get(pk=line.pk).state == LineState.CLOSED
    assert box.row("subscribers", line.imsi) is None
    assert box.row("profiles", line.profile.iccid)["state"] == "unavailable"
    assert Line.objects.get(pk=line.pk).profile.state == ProfileState.WITHDRAWN
    assert [row["state"] for row in box.rows("services").values()] == ["terminated"]


def test_the_money_goes_back_the_way_it_came(box: RunningBox) -> None:
    who = customer(paid=(5000, 2500))
    at_the_carrier(who, box)
    run(approved(who), box)
    assert sorted(r["amount"] for r in box.rows("refunds").values()) == [2500, 5000]
    assert {r.state for r in Refund.objects.all()} == {RefundState.PAID}
    assert BalanceBucket.objects.get().amount_minor == 0
    assert all(p.refunded_minor == p.amount_minor for p in Payment.objects.all())


def test_the_last_text_comes_before_the_service_stops(box: RunningBox) -> None:
    who = customer()
    at_the_carrier(who, box)
    run(approved(who), box)
    order = [(e["system"], e["operation"]) for e in box.effects()]
    last_text = next(i for i, e in enumerate(order) if e[0] == "smsc")
    stopped = next(i for i, e in enumerate(order) if e[0] == "hlr")
    assert last_text < stopped
    numbers = [m["number"].lstrip("+") for m in box.rows("messages").values()]
    assert who.lines[0].msisdn[1:] in numbers
    assert who.account.contact_phone[1:] in numbers


def test_the_certificate_holds_a_receipt_of_every_step(box: RunningBox) -> None:
    who = customer()
    at_the_carrier(who, box)
    case = run(approved(who), box)
    kept = certificate(case)
    assert kept is not None
    content = verify(kept.document, None)
    steps = {r["step"] for r in content["steps"]}
    planned = set(Receipt.objects.filter(case=case).values_list("step", flat=True))
    assert planned - steps == {"letter_done", "text_done"}
    assert content["lines"][0]["msisdn"] == who.lines[0].msisdn


def test_a_second_run_does_nothing(box: RunningBox) -> None:
    who = customer()
    at_the_carrier(who, box)
    case = run(approved(who), box)
    before = box.effects()
    close_case(case.pk, ports=box_ports(box), now=lambda: LATER)
    assert box.effects() == before


def test_it_does_not_begin_before_the_time_to_think_is_over(box: RunningBox) -> None:
    who = customer()
    at_the_carrier(who, box)
    case = run(approved(who), box, now=NOON + timedelta(seconds=1))
    assert case.state == CaseState.COOLING_OFF.value
    assert box.effects() == []
