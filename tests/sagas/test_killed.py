"""Never lost, never twice, never half: the process is killed at every instant of a closing."""

import json
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.sagas.closing import close_case
from signoff.settlement.models import Payment, Refund, RefundState
from signoff.termination.models import Certificate, Receipt
from tests.peers.box import RunningBox
from tests.sagas.killing import Instants, in_child, watch_commits, watched_ports
from tests.world import NOON, Customer, approved, at_the_carrier, box_ports, customer

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(days=3)
SHARES = 4
"""The instants are dealt out to so many tests, so that they run side by side."""


def _start(box: RunningBox) -> tuple[Customer, Case]:
    who = customer(services=1, paid=(5000, 2500))
    at_the_carrier(who, box)
    return who, approved(who)


def _close(case_id: UUID, box: RunningBox, instants: Instants) -> None:
    """Runs until the case is closed; what waits for a remote is tried again at once."""
    watch_commits(instants)
    ports = watched_ports(box_ports(box), instants)
    for _ in range(60):
        close_case(case_id, ports=ports, now=lambda: LATER)
        case = cases.case_by_id(case_id)
        if case.state != CaseState.CLOSING.value:
            return
        time.sleep(0.05)


def _instants_of_an_undisturbed_run(box: RunningBox, folder: Path) -> list[str]:
    _who, case = _start(box)
    noted = folder / "instants.json"

    def work() -> None:
        instants = Instants(fatal=None)
        _close(case.pk, box, instants)
        noted.write_text(json.dumps(instants.names))

    assert in_child(work) == 0
    assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value
    return list(json.loads(noted.read_text()))


def _everything_happened_once(who: Customer, case: Case, box: RunningBox) -> None:
    line = who.lines[0]
    assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value
    assert box.row("subscribers", line.imsi) is None
    done = Counter((e["system"], e["operation"], e["subject"]) for e in box.effects())
    payments = list(Payment.objects.filter(bucket__account=who.account))
    expected = {
        ("hlr", "stop_service", line.imsi): 1,
        ("hlr", "remove", line.imsi): 1,
        ("smdp", "cancelOrder", line.profile.iccid): 1,
        ("services", "create", line.services.get().reference): 1,
        ("services", "cease", line.services.get().reference): 1,
        ("smsc", "deliver", line.msisdn[1:]): 1,
        ("smsc", "deliver", who.account.contact_phone[1:]): 1,
        ("mail", "deliver", who.account.email): 1,
        **{("payments", "refund", payment.reference): 1 for payment in payments},
    }
    subjects = {subject for _, _, subject in expected}
    assert {what: n for what, n in done.items() if what[2] in subjects} == expected
    assert all(p.refunded_minor == p.amount_minor for p in payments)
    assert {r.state for r in Refund.objects.filter(case=case.pk)} == {RefundState.PAID}
    assert not Receipt.objects.filter(case=case, finished_at=None).exists()
    assert Certificate.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("share", range(SHARES))
def test_a_closing_killed_at_any_instant_happens_once(
    share: int, box: RunningBox, tmp_path: Path
) -> None:
    instants = _instants_of_an_undisturbed_run(box, tmp_path)
    assert len(instants) > 40, instants
    for fatal in range(1 + share, len(instants) + 1, SHARES):
        who, case = _start(box)
        died = in_child(partial(_close, case.pk, box, Instants(fatal=fatal)))
        assert died == -9, f"{fatal} of {len(instants)}: {instants[fatal - 1]}"
        lived = in_child(partial(_close, case.pk, box, Instants(fatal=None)))
        assert lived == 0, f"killed {instants[fatal - 1]}"
        _everything_happened_once(who, case, box)
