"""What was held for dead was paid, and then came back: it is counted and let go like any other."""

import pytest

from signoff.closing.money_events import take_event
from signoff.journal.queries import open_items
from signoff.ports.bank_files import StatusReport, TransferState
from signoff.ports.payments import RefundState as Remote
from signoff.settlement.models import Payment, Refund, RefundState
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.reports import note_reports
from signoff.settlement.refunds import alarms
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.queries import waiting_for_approval
from tests.finance import by_bank, closed, large
from tests.refunding import Bank, balanced, batch, event
from tests.world import LATER, customer, reviewer, staff

pytestmark = pytest.mark.django_db


def told(refund: Refund, state: Remote, name: str, attempt: int = 1) -> None:
    """By the payment service."""
    take_event(event=event(refund, state, name, attempt=attempt, reference="re_1"), now=LATER)
    refund.refresh_from_db()


def paid_after_all(refund: Refund, name: str = "evt_paid") -> None:
    """The payment service says so, and so does a person."""
    told(refund, Remote.PAID, name)
    alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    refund.refresh_from_db()


def test_it_counts_against_its_payment() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.FAILED))
    assert Payment.objects.get().refunded_minor == 0
    paid_after_all(refund)
    assert Payment.objects.get().refunded_minor == 5000


def test_what_comes_back_twice_is_owed_twice() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.PAID))
    for turn in ("1", "2"):
        told(refund, Remote.FAILED, f"evt_back_{turn}")
        assert balanced()
        assert open_items() != {}
        paid_after_all(refund, f"evt_paid_{turn}")
        assert open_items() == {}


def test_the_approvals_of_a_later_try_do_not_let_the_next_one_go() -> None:
    refund = large()
    for _attempt in (1, 2):
        for person in (staff(), staff()):
            refunds.approve(refund=refund.pk, approver=person, now=LATER)
        mark(refund=refund.pk, state=RefundState.FAILED, route="payment", now=LATER)
        refund.refresh_from_db()
        if refund.attempt == 1:
            refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    paid_after_all(refund)
    told(refund, Remote.FAILED, "evt_back")
    refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    assert [row.pk for row in waiting_for_approval()] == [refund.pk]


def test_news_of_no_try_of_ours_change_nothing() -> None:
    """Somebody has written into what we keep at the payment service."""
    refund = closed(customer(paid=(5000,)), Bank(Remote.FAILED))
    refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    told(refund, Remote.SENT, "evt_1", attempt=0)
    assert refund.state == "planned"


def test_an_answer_about_a_whole_file_that_was_dropped_is_shown() -> None:
    """The bank has it after all: who uploads the answer must hear of it."""
    by_bank()
    dropped = batch()
    payouts.drop_batch(batch=dropped.pk, by=reviewer(), now=LATER)
    status = payouts.take_status(format_name="cn_csv", content=b"x", by=reviewer(), now=LATER)
    whole = StatusReport("", TransferState.PAID, batch_id=f"SIGNOFF-{dropped.pk}")
    note_reports(status=status.pk, reports=[whole], now=LATER)
    status.refresh_from_db()
    assert status.unknown == [f"SIGNOFF-{dropped.pk}"]
