"""Each refund: where it goes, who lets it go, how it fails and is sent again; once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from signoff.journal.queries import open_items
from signoff.kernel.errors import Refusal
from signoff.notice.models import Notice
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payments import RefundState as Remote
from signoff.settlement.models import Payment, Refund, RefundState
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.queries import failed_refunds, totals, waiting_for_approval
from tests.finance import by_bank, chosen, closed, large
from tests.refunding import Bank, balanced, batch, follow, kinds
from tests.world import LATER, customer, reviewer

pytestmark = pytest.mark.django_db


def test_a_refund_that_failed_goes_elsewhere_under_another_key() -> None:
    bank = Bank(Remote.FAILED)
    refund = closed(customer(paid=(5000,)), bank)
    assert (refund.state, refund.failure) == ("failed", "expired_or_canceled_card")
    assert Notice.objects.filter(kind="refund_failed").count() == 1
    assert balanced()
    assert Payment.objects.get().refunded_minor == 0
    chosen(refund.case)
    refund.refresh_from_db()
    assert (refund.state, refund.attempt, refund.payment) == ("planned", 2, None)
    assert kinds(refund.case) == ["final_bill"]


def test_the_same_way_again_is_a_new_attempt_with_a_new_key() -> None:
    bank = Bank(Remote.FAILED, Remote.PAID)
    refund = closed(customer(paid=(5000,)), bank)
    refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    refund = follow(refund, bank)
    assert (refund.state, refund.attempt) == ("paid", 2)
    assert len(set(bank.keys)) == 2
    assert open_items() == {}


def test_only_a_dead_refund_is_sent_again() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    with pytest.raises(Refusal) as refused:
        refunds.send_again(refund=refund.pk, elsewhere=False, actor="user:1", now=LATER)
    assert refused.value.code == "not_failed"


def test_a_refund_that_was_paid_can_come_back() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.PAID))
    assert open_items() == {}
    mark(
        refund=refund.pk,
        state=RefundState.FAILED,
        route="payment",
        now=LATER,
    )
    assert balanced()
    assert [row.pk for row in failed_refunds()] == [refund.pk]
    assert Payment.objects.get().refunded_minor == 0


def test_a_refund_on_its_way_is_asked_for_until_it_arrives() -> None:
    bank = Bank(Remote.SENT)
    refund = closed(customer(paid=(5000,)), bank)
    assert refund.expected_on == (LATER + timedelta(days=10)).date()
    bank.known[1] = replace(bank.known[1], state=Remote.PAID)
    Refund.objects.update(released_at=LATER)
    assert follow(refund, bank).state == "paid"
    assert len(bank.keys) == 1


def test_a_large_refund_waits_for_two_people() -> None:
    refund = large()
    assert refund.state == "planned"
    bank = Bank(Remote.PAID)
    assert follow(refund, bank).state == "planned"
    one, two = reviewer(), reviewer()
    refunds.approve(refund=refund.pk, approver=one, now=LATER)
    with pytest.raises(Refusal) as refused:
        refunds.approve(refund=refund.pk, approver=one, now=LATER)
    assert refused.value.code == "approved_by_you"
    assert [row.pk for row in waiting_for_approval()] == [refund.pk]
    assert follow(refund, bank).state == "planned"
    refunds.approve(refund=refund.pk, approver=two, now=LATER)
    assert waiting_for_approval() == []
    assert follow(refund, bank).state == "paid"
    assert open_items() == {}


def test_a_temporary_trouble_is_tried_again_and_a_refusal_is_a_failure() -> None:
    refund = large()
    for one in (reviewer(), reviewer()):
        refunds.approve(refund=refund.pk, approver=one, now=LATER)
    refund.refresh_from_db()
    before = refund.tries
    assert follow(refund, Bank(Temporary("payments", "no answer"))).tries == before + 1
    refund = follow(refund, Bank(Permanent("payments", "refused")))
    assert (refund.state, refund.failure) == ("failed", "refused")
    assert balanced()


def test_totals_are_by_currency_route_and_state() -> None:
    closed(customer(paid=(5000,)), Bank(Remote.PAID))
    by_bank()
    found = {(t.currency, t.route, t.state): (t.count, t.minor) for t in totals()}
    assert found == {
        ("CNY", "payment", "paid"): (1, 5000),
        ("CNY", "cn_card", "planned"): (1, 8800),
    }


def test_what_two_people_let_go_to_one_account_does_not_go_to_another() -> None:
    refund, people = by_bank(300_000), (reviewer(), reviewer())
    for person in people:
        refunds.approve(refund=refund.pk, approver=person, now=LATER)
    assert waiting_for_approval() == []
    chosen(refund.case, "6217001234567890122")
    assert [row.pk for row in waiting_for_approval()] == [refund.pk]
    with pytest.raises(Refusal):
        batch()
    for person in people:
        refunds.approve(refund=refund.pk, approver=person, now=LATER)
    place = batch().refunds.get().place
    assert place
    assert place.account_number == "6217001234567890122"
