"""What remotes do to a closing: it waits and says so, or asks a person, and goes on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from signoff.audit.models import AuditRow
from signoff.closing.rules import CaseState
from signoff.termination import operations as termination
from signoff.termination.models import Receipt
from signoff.termination.rules import delay_after
from signoff.termination.timeline import timeline
from tests.engine_rows import engine_rows
from tests.peers.box import RunningBox
from tests.portal import signed_in, text
from tests.sagas.running import LATER, begun, happened_once, run_on, run_once, stuck
from tests.world import box_ports, reviewer

pytestmark = pytest.mark.django_db

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
    shown = timeline(case, now=LATER)
    assert (shown.waiting_for, shown.next_try_at) == (system, case.next_try_at)
    assert [e.state for e in shown.entries].count("now") == 1
    in_public = timeline(case, now=LATER, private=False)
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
    assert [e.state for e in timeline(case, now=LATER).entries].count("problem") == 1
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
