"""A closing run by hand in one process, as the engine would run it."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import CaseState
from signoff.notice.models import Notice
from signoff.sagas.closing import close_case
from signoff.settlement.models import Refund
from signoff.settlement.queries import versions_of
from signoff.termination.models import Receipt, ReceiptState
from signoff.wiring import Ports
from tests.engine_rows import engine_rows
from tests.peers.box import RunningBox
from tests.world import NOON, Customer, approved, at_the_carrier, customer

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


def begun_once(case: Case, *, refund: int, letters: list[str]) -> None:
    """The second version is what counts, planned once; each letter was written once."""
    now = cases.case_by_id(case.pk)
    assert now.state == CaseState.CLOSING.value
    assert [s.version for s in versions_of(case.pk)] == [1, 2]
    refunds = Refund.objects.filter(case=case.pk)
    assert sum(refunds.values_list("amount_minor", flat=True)) == refund
    planned = Receipt.objects.filter(case=case.pk, kind="refund")
    assert {int(r.subject) for r in planned} == {r.pk for r in refunds}
    told = Notice.objects.filter(case=case.pk, kind__in=["amount_changed", "confirm_again"])
    assert sorted(told.values_list("kind", flat=True)) == letters
    for notice in told:
        assert f"notice:{notice.pk}:0" in engine_rows(f"notice:{notice.pk}:")
