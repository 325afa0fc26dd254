"""The remote says two things of a refund, or nothing that can be understood: no money goes twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from signoff.accounts.models import Line
from signoff.closing.money_events import take_event
from signoff.journal.queries import entries_of, open_items
from signoff.kernel.errors import Conflict, Refusal
from signoff.notice.models import Notice
from signoff.ports.bank_files import Remedy, StatusReport, TransferState
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import RefundAnswer
from signoff.ports.payments import RefundState as Remote
from signoff.sagas.reconcile import expected_runs
from signoff.sagas.refunds import follow_refund
from signoff.settlement.models import Payment, PlaceKind, Refund, RefundState
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.files import take_file
from signoff.settlement.payouts.reports import note_reports
from signoff.settlement.refunds import alarms, places
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.queries import failed_refunds, ready_for_bank, waiting_for_approval
from tests.finance import by_bank, chosen, closed, large
from tests.instant import InstantCarrier
from tests.refunding import Bank, balanced, batch, event, follow, kinds, report
from tests.world import LATER, customer, reviewer, staff

pytestmark = pytest.mark.django_db


class Lossy(Bank):
    """It takes the refund, and we cannot read what it answers."""

    def refund(self, *, key: str, attempt: int = 1, **asked: object) -> RefundAnswer:
        super().refund(key=key, attempt=attempt, **asked)
        raise Permanent("payments", "Stripe's answer cannot be read")


class Locked(Bank):
    """It answers nothing at all: our key is wrong."""

    def find_refund(self, **_asked: object) -> RefundAnswer | None:
        raise Permanent("payments", "Stripe does not accept the API key")


def let_go() -> Refund:
    """A large refund that two people have let go; no worker has taken it up."""
    refund = large()
    for one in (reviewer(), reviewer()):
        refunds.approve(refund=refund.pk, approver=one, now=LATER)
    return refund


def test_a_refusal_that_is_no_refusal_is_not_a_failure() -> None:
    refund, bank = let_go(), Lossy(Remote.PAID)
    refund = follow(refund, bank)
    assert (refund.state, refund.failure) == (
        "planned", "payments: Stripe's answer cannot be read",
    )  # fmt: skip
    assert [row.pk for row in alarms.in_trouble()] == [refund.pk]
    with pytest.raises(Refusal):
        refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    refund = follow(refund, bank)
    assert (refund.state, refund.failure, len(bank.keys)) == ("paid", "", 1)
    assert open_items() == {}


def test_who_cannot_be_asked_has_not_said_no() -> None:
    refund = follow(let_go(), Locked())
    assert refund.state == "planned"
    assert "API key" in refund.failure
    assert follow(refund, Bank(Remote.PAID)).state == "paid"


def test_a_mistake_of_ours_says_nothing_about_the_money() -> None:
    refund = follow(let_go(), Bank(ZeroDivisionError()))
    assert (refund.state, refund.failure) == ("planned", "unexpected ZeroDivisionError")
    assert follow(refund, Bank(Remote.PAID)).state == "paid"


def test_what_was_refused_and_is_not_there_is_dead_and_for_a_person() -> None:
    refund = follow(let_go(), Bank(Permanent("payments", "the payment is disputed")))
    assert (refund.state, refund.is_failure_ours) == ("failed", True)
    assert not Notice.objects.filter(kind="refund_failed").exists()
    chosen(refund.case)  # its bank may have given the money back: no other place gets it
    refund.refresh_from_db()
    assert (refund.state, refund.attempt) == ("failed", 1)
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_a_try_that_came_to_nothing_is_followed_by_another() -> None:
    """Outside of any transaction, as in a worker."""
    refund = let_go()
    refund = follow(refund, Bank(Temporary("payments", "no answer")))
    assert f"refund:{refund.pk}:1:{refund.tries}" in expected_runs(LATER + timedelta(hours=1))


def test_a_refund_that_its_closing_sent_is_asked_for() -> None:
    bank = Bank(Remote.SENT)
    refund = closed(customer(paid=(5000,)), bank)
    assert (refund.state, refund.tries) == ("sent", 1)
    bank.known[1] = replace(bank.known[1], state=Remote.PAID)
    assert follow(refund, bank).state == "paid"


def gone_elsewhere() -> Refund:
    """Its first try was reported as failed; its second waits to go to a bank card."""
    refund = closed(customer(paid=(5000,)), Bank(Remote.FAILED))
    chosen(refund.case)
    refund.refresh_from_db()
    assert (refund.state, refund.attempt) == ("planned", 2)
    return refund


def test_a_dead_try_that_was_paid_after_all_holds_back_the_next() -> None:
    refund = gone_elsewhere()
    assert not take_event(event=event(refund, Remote.PAID, attempt=1), now=LATER)
    assert [row.alarm for row in alarms.contradicted()] == ["payment:1"]
    with pytest.raises(Refusal):
        batch()
    assert balanced()
    alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    refund.refresh_from_db()
    assert (refund.state, refund.alarm) == ("paid", "")
    assert sorted(kinds(refund.case)) == ["final_bill", "refund_paid", "refund_sent"]
    assert open_items() == {}


def test_a_contradiction_that_was_a_mistake_lets_the_next_try_go() -> None:
    refund = gone_elsewhere()
    take_event(event=event(refund, Remote.PAID, attempt=1), now=LATER)
    alarms.it_was_not_paid(refund=refund.pk, actor="user:1", now=LATER)
    assert alarms.contradicted() == []
    assert batch().refunds.get().pk == refund.pk
    with pytest.raises(Refusal):
        alarms.it_was_not_paid(refund=refund.pk, actor="user:1", now=LATER)


def test_money_that_is_out_twice_is_said_and_cannot_be_believed_away() -> None:
    refund = gone_elsewhere()
    payouts.mark_sent(batch=batch().pk, sender=reviewer(), now=LATER)
    take_event(event=event(refund, Remote.PAID, attempt=1), now=LATER)
    with pytest.raises(Refusal) as refused:
        alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    assert refused.value.code == "sent_twice"
    assert [row.pk for row in alarms.contradicted()] == [refund.pk]


def test_a_file_with_a_contradicted_refund_is_not_handed_over() -> None:
    refund = gone_elsewhere()
    made = batch()
    take_event(event=event(refund, Remote.PAID, attempt=1), now=LATER)
    with pytest.raises(Refusal) as refused:
        payouts.mark_sent(batch=made.pk, sender=reviewer(), now=LATER)
    assert refused.value.code == "contradicted"
    with pytest.raises(Refusal):
        alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    payouts.drop_batch(batch=made.pk, by=reviewer(), now=LATER)
    alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    assert open_items() == {}


def test_a_worker_leaves_a_contradicted_refund_alone() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.FAILED))
    refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    refund.refresh_from_db()
    take_event(event=event(refund, Remote.PAID, attempt=1), now=LATER)
    bank = Bank(Remote.PAID)
    assert follow(refund, bank).state == "planned"
    assert bank.keys == []


def sent_by_bank() -> Refund:
    """A transfer that the bank has."""
    refund = by_bank()
    payouts.mark_sent(batch=batch().pk, sender=reviewer(), now=LATER)
    refund.refresh_from_db()
    return refund


def test_a_transfer_that_failed_and_was_paid_is_for_a_person() -> None:
    refund = sent_by_bank()
    report(refund, TransferState.FAILED, remedy=Remedy.OTHER_ACCOUNT)
    report(refund, TransferState.PAID)
    assert (refund.state, refund.alarm) == ("failed", "cn_card:1")
    chosen(refund.case, "6217001234567890122")
    with pytest.raises(Refusal):
        refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    assert [row.pk for row in failed_refunds()] == [refund.pk]
    alarms.it_was_paid(refund=refund.pk, actor="user:1", now=LATER)
    assert open_items() == {}
    assert [entry.kind for entry in entries_of(refund.case)].count("refund_paid") == 1


def test_a_transfer_of_a_file_that_was_dropped_and_was_paid_is_for_a_person() -> None:
    refund = by_bank()
    first = batch()
    refund.refresh_from_db()
    old = refund.transfer
    payouts.drop_batch(batch=first.pk, by=reviewer(), now=LATER)
    report(refund, TransferState.PAID, transfer=old)
    assert (refund.state, refund.alarm) == ("planned", "cn_card:0")
    with pytest.raises(Refusal):
        batch()
    assert balanced()


def test_who_downloaded_a_file_does_not_drop_it_alone() -> None:
    by_bank()
    made, taker = batch(), reviewer()
    take_file(batch=made.pk, by=taker, now=LATER)
    with pytest.raises(Refusal) as refused:
        payouts.drop_batch(batch=made.pk, by=taker, now=LATER)
    assert refused.value.code == "file_was_taken"
    payouts.drop_batch(batch=made.pk, by=reviewer(), now=LATER)


def test_what_the_bank_answers_was_handed_over_even_if_nobody_said_so() -> None:
    refund = by_bank()
    made = batch()
    report(refund, TransferState.PAID)
    made.refresh_from_db()
    assert (refund.state, made.state) == ("paid", "sent")
    with pytest.raises(Conflict):
        payouts.drop_batch(batch=made.pk, by=reviewer(), now=LATER)
    assert open_items() == {}


def test_a_file_that_is_refused_whole_says_nothing_of_what_was_paid() -> None:
    refund = sent_by_bank()
    report(refund, TransferState.PAID)
    whole = f"SIGNOFF-{refund.batch_id}"
    status = payouts.take_status(format_name="cn_csv", content=b"x", by=reviewer(), now=LATER)
    odd = [StatusReport("", TransferState.FAILED, batch_id=name) for name in (
        whole, "SIGNOFF-99999999999999999999", "SIGNOFF-", "OTHER-1",
    )]  # fmt: skip
    assert note_reports(status=status.pk, reports=odd, now=LATER) == []
    refund.refresh_from_db()
    status.refresh_from_db()
    assert (refund.state, len(status.unknown)) == ("paid", 3)


def test_a_refund_that_fails_by_an_event_is_told_to_the_customer() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    assert take_event(event=event(refund, Remote.FAILED), now=LATER)
    assert Notice.objects.filter(kind="refund_failed").count() == 1


def test_a_place_that_the_customer_has_just_replaced_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refund = by_bank()
    read = list(ready_for_bank(PlaceKind.CN_CARD, "CNY"))
    chosen(refund.case, "6217001234567890122")
    monkeypatch.setattr(payouts, "ready_for_bank", lambda *_asked: read)
    with pytest.raises(Refusal):
        batch()


def to_a_line() -> Refund:
    """A deposit goes to another line of the customer, once the worker takes it up."""
    refund = by_bank()
    Refund.objects.filter(pk=refund.pk).update(released_at=LATER)
    kept = customer().lines[0]
    places.choose_line(case=refund.case, line=kept, closing=set(), actor="customer", now=LATER)
    refund.refresh_from_db()
    return refund


def test_a_line_that_has_ended_meanwhile_gets_no_money() -> None:
    refund = to_a_line()
    assert refund.place
    assert refund.place.line
    Line.objects.filter(pk=refund.place.line.pk).update(state="closed")
    assert follow(refund, InstantCarrier()).failure == "line_ended"
    assert refund.state == "failed"
    assert Notice.objects.filter(kind="refund_failed").count() == 1
    assert balanced()


def test_what_was_given_back_elsewhere_does_not_break_the_books() -> None:
    """An import has counted our refund before our own answer came."""
    refund, bank = let_go(), Bank(Remote.PAID)
    Payment.objects.update(refunded_minor=300_000)
    assert follow(refund, bank).state == "paid"
    assert Payment.objects.get().refunded_minor == 300_000
    assert open_items() == {}


def test_a_large_refund_that_failed_waits_for_two_people_again() -> None:
    refund = let_go()
    mark(refund=refund.pk, state=RefundState.FAILED, route="payment", now=LATER)
    refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    refund.refresh_from_db()
    assert [row.pk for row in waiting_for_approval()] == [refund.pk]
    assert follow(refund, Bank(Remote.PAID)).state == "planned"
    for one in (staff(), staff()):
        refunds.approve(refund=refund.pk, approver=one, now=LATER)
    assert follow(refund, Bank(Remote.PAID)).state == "paid"


def test_nobody_approves_what_may_still_change() -> None:
    refund = large()
    Refund.objects.update(released_at=None)
    with pytest.raises(Refusal):
        refunds.approve(refund=refund.pk, approver=reviewer(), now=LATER)


def test_news_of_a_run_that_was_overtaken_change_nothing() -> None:
    refund = let_go()
    follow_refund(refund.pk, 1, 99, ports=Bank().ports(), now=lambda: LATER)
    follow_refund(refund.pk, 2, 1, ports=Bank().ports(), now=lambda: LATER)
    refund.refresh_from_db()
    assert refund.state == "planned"
    assert not take_event(event=event(refund, Remote.PAID, case=str(uuid4())), now=LATER)
