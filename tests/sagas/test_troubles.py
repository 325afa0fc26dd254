"""What the world does to a closing: it waits and says so, it asks a person, it loses nothing."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from signoff.accounts.models import Line, LineState, Profile, ProfileState
from signoff.accounts.operations import observe_profile
from signoff.audit.models import AuditRow
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.kernel.errors import Refusal
from signoff.kernel.identifiers import Iccid
from signoff.notice.models import Notice
from signoff.ports.engine import engine, install
from signoff.ports.errors import Permanent, Temporary
from signoff.review import operations as review
from signoff.review.models import Decision
from signoff.sagas.closing import close_case
from signoff.sagas.notices import deliver_notice
from signoff.termination import operations as termination
from signoff.termination.certificate import verify
from signoff.termination.models import Receipt, ReceiptState
from signoff.termination.queries import certificate
from signoff.termination.rules import PATIENCE, StepKind, delay_after
from signoff.termination.timeline import timeline
from signoff.wiring import Ports
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.peers.box import RunningBox
from tests.portal import signed_in, text
from tests.world import (
    NOON,
    Customer,
    approved,
    at_the_carrier,
    box_ports,
    customer,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)


def run_once(case: Case, ports: Ports, now: datetime = LATER) -> Case:
    """What the engine does when the run is due."""
    close_case(case.pk, ports=ports, now=lambda: now)
    return cases.case_by_id(case.pk)


def run_on(case: Case, ports: Ports, *, until: Callable[[Case], bool] | None = None) -> Case:
    """One run after the other, until it ends or a person must look."""
    case = cases.case_by_id(case.pk)
    for _ in range(60):
        case = run_once(case, ports)
        if case.state != CaseState.CLOSING.value or (until and until(case)):
            return case
        if case.waiting_for == "services":
            time.sleep(0.05)
    raise AssertionError(f"still closing, waiting for {case.waiting_for}")


def begun(box: RunningBox, **kwargs: Any) -> tuple[Customer, Case]:
    """A case that is due, and its customer at the carrier."""
    who = customer(**kwargs)
    at_the_carrier(who, box)
    return who, approved(who)


def stuck(case: Case) -> Receipt:
    """The step at which it stands."""
    return Receipt.objects.filter(case=case, state=ReceiptState.INTENDED).get()


def happened_once(who: Customer, box: RunningBox) -> None:
    """Each effect at the carrier, once."""
    line = who.lines[0]
    done = Counter((e["system"], e["operation"], e["subject"]) for e in box.effects())
    assert set(done.values()) == {1}, done
    service = line.services.get().reference
    assert set(done) == {
        ("smsc", "deliver", line.msisdn[1:]),
        ("hlr", "stop_service", line.imsi),
        ("payments", "refund", f"ch_{who.account.number[1:].lstrip('0')}_0"),
        ("payments", "refund", f"ch_{who.account.number[1:].lstrip('0')}_1"),
        ("smdp", "cancelOrder", line.profile.iccid),
        ("hlr", "remove", line.imsi),
        ("services", "create", service),
        ("services", "cease", service),
        ("mail", "deliver", who.account.email),
        ("smsc", "deliver", who.account.contact_phone[1:]),
    }


SYSTEMS = ["hlr", "smsc", "payments", "smdp", "services", "mail"]


@pytest.mark.parametrize("kind", ["down", "busy"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_that_does_not_answer_is_waited_for(
    system: str, kind: str, box: RunningBox
) -> None:
    who, case = begun(box)
    box.fault(system, kind)
    case = run_on(case, box_ports(box), until=lambda c: c.waiting_for == system)
    assert case.state == CaseState.CLOSING.value
    receipt = stuck(case)
    assert receipt.trouble.startswith(f"{system}: ")
    delay = timedelta(seconds=delay_after(receipt.tries))
    assert case.next_try_at == LATER + delay
    row = engine_rows(f"close:{case.pk}:{case.attempt}")[f"close:{case.pk}:{case.attempt}"]
    assert row.status == "DELAYED"
    assert row.delayed_until_ms is not None
    shown = timeline(case)
    assert (shown.waiting_for, shown.next_try_at) == (system, case.next_try_at)
    assert [e.state for e in shown.entries].count("now") == 1
    in_public = timeline(case, private=False)
    assert [e.state for e in in_public.entries] == [e.state for e in shown.entries]
    box.clear_faults()
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    assert (case.waiting_for, case.next_try_at) == ("", None)
    assert not Receipt.objects.filter(case=case).exclude(trouble="").exists()
    happened_once(who, box)


def test_the_customer_reads_that_it_waits_and_goes_on_by_itself(box: RunningBox) -> None:
    who, case = begun(box)
    box.fault("smdp", "down")
    case = run_on(case, box_ports(box), until=lambda c: c.waiting_for == "smdp")
    page = signed_in(who).get(reverse("portal:case", args=[case.number]))
    words = text(page.content)
    assert "does not answer just now" in words
    assert "goes on by itself" in words
    assert "smdp" not in words


def test_waiting_grows_with_every_try(box: RunningBox) -> None:
    _who, case = begun(box)
    box.fault("hlr", "down")
    waits = []
    for _ in range(6):
        case = run_once(case, box_ports(box))
        assert case.next_try_at is not None
        waits.append((case.next_try_at - LATER).total_seconds())
    assert waits == [2, 4, 8, 16, 32, 64]
    assert case.attempt == 7
    assert stuck(case).tries == 6
    delayed = {r.name for r in engine_rows(f"close:{case.pk}").values()}
    assert delayed == {f"close:{case.pk}:{n}" for n in range(1, 8)}


def test_after_days_of_trying_a_person_is_asked(box: RunningBox) -> None:
    _who, case = begun(box)
    box.fault("hlr", "down")
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).tries == 40
    case = termination.retry(case=case, reviewer=reviewer(), now=LATER)
    assert run_once(case, box_ports(box)).state == CaseState.CLOSING.value  # patient again


@pytest.mark.parametrize("kind", ["refuse", "garbage"])
@pytest.mark.parametrize(
    ("system", "operation"),
    [("hlr", "stop_service"), ("payments", "create_refund"), ("smdp", "*"), ("services", "*")],
)
def test_what_is_refused_or_not_understood_is_for_a_person(
    system: str, operation: str, kind: str, box: RunningBox
) -> None:
    who, case = begun(box)
    box.fault(system, kind, operation)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert case.waiting_for == system
    receipt = stuck(case)
    assert receipt.trouble.startswith(f"{system}: ")
    for secret in ("sk_test_box", "Bearer", "Traceback"):
        assert secret not in receipt.trouble + receipt.raw
    if system != "hlr" or kind == "garbage":
        assert receipt.raw, "the remote's own words are kept"
    assert [e.state for e in timeline(case).entries].count("problem") == 1
    finished = list(Receipt.objects.filter(case=case).exclude(finished_at=None).values())
    attempt = case.attempt
    assert f"close:{case.pk}:{attempt + 1}" not in engine_rows(str(case.pk))

    box.clear_faults()
    by = reviewer()
    case = termination.retry(case=case, reviewer=by, now=LATER)
    assert f"close:{case.pk}:{attempt + 1}" in engine_rows(str(case.pk))
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    for row in finished:  # nothing that was done is done again
        assert Receipt.objects.filter(pk=row["id"]).values().get() == row
    happened_once(who, box)
    recorded = AuditRow.objects.filter(stream=f"case:{case.pk}", event="case_retried")
    assert [row.actor for row in recorded] == [f"reviewer:{by.pk}"]


LOST = [
    ("hlr", "look_up"),
    ("hlr", "stop_service"),
    ("hlr", "remove"),
    ("payments", "create_refund"),
    ("smdp", "*"),
    ("services", "*"),
    ("smsc", "submit_sm"),
    ("mail", "send"),
]


@pytest.mark.parametrize(("system", "operation"), LOST)
def test_a_lost_answer_does_nothing_twice(system: str, operation: str, box: RunningBox) -> None:
    who, case = begun(box)
    box.fault(system, "drop_after", operation, times=2)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value, stuck(case).trouble
    happened_once(who, box)


@pytest.mark.parametrize(("system", "operation"), LOST[:-1])
def test_two_answers_are_one(system: str, operation: str, box: RunningBox) -> None:
    who, case = begun(box)
    box.fault(system, "twice", operation)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value, stuck(case).trouble
    happened_once(who, box)


def test_a_mail_server_that_answers_out_of_turn_is_for_a_person(box: RunningBox) -> None:
    who, case = begun(box)
    box.fault("mail", "twice")
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).kind == StepKind.LETTER_DONE.value
    box.clear_faults()
    case = run_on(termination.retry(case=case, reviewer=reviewer(), now=LATER), box_ports(box))
    assert case.state == CaseState.CLOSED.value
    happened_once(who, box)


def test_only_a_message_can_be_left_out() -> None:
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
    with pytest.raises(Refusal) as said:
        termination.go_on_without(case=case, reviewer=by, now=LATER)
    assert said.value.code == "step_is_needed"
    assert cases.case_by_id(case.pk).state == CaseState.NEEDS_ATTENTION.value
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
    tells = {e.code: e.tells for e in timeline(case).entries}
    assert tells["last_text"] == "Not sent: the line was already off."


def test_a_line_that_the_network_does_not_know_is_closed_all_the_same(box: RunningBox) -> None:
    who, case = begun(box)
    box.reset()
    at_the_carrier(replace(who, lines=[]), box)
    box.profile(who.lines[0].profile.iccid)
    service = who.lines[0].services.get()
    box.put("services", service.reference, {"line": "L", "name": "Voice mail", "state": "active"})
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    outcomes = dict(Receipt.objects.filter(case=case).values_list("kind", "outcome"))
    assert outcomes["check_line"] == outcomes["stop_service"] == "unknown_to_network"
    assert outcomes["remove_subscriber"] == "verified_gone"
    assert box.effects("hlr") == []


def test_an_esim_on_a_phone_is_observed_and_blocks_nothing(box: RunningBox) -> None:
    who, case = begun(box)
    profile = who.lines[0].profile
    box.profile(profile.iccid, state="enabled")
    Profile.objects.update(state=ProfileState.ENABLED)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    receipt = Receipt.objects.get(case=case, kind=StepKind.WITHDRAW_PROFILE.value)
    assert receipt.outcome == "waiting_for_phone"
    assert Profile.objects.get().state == ProfileState.ENABLED
    said = next(e.tells for e in timeline(case).entries if e.code == "withdraw_profile")
    assert "Remove it in the phone's settings" in said
    kept = certificate(case)
    assert kept is not None
    verify(kept.document, None)
    assert "waiting_for_phone" in kept.document

    assert observe_profile(
        iccid=Iccid(profile.iccid), state=ProfileState.DELETED, seen_at=LATER, now=LATER
    )
    assert Profile.objects.get().state == ProfileState.DELETED
    observed = AuditRow.objects.filter(event="profile_observed")
    assert [row.facts["state"] for row in observed] == ["deleted"]
    observe_profile(
        iccid=Iccid(profile.iccid), state=ProfileState.DELETED, seen_at=LATER, now=LATER
    )
    assert observed.count() == 1  # told twice, written once


def test_an_esim_that_was_removed_before_is_not_withdrawn(box: RunningBox) -> None:
    _who, case = begun(box)
    Profile.objects.update(state=ProfileState.DELETED)
    case = run_on(case, box_ports(box))
    assert case.state == CaseState.CLOSED.value
    receipt = Receipt.objects.get(case=case, kind=StepKind.WITHDRAW_PROFILE.value)
    assert receipt.outcome == "already_removed"
    assert box.effects("smdp") == []


CALLS = [
    "look_up",
    "text",
    "stop_service",
    "refund",
    "withdraw",
    "remove",
    "cease",
    "find_order",
    "letter",
]


@pytest.mark.parametrize("call", CALLS)
def test_an_error_of_ours_stops_for_a_person_and_loses_nothing(call: str) -> None:
    carrier = InstantCarrier()

    def break_down(reached: str) -> None:
        if reached == call:
            raise ZeroDivisionError("a mistake of ours, +8613800138000")

    carrier.before = break_down
    case = run_once(approved(customer()), carrier.ports())
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).trouble == "signoff: unexpected ZeroDivisionError in this step"
    assert Line.objects.get().state == LineState.CLOSING
    carrier.before = lambda reached: None
    case = run_once(termination.retry(case=case, reviewer=reviewer(), now=LATER), carrier.ports())
    assert case.state == CaseState.CLOSED.value
    assert set(carrier.done.values()) == {1}


@pytest.mark.parametrize("call", CALLS)
def test_a_database_that_fails_us_ends_the_run_and_nothing_else(call: str) -> None:
    carrier = InstantCarrier()

    def lose_connection(reached: str) -> None:
        if reached == call:
            raise DatabaseError("server closed the connection")

    carrier.before = lose_connection
    case = approved(customer())
    with pytest.raises(DatabaseError):
        run_once(case, carrier.ports())
    assert cases.case_by_id(case.pk).state == CaseState.CLOSING.value
    carrier.before = lambda reached: None
    assert run_once(case, carrier.ports()).state == CaseState.CLOSED.value
    assert set(carrier.done.values()) == {1}


def test_a_certificate_that_cannot_be_signed_waits_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier = InstantCarrier()
    case = approved(customer())
    with monkeypatch.context() as lost:
        lost.setattr("signoff.sagas.own_steps.load", _no_key)
        case = run_once(case, carrier.ports())
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).kind == StepKind.CERTIFICATE.value
    assert certificate(case) is None
    case = run_once(termination.retry(case=case, reviewer=reviewer(), now=LATER), carrier.ports())
    assert case.state == CaseState.CLOSED.value
    assert certificate(case) is not None


def _no_key(_file: object) -> None:
    raise FileNotFoundError("signing-key.pem")


def test_a_notice_that_breaks_us_is_a_failure_at_the_desk_not_a_loop() -> None:
    submitted(customer())
    letter = Notice.objects.get(channel="letter")
    carrier = InstantCarrier()

    def break_down(call: str) -> None:
        raise ZeroDivisionError

    carrier.before = break_down
    deliver_notice(letter.pk, 0, ports=carrier.ports(), now=lambda: LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == ("failed", "signoff: unexpected ZeroDivisionError")


class _BrokenEngine:
    """Takes no commands."""

    def enqueue(
        self, workflow: str, key: str, *arguments: str | int, delay: timedelta = timedelta()
    ) -> None:
        """Fails as a database would."""
        raise DatabaseError("disk full")


def test_without_its_command_the_decision_is_not_written_either() -> None:
    case = submitted(customer())
    by = reviewer()
    case = review.take(case=case, reviewer=by, now=NOON)
    recorded = AuditRow.objects.count()
    real = engine()
    install(_BrokenEngine())
    try:
        with pytest.raises(DatabaseError):
            review.approve(case=case, reviewer=by, now=NOON)
    finally:
        install(real)
    assert cases.case_by_id(case.pk).state == CaseState.IN_REVIEW.value
    assert not Decision.objects.exists()
    assert AuditRow.objects.count() == recorded


@pytest.mark.django_db(transaction=True)
def test_without_its_decision_the_command_is_not_given_either() -> None:
    case = submitted(customer())
    by = reviewer()
    case = review.take(case=case, reviewer=by, now=NOON)
    before = engine_rows()

    def approve_and_fail() -> None:
        with transaction.atomic():
            review.approve(case=case, reviewer=by, now=NOON)
            assert f"close:{case.pk}:1" in engine_rows()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        approve_and_fail()
    assert engine_rows() == before
    assert cases.case_by_id(case.pk).state == CaseState.IN_REVIEW.value
    review.approve(case=cases.case_by_id(case.pk), reviewer=by, now=NOON)
    assert f"close:{case.pk}:1" in engine_rows()
