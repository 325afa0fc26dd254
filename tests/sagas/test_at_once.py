"""Two workers with the same run at once: one was only slow, and was taken for dead."""

from collections import Counter

import pytest

from signoff.audit.models import AuditRow
from signoff.journal.queries import entries_of, open_items
from signoff.sagas.bank_files import read_bank_status, write_bank_file
from signoff.sagas.bill_payments import follow_payment
from signoff.sagas.refunds import follow_refund
from signoff.settlement.models import BankStatus, Bill, PayoutBatch, PlaceKind, Refund
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.queries import under_way
from signoff.settlement.refunds import operations as refunds
from signoff.termination.operations import take_hold
from tests.engine_rows import forget_runs
from tests.peers.bank import table_answer
from tests.peers.box import RunningBox
from tests.racing import at_once
from tests.sagas.owed import asked, filed, large, pages
from tests.sagas.running import begun_once
from tests.world import LATER, NOON, approved, box_ports, customer, late_use

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_runs_before() -> None:
    """The engine's tables are not Django's: nobody empties them between tests."""
    forget_runs("")


def test_a_refund(box: RunningBox) -> None:
    owed = large(box)
    at_once(*[
        lambda person=person: refunds.approve(refund=owed.refund.pk, approver=person, now=LATER)
        for person in owed.people
    ])  # fmt: skip
    row = owed.now
    assert row.tries == 1  # the second approval has set it off, whichever that was
    ends = at_once(*[
        lambda: follow_refund(row.pk, 1, row.tries, ports=box_ports(box), now=lambda: LATER)
    ] * 2)  # fmt: skip
    assert ends == [None, None]
    while owed.now.state == "planned":  # the payment service told both to wait for each other
        tries = owed.now.tries
        follow_refund(row.pk, 1, tries, ports=box_ports(box), now=lambda: LATER)
    assert len(box.effects("payments", "refund")) == 1
    assert owed.now.state == "paid"
    kinds = Counter(entry.kind for entry in entries_of(row.case))
    assert kinds == {"final_bill": 1, "refund_sent": 1, "refund_paid": 1}
    assert open_items() == {} == under_way()


def test_a_payment(box: RunningBox) -> None:
    row = asked("at-once")
    run = lambda: follow_payment(row.pk, 1, ports=box_ports(box), now=lambda: NOON)  # noqa: E731
    assert at_once(run, run) == [None, None]
    row.refresh_from_db()
    assert len(pages(box, row)) == 1
    if row.state == "asked":  # both were told to wait for each other
        follow_payment(row.pk, row.tries, ports=box_ports(box), now=lambda: NOON)
        row.refresh_from_db()
    box.pays(row.reference, "pay")
    tries = row.tries
    again = lambda: follow_payment(row.pk, tries, ports=box_ports(box), now=lambda: NOON)  # noqa: E731
    assert at_once(again, again) == [None, None]
    row.refresh_from_db()
    assert (row.state, Bill.objects.get().paid_minor) == ("paid", 3340)


def test_a_file_and_its_answer(box: RunningBox) -> None:
    made = filed()
    ports = box_ports(box)
    write = lambda: write_bank_file(made.batch.pk, ports=ports)  # noqa: E731
    assert at_once(write, write) == [None, None]
    send = lambda: payouts.mark_sent(batch=made.batch.pk, sender=made.owed.people[1], now=LATER)  # noqa: E731
    assert sorted(type(end).__name__ for end in at_once(send, send)) == ["Conflict", "NoneType"]
    content = table_answer({made.owed.now.transfer: ("交易成功", "")})
    status = payouts.take_status(
        format_name="cn_csv", content=content, by=made.owed.people[1], now=LATER
    )
    read = lambda: read_bank_status(status.pk, ports=ports, now=lambda: LATER)  # noqa: E731
    assert at_once(read, read) == [None, None]
    assert (BankStatus.objects.get().paid, Refund.objects.get().state) == (1, "paid")
    assert PayoutBatch.objects.get().state == "sent"
    events = Counter(AuditRow.objects.filter(stream="payouts").values_list("event", flat=True))
    assert events == {"batch_made": 1, "batch_sent": 1, "bank_status_read": 1}
    assert open_items() == {} == under_way()


def test_two_people_make_a_file_at_the_same_time(box: RunningBox) -> None:
    made = filed()
    payouts.drop_batch(batch=made.batch.pk, by=made.owed.people[0], now=LATER)
    ends = at_once(*[
        lambda person=person: payouts.make_batch(
            kind=PlaceKind.CN_CARD, currency="CNY", execution_date=LATER.date(),
            maker=person, now=LATER,
        )
        for person in made.owed.people
    ])  # fmt: skip
    assert sorted(type(end).__name__ for end in ends) == ["PayoutBatch", "Refusal"]
    assert PayoutBatch.objects.filter(refunds__isnull=False).count() == 1


def test_the_beginning_of_a_closing_whose_amount_has_changed(box: RunningBox) -> None:
    who = customer(services=0, paid=(5000,))
    late_use(who, 700)
    case = approved(who)
    who.lines[0].usage.update(amount_minor=200)
    run = lambda: take_hold(case_id=case.pk, now=LATER)  # noqa: E731
    ends = at_once(run, run)
    assert not [end for end in ends if isinstance(end, Exception)]
    begun_once(case, refund=4800, letters=["amount_changed"])
