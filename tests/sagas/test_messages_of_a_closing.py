"""Texts that nobody receives, wait, or need not be sent: no line lives on for them."""

import pytest

from signoff.closing import queries as cases
from signoff.closing.rules import CaseState
from signoff.journal.queries import open_items
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice
from signoff.ports.errors import Permanent, Temporary
from signoff.settlement.queries import under_way
from signoff.termination import operations as termination
from signoff.termination.models import Receipt, ReceiptState
from signoff.termination.rules import PATIENCE, StepKind
from signoff.termination.timeline import timeline
from tests.instant import InstantCarrier
from tests.peers.box import RunningBox
from tests.sagas.running import LATER, begun, happened_once, run_on, run_once, stuck
from tests.world import approved, box_ports, customer, reviewer

pytestmark = pytest.mark.django_db


def test_a_message_that_is_refused_can_be_left_out() -> None:
    carrier = InstantCarrier()

    def refuse(call: str) -> None:
        if call in refused:
            raise Permanent("smsc" if call == "text" else "payments", "no")

    carrier.before = refuse
    refused = {"refund", "text"}
    case = run_once(approved(customer()), carrier.ports())
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).kind == StepKind.LAST_TEXT.value
    by = reviewer()
    case = termination.go_on_without(case=case, reviewer=by, now=LATER)
    assert case.state == CaseState.CLOSING.value
    left_out = Receipt.objects.get(case=case, kind=StepKind.LAST_TEXT.value)
    assert (left_out.state, left_out.outcome) == (ReceiptState.SKIPPED, "left_out")

    case = run_once(case, carrier.ports())
    assert stuck(case).kind == StepKind.REFUND.value
    refused.clear()
    case = run_once(termination.retry(case=case, reviewer=by, now=LATER), carrier.ports())
    assert case.state == CaseState.CLOSED.value


def test_a_text_that_nobody_receives_does_not_keep_the_line_alive() -> None:
    carrier = InstantCarrier()

    def phone_is_off(call: str) -> None:
        if call == "text":
            raise Temporary("smsc", "accepted, not yet delivered")

    carrier.before = phone_is_off
    who = customer()
    case = approved(who)
    runs = 0
    while cases.case_by_id(case.pk).state != CaseState.CLOSED.value:
        run_once(case, carrier.ports())
        runs += 1
        assert runs < 50
    tries = {r.kind: r.tries for r in Receipt.objects.filter(case=case, outcome="not_delivered")}
    assert tries == {kind.value: patience for kind, patience in PATIENCE.items()}
    assert {n.state for n in Notice.objects.filter(case=case.pk, is_posted=False)} == {
        "failed",
        "sent",
    }
    assert carrier.done["remove", who.lines[0].imsi] == 1


def test_a_text_that_waits_at_the_smsc_is_not_sent_again(box: RunningBox) -> None:
    who, case = begun(box)
    box.fault("smsc", "drop_before", "deliver_sm")
    box.fault("smsc", "drop_before", "query_sm")
    run_once(case, box_ports(box))
    box.clear_faults()
    assert run_on(case, box_ports(box)).state == CaseState.CLOSED.value
    happened_once(who, box)


def test_a_line_that_is_off_gets_no_text(box: RunningBox) -> None:
    who, case = begun(box)
    line = who.lines[0]
    row = {"msisdn": line.msisdn[1:], "nam_cs": False, "nam_ps": False, "attached": False}
    box.put("subscribers", line.imsi, row | {"id": 7})
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    last = Receipt.objects.get(case=case, kind=StepKind.LAST_TEXT.value)
    assert (last.state, last.outcome) == (ReceiptState.SKIPPED, "line_is_off")
    assert [m["number"] for m in box.rows("messages").values()] == [who.account.contact_phone[1:]]
    tells = {e.code: e.tells for e in timeline(case, now=LATER).entries}
    assert tells["last_text"] == "Not sent: the line was already off."


def test_a_refund_that_is_refused_is_left_to_finance_and_the_closing_goes_on() -> None:
    carrier = InstantCarrier()

    def refuse(call: str) -> None:
        if call == "refund":
            raise Permanent("payments", "no")

    carrier.before = refuse
    case = run_once(approved(customer(paid=(5000,))), carrier.ports())
    assert stuck(case).kind == StepKind.REFUND.value
    case = run_once(
        termination.go_on_without(case=case, reviewer=reviewer(), now=LATER), carrier.ports()
    )
    assert case.state == CaseState.CLOSED.value
    left = Receipt.objects.get(case=case, kind=StepKind.REFUND.value)
    assert (left.state, left.outcome) == (ReceiptState.SKIPPED, "left_to_finance")
    assert open_items() == under_way() == {(case.pk, "CNY"): -5000}


def test_what_the_closing_needs_cannot_be_left_out() -> None:
    carrier = InstantCarrier()

    def refuse(call: str) -> None:
        if call == "stop_service":
            raise Permanent("hlr", "no")

    carrier.before = refuse
    case = run_once(approved(customer()), carrier.ports())
    with pytest.raises(Refusal) as said:
        termination.go_on_without(case=case, reviewer=reviewer(), now=LATER)
    assert said.value.code == "step_is_needed"
    assert cases.case_by_id(case.pk).state == CaseState.NEEDS_ATTENTION.value
