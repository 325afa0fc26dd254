"""Refunds by a file for the bank: each transfer in one file, and what the bank's answer makes of it."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pytest_django import Settings

from signoff.journal.queries import open_items
from signoff.kernel.errors import Conflict, Refusal
from signoff.ports.bank_files import Remedy, StatusReport, TransferState
from signoff.settlement.models import BankStatus, PlaceKind, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.reports import note_reports
from signoff.settlement.refunds import operations as refunds
from tests.finance import by_bank, chosen, written
from tests.refunding import balanced, batch, report
from tests.world import LATER, reviewer

pytestmark = pytest.mark.django_db


def test_a_transfer_goes_out_in_a_file_and_arrives_by_the_banks_answer() -> None:
    refund = by_bank()
    made = batch()
    assert made.state == "ready"
    refund.refresh_from_db()
    assert refund.transfer.encode() in bytes(made.content)
    assert refund.state == "planned"  # a file is not an order
    payouts.mark_sent(batch=made.pk, sender=reviewer(), now=LATER)
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert balanced()
    report(refund, TransferState.PAID)
    assert refund.state == "paid"
    assert open_items() == {}
    made.refresh_from_db()
    assert bytes(made.content) == b""  # nobody's name and card are kept for nothing


def test_a_transfer_is_in_one_file_only_until_that_one_is_dropped() -> None:
    refund = by_bank()
    first = batch()
    with pytest.raises(Refusal) as refused:
        batch()
    assert refused.value.code == "nothing_to_transfer"
    refund.refresh_from_db()
    name = refund.transfer
    payouts.drop_batch(batch=first.pk, by=reviewer(), now=LATER)
    batch()
    refund.refresh_from_db()
    assert refund.transfer != name
    with pytest.raises(Conflict):
        payouts.mark_sent(batch=first.pk, sender=reviewer(), now=LATER)


def test_a_transfer_that_the_bank_returns_is_asked_for_another_place() -> None:
    refund = by_bank()
    payouts.mark_sent(batch=batch().pk, sender=reviewer(), now=LATER)
    report(refund, TransferState.FAILED, remedy=Remedy.OTHER_ACCOUNT)
    assert not refund.is_failure_ours
    assert refund.state == "failed"
    assert balanced()
    chosen(refund.case, "6217001234567890122")
    refund.refresh_from_db()
    assert (refund.state, refund.attempt, refund.transfer) == ("planned", 2, "")


def test_what_the_bank_says_of_a_transfer_that_is_not_ours_changes_nothing() -> None:
    refund = by_bank()
    payouts.mark_sent(batch=batch().pk, sender=reviewer(), now=LATER)
    report(refund, TransferState.PAID, transfer="R" + uuid4().hex)
    assert refund.state == "sent"
    assert len(BankStatus.objects.get().unknown) == 1
    assert balanced()


def test_a_file_that_the_bank_refuses_whole_is_for_a_person_and_not_for_the_customer() -> None:
    refund = by_bank()
    made = batch()
    payouts.mark_sent(batch=made.pk, sender=reviewer(), now=LATER)
    status = payouts.take_status(
        format_name="cn_csv", content=b"read elsewhere", by=reviewer(), now=LATER
    )
    whole = StatusReport("", TransferState.FAILED, batch_id=f"SIGNOFF-{made.pk}")
    assert note_reports(status=status.pk, reports=[whole], now=LATER) == []
    refund.refresh_from_db()
    assert (refund.state, refund.is_failure_ours) == ("failed", True)


def test_who_made_a_file_with_a_large_transfer_does_not_hand_it_over_alone() -> None:
    refund = by_bank()
    Refund.objects.update(needs_approval=True)
    for one in (reviewer(), reviewer()):
        refunds.approve(refund=refund.pk, approver=one, now=LATER)
    maker = reviewer()
    made = batch(maker)
    with pytest.raises(Refusal) as refused:
        payouts.mark_sent(batch=made.pk, sender=maker, now=LATER)
    assert refused.value.code == "second_person"
    payouts.mark_sent(batch=made.pk, sender=reviewer(), now=LATER)


def test_in_the_evening_a_file_is_dated_by_the_desks_own_day(settings: Settings) -> None:
    """In New York it is still the day before: today is no day that is over."""
    settings.SIGNOFF = settings.SIGNOFF.model_copy(update={"time_zone": "America/New_York"})
    by_bank()
    evening = datetime(2026, 11, 26, 1, tzinfo=UTC)
    made = payouts.make_batch(
        kind=PlaceKind.CN_CARD,
        currency="CNY",
        execution_date=date(2026, 11, 25),
        maker=reviewer(),
        now=evening,
    )
    made = written(made)
    assert (made.failure, made.state) == ("", "ready")
