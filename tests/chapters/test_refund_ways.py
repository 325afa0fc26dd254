"""Each refund: where it goes, who lets it go, how it fails and is sent again; once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from signoff.accounts.models import User
from signoff.closing.models import Case
from signoff.config import config
from signoff.journal.queries import entries_of, open_items
from signoff.kernel.errors import Conflict, Refusal
from signoff.kernel.keys import load_or_create
from signoff.kernel.money import from_minor
from signoff.notice.models import Notice
from signoff.ports.bank_files import Remedy, StatusReport, TransferState
from signoff.ports.errors import Permanent, Temporary
from signoff.ports.payment_events import PaymentEvent, PaymentEventKind
from signoff.ports.payments import RefundAnswer
from signoff.ports.payments import RefundState as Remote
from signoff.sagas.bank_files import write_bank_file
from signoff.sagas.closing import close_case
from signoff.sagas.refunds import follow_refund
from signoff.settlement.models import (
    BankStatus,
    Payment,
    PayoutBatch,
    PlaceKind,
    Refund,
    RefundState,
    SeenEvent,
)
from signoff.settlement.payments.events import note_event
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.payouts.reports import note_reports
from signoff.settlement.queries import under_way
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds import places
from signoff.settlement.refunds.marking import mark
from signoff.settlement.refunds.queries import failed_refunds, totals, waiting_for_approval
from signoff.wiring import wire
from tests.instant import InstantCarrier
from tests.world import LATER, Customer, approved, customer, deposit, reviewer

pytestmark = pytest.mark.django_db

CARD = "6222021234567890128"


class Bank(InstantCarrier):
    """A payment service that answers refunds as it is told."""

    def __init__(self, *answers: Remote | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.keys: list[str] = []
        self.known: dict[int, RefundAnswer] = {}

    def refund(self, *, key: str, attempt: int = 1, **_asked: object) -> RefundAnswer:
        """The next answer; and from then on it knows the refund."""
        self.keys.append(key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        failure = "expired_or_canceled_card" if answer is Remote.FAILED else ""
        self.known[attempt] = RefundAnswer(f"re_{key}"[-60:], answer, failure)
        return self.known[attempt]

    def find_refund(self, *, attempt: int = 1, **_asked: object) -> RefundAnswer | None:
        """What this attempt has become."""
        return self.known.get(attempt)


def closed(who: Customer, bank: InstantCarrier) -> Refund:
    """The only refund of a closing that has run."""
    load_or_create(config().signing_key_file)
    case = approved(who)
    close_case(case.pk, ports=bank.ports(), now=lambda: LATER)
    assert Case.objects.get(pk=case.pk).state == "closed"
    return Refund.objects.get(case=case.pk)


def follow(refund: Refund, bank: InstantCarrier) -> Refund:
    """One try of the worker."""
    refund.refresh_from_db()
    follow_refund(refund.pk, refund.attempt, refund.tries, ports=bank.ports(), now=lambda: LATER)
    refund.refresh_from_db()
    return refund


def chosen(case: UUID, number: str = CARD) -> None:
    """The customer names a card of a Chinese bank."""
    places.choose_account(
        case=case,
        kind=PlaceKind.CN_CARD,
        holder="李伟",
        account_number=number,
        actor="customer",
        now=LATER,
        bank="招商银行深圳分行",
    )


def kinds(case: UUID) -> list[str]:
    """Kinds of a case's entries in the journal."""
    return [entry.kind for entry in entries_of(case)]


def balanced() -> bool:
    """The journal says that the same is owed as the refunds do."""
    return open_items() == under_way()


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


def large(who: Customer | None = None) -> Refund:
    """3,000.00 yuan: above what one person lets go."""
    return closed(who or customer(paid=(300_000,)), Bank(Remote.PAID))


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


def by_bank() -> Refund:
    """A deposit that goes to a bank card."""
    refund = closed(deposit(customer(paid=())), InstantCarrier())
    chosen(refund.case)
    refund.refresh_from_db()
    return refund


def batch(maker: User | None = None) -> PayoutBatch:
    """All card transfers in one file, written by the worker."""
    made = payouts.make_batch(
        kind=PlaceKind.CN_CARD,
        currency="CNY",
        execution_date=LATER.date(),
        maker=maker or reviewer(),
        now=LATER,
    )
    ports = replace(InstantCarrier().ports(), bank_files=wire(config()).bank_files)
    write_bank_file(made.pk, ports=ports)
    made.refresh_from_db()
    return made


def report(refund: Refund, state: TransferState, transfer: str | None = None, **more: Any) -> None:
    """The bank's file says so much of a transfer."""
    status = payouts.take_status(
        format_name="cn_csv", content=b"read elsewhere", by=reviewer(), now=LATER
    )
    refund.refresh_from_db()
    one = StatusReport(transfer or refund.transfer, state, **more)
    note_reports(status=status.pk, reports=[one], now=LATER)
    refund.refresh_from_db()


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


def event(refund: Refund, state: Remote, name: str = "evt_1", **more: object) -> PaymentEvent:
    """What the payment service tells of a refund."""
    told = PaymentEvent(
        id=name,
        kind=PaymentEventKind.REFUND_CHANGED,
        created_at=LATER,
        reference=refund.reference,
        state=state,
        amount=from_minor(refund.amount_minor, refund.currency),
        case=str(refund.case),
        step=f"refund:{refund.pk}",
    )
    return replace(told, **more)  # type: ignore[arg-type]


def test_an_event_moves_a_refund_once_however_often_it_comes() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    assert note_event(event=event(refund, Remote.PAID), now=LATER)
    assert not note_event(event=event(refund, Remote.PAID), now=LATER)
    assert not note_event(event=event(refund, Remote.PAID, "evt_2"), now=LATER)
    assert kinds(refund.case).count("refund_paid") == 1
    assert open_items() == {}


def test_an_event_that_comes_late_changes_nothing() -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.PAID))
    assert not note_event(event=event(refund, Remote.SENT), now=LATER)
    refund.refresh_from_db()
    assert refund.state == "paid"


@pytest.mark.parametrize(
    "more",
    [
        {"reference": "re_other", "case": str(uuid4())},
        {"reference": "re_other", "case": "", "step": ""},
        {"reference": "re_other", "step": "refund:x"},
        {"amount": from_minor(1, "CNY")},
        {"attempt": 2},
        {"kind": PaymentEventKind.OTHER},
    ],
)
def test_an_event_about_something_else_changes_nothing(more: dict[str, Any]) -> None:
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    assert not note_event(event=event(refund, Remote.FAILED, **more), now=LATER)
    refund.refresh_from_db()
    assert refund.state == "sent"
    assert balanced()


def test_an_event_that_nothing_was_done_for_can_come_again() -> None:
    """If the change fails, that the event was seen is forgotten with it."""
    refund = closed(customer(paid=(5000,)), Bank(Remote.SENT))
    note_event(event=event(refund, Remote.PAID, kind=PaymentEventKind.OTHER), now=LATER)
    assert not SeenEvent.objects.exists()


def test_totals_are_by_currency_route_and_state() -> None:
    closed(customer(paid=(5000,)), Bank(Remote.PAID))
    by_bank()
    found = {(t.currency, t.route, t.state): (t.count, t.minor) for t in totals()}
    assert found == {
        ("CNY", "payment", "paid"): (1, 5000),
        ("CNY", "cn_card", "planned"): (1, 8800),
    }
