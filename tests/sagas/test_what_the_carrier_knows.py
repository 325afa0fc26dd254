"""The carrier knows less, or more, than our books: the closing goes its way all the same."""

from dataclasses import replace

import pytest

from signoff.accounts.models import Profile, ProfileState
from signoff.accounts.operations import observe_profile
from signoff.audit.models import AuditRow
from signoff.closing.rules import CaseState
from signoff.kernel.identifiers import Iccid
from signoff.ports.errors import Permanent
from signoff.termination import operations as termination
from signoff.termination.certificate import verify
from signoff.termination.models import Receipt
from signoff.termination.queries import certificate
from signoff.termination.rules import StepKind
from signoff.termination.timeline import timeline
from tests.instant import InstantCarrier
from tests.peers.box import RunningBox
from tests.sagas.running import LATER, begun, run_on, run_once, stuck
from tests.world import approved, at_the_carrier, box_ports, customer, reviewer

pytestmark = pytest.mark.django_db


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


def test_a_line_that_was_deleted_by_hand_meanwhile_can_be_closed_after_a_person_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carrier, case = InstantCarrier(), approved(customer())

    def deleted(call: str) -> None:
        if call == "stop_service":
            monkeypatch.setattr(carrier, "look_up", lambda _imsi: None)
            raise Permanent("hlr", "there is no such subscriber")

    carrier.before = deleted
    case = run_once(case, carrier.ports())
    assert case.state == CaseState.NEEDS_ATTENTION.value
    assert stuck(case).kind == StepKind.STOP_SERVICE.value
    case = run_once(termination.retry(case=case, reviewer=reviewer(), now=LATER), carrier.ports())
    assert case.state == CaseState.CLOSED.value
    left = Receipt.objects.get(kind=StepKind.STOP_SERVICE.value)
    assert (left.state, left.outcome) == ("skipped", "unknown_to_network")


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
    said = next(e.tells for e in timeline(case, now=LATER).entries if e.code == "withdraw_profile")
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
