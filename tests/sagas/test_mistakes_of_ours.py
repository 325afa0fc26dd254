"""Our own mistakes, database, key and engine fail: nothing is lost, a person is asked."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, DataError, transaction

from signoff.accounts.models import Line, LineState
from signoff.alternatives import operations as alternatives
from signoff.audit.models import AuditRow
from signoff.closing import queries as cases
from signoff.closing.rules import CaseState
from signoff.kernel.clock import now
from signoff.notice.models import Notice
from signoff.ports.engine import engine, install
from signoff.review import operations as review
from signoff.review.models import Decision
from signoff.sagas.notices import deliver_notice
from signoff.sagas.pauses import follow_pause
from signoff.termination import operations as termination
from signoff.termination.queries import certificate
from signoff.termination.rules import StepKind
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.sagas.running import LATER, run_once, stuck
from tests.world import NOON, approved, customer, reviewer, submitted

pytestmark = pytest.mark.django_db

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


BEFORE_THE_FIRST_STEP = [
    "signoff.termination.operations.still_agreed",
    "signoff.termination.operations.plan",
    "signoff.sagas.closing.receipts",
]


@pytest.mark.parametrize("place", BEFORE_THE_FIRST_STEP)
def test_a_closing_that_we_break_before_its_first_step_is_tried_again_ever_more_seldom(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    carrier = InstantCarrier()
    case = approved(customer())
    with monkeypatch.context() as broken:
        broken.setattr(place, _no_key)
        for attempt, seconds in [(2, 2), (3, 4), (4, 8), (5, 16)]:
            asked = now().timestamp()
            run_once(case, carrier.ports())
            begins = engine_rows()[f"close:{case.pk}:{attempt}"].delayed_until_ms
            assert begins is not None
            assert seconds - 0.1 < begins / 1000 - asked < 2 * seconds
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


def _no_key(*_file: object, **_more: object) -> None:
    raise FileNotFoundError("signing-key.pem")


@pytest.mark.parametrize("error", [ZeroDivisionError, DataError])
@pytest.mark.parametrize("sent", [False, True])
def test_a_notice_that_breaks_us_is_a_failure_at_the_desk_not_a_loop(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], sent: bool
) -> None:
    submitted(customer())
    letter = Notice.objects.get(channel="letter")
    carrier = InstantCarrier()

    def break_down(*_call: object, **_more: object) -> None:
        raise error("value too long")

    if sent:
        monkeypatch.setattr("signoff.notice.operations.mark_sent", break_down)
    else:
        carrier.before = break_down
    deliver_notice(letter.pk, 0, ports=carrier.ports(), now=lambda: LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.failure) == ("failed", f"signoff: unexpected {error.__name__}")


def test_a_pause_that_breaks_us_is_tried_again_later_not_at_once() -> None:
    who, carrier = customer(), InstantCarrier()
    until = (NOON + timedelta(days=40)).date()
    pause = alternatives.pause(line=who.lines[0], until=until, now=NOON)

    def break_down(_call: str) -> None:
        raise DataError("value too long")

    carrier.before = break_down
    follow_pause(pause.pk, ports=carrier.ports(), now=lambda: NOON)
    pause.refresh_from_db()
    assert (pause.tries, pause.trouble) == (1, "signoff: unexpected DataError")
    assert engine_rows("pause:")[f"pause:{pause.pk}:1"].status == "DELAYED"


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
