"""Who paused a line, and who woke it up."""

from datetime import timedelta

import pytest

from signoff.alternatives import operations as alternatives
from signoff.audit.models import AuditRow
from signoff.sagas.pauses import follow_pause
from tests.instant import InstantCarrier
from tests.world import NOON, customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("by_hand", "actor"), [pytest.param(True, "customer"), pytest.param(False, "engine")]
)
def test_a_line_that_wakes_up_by_itself_was_not_woken_by_its_customer(
    *, by_hand: bool, actor: str
) -> None:
    who, carrier = customer(paid=()), InstantCarrier()
    until = (NOON + timedelta(days=30)).date()
    pause = alternatives.pause(line=who.lines[0], until=until, now=NOON)
    follow_pause(pause.pk, ports=carrier.ports(), now=lambda: NOON)
    at = NOON + timedelta(days=3 if by_hand else 30)
    if by_hand:
        alternatives.resume(line=who.lines[0], now=at)
    follow_pause(pause.pk, ports=carrier.ports(), now=lambda: at)
    rows = AuditRow.objects.filter(stream=f"account:{who.account.pk}").order_by("seq")
    assert [(row.event, row.actor) for row in rows] == [
        ("line_paused", "customer"),
        ("line_resumed", actor),
    ]
