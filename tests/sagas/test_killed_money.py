"""Money killed at every instant: each refund, payment and file once, and the journal with it."""

from collections import Counter
from contextlib import suppress

import pytest
from moneyed import Money

from signoff.journal.models import Entry
from signoff.journal.queries import entries_of, open_items
from signoff.kernel.errors import Conflict, Refusal
from signoff.ports.errors import Permanent
from signoff.settlement.models import (
    BalanceBucket,
    BankStatus,
    BillPayment,
    BillPaymentState,
    Refund,
    RefundState,
)
from signoff.settlement.payments import operations as payments
from signoff.settlement.payouts import operations as payouts
from signoff.settlement.queries import under_way
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds import places
from tests.engine_rows import forget_runs
from tests.peers.bank import table_answer
from tests.peers.box import RunningBox
from tests.sagas.engine_by_hand import work_off
from tests.sagas.killing import Instants, try_every_instant, watch_writes, watched_ports
from tests.sagas.owed import Filed, Owed, asked, booked, filed, large, pages
from tests.world import LATER, NOON, box_ports, customer, deposit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_runs_before() -> None:
    """The engine's tables are not Django's: nobody empties them between tests."""
    forget_runs("")


@pytest.fixture(autouse=True)
def imported(box: RunningBox) -> None:
    """The client of the payment service loads itself piece by piece: here, not in each child."""
    wired = box_ports(box)
    wired.payments.find_payment(subject="nobody", since=NOON)
    with suppress(Permanent):
        wired.payments.find_refund(payment="ch_nobody", case="", step="")
    with suppress(Permanent):
        wired.payments.refund(
            payment="ch_nobody", amount=Money(1, "CNY"), key="k", case="", step=""
        )


def follow(refund: Refund, box: RunningBox, instants: Instants) -> None:
    """A worker takes up whatever there is to do for it, until it has ended."""
    ended = lambda: Refund.objects.get(pk=refund.pk).state in ("paid", "failed")  # noqa: E731
    work_off(
        f"refund:{refund.pk}:",
        ports=watched_ports(box_ports(box), instants),
        now=LATER,
        until=ended,
        ended=lambda: instants.reach("before the engine hears of it"),
    )


def let_go_and_send(owed: Owed, instants: Instants, box: RunningBox) -> None:
    """Approved by two, released, sent, paid."""
    watch_writes(instants)
    for person in owed.people:
        with suppress(Refusal):  # approved before the kill
            refunds.approve(refund=owed.refund.pk, approver=person, now=LATER)
    follow(owed.refund, box, instants)


def refunded_once(owed: Owed, box: RunningBox) -> None:
    """At the payment service, in our rows, and in the journal."""
    payment = owed.refund.payment
    assert payment
    payment.refresh_from_db()
    effects = [e["subject"] for e in box.effects("payments", "refund")]
    assert effects.count(payment.reference) == 1
    assert owed.now.state == RefundState.PAID
    assert owed.now.approvals.count() == 2
    assert payment.refunded_minor == payment.amount_minor == 300_000
    kinds = Counter(entry.kind for entry in entries_of(owed.refund.case))
    assert kinds == {"final_bill": 1, "refund_sent": 1, "refund_paid": 1}
    assert open_items() == {} == under_way()


def test_a_refund_by_its_payment_from_the_approval_on(box: RunningBox) -> None:
    try_every_instant(
        begin=lambda: large(box),
        work=lambda owed, instants: let_go_and_send(owed, instants, box),
        check=lambda owed: refunded_once(owed, box),
        least=12,
    )


def test_a_refund_whose_answer_is_lost(box: RunningBox) -> None:
    def begin() -> Owed:
        box.clear_faults()
        box.fault("payments", "drop_after", "create_refund", times=1)
        return large(box)

    try_every_instant(
        begin=begin,
        work=lambda owed, instants: let_go_and_send(owed, instants, box),
        check=lambda owed: refunded_once(owed, box),
        least=16,
    )


def test_a_refund_to_another_line(box: RunningBox) -> None:
    def begin() -> Owed:
        who = deposit(customer(lines=2, services=0, paid=()))
        kept = who.lines.pop()

        def place(refund: Refund) -> None:
            closing = {who.lines[0].pk}
            places.choose_line(
                case=refund.case, line=kept, closing=closing, actor="customer", now=NOON
            )

        return booked(who, place)

    def work(owed: Owed, instants: Instants) -> None:
        watch_writes(instants)
        follow(owed.refund, box, instants)

    def check(owed: Owed) -> None:
        kept = owed.who.account.lines.exclude(pk=owed.who.lines[0].pk).get()
        assert owed.now.state == RefundState.PAID
        assert [b.amount_minor for b in BalanceBucket.objects.filter(line=kept)] == [8800]
        kinds = Counter(entry.kind for entry in entries_of(owed.refund.case))
        assert kinds == {"final_bill": 1, "refund_to_line": 1}
        assert open_items() == {} == under_way()

    try_every_instant(begin=begin, work=work, check=check, least=3)


def written_sent_and_answered(made: Filed, instants: Instants, box: RunningBox) -> None:
    """The worker writes the file, a person hands it over, the bank answers, the worker reads."""
    watch_writes(instants)
    ports = watched_ports(box_ports(box), instants)
    ended = lambda: instants.reach("before the engine hears of it")  # noqa: E731
    work_off(f"batch:{made.batch.pk}:", ports=ports, now=LATER, ended=ended)
    with suppress(Conflict):  # handed over before the kill
        payouts.mark_sent(batch=made.batch.pk, sender=made.owed.people[1], now=LATER)
    name = made.owed.now.transfer
    if not BankStatus.objects.filter(uploaded_by=made.owed.people[1]).exists():
        payouts.take_status(
            format_name="cn_csv",
            content=table_answer({name: ("交易成功", "")}),
            by=made.owed.people[1],
            now=LATER,
        )
    work_off("bank_status:", ports=ports, now=LATER, ended=ended)


def test_a_file_for_the_bank_and_its_answer(box: RunningBox) -> None:
    def check(made: Filed) -> None:
        made.batch.refresh_from_db()
        status = BankStatus.objects.get(uploaded_by=made.owed.people[1])
        assert (made.batch.state, status.state, status.paid) == ("sent", "read", 1)
        assert bytes(made.batch.content) == b""  # ended: nobody's card is kept for nothing
        assert made.owed.now.state == RefundState.PAID
        kinds = Counter(entry.kind for entry in entries_of(made.owed.refund.case))
        assert kinds == {"final_bill": 1, "refund_sent": 1, "refund_paid": 1}
        assert open_items() == {} == under_way()

    try_every_instant(
        begin=filed,
        work=lambda made, instants: written_sent_and_answered(made, instants, box),
        check=check,
        least=10,
    )


def open_page(row: BillPayment, box: RunningBox, instants: Instants) -> BillPayment:
    """The worker makes the page."""
    watch_writes(instants)
    follow_payment(row, box, instants, ("open", "paid", "expired", "failed"))
    row.refresh_from_db()
    return row


def follow_payment(
    row: BillPayment, box: RunningBox, instants: Instants, until: tuple[str, ...]
) -> None:
    """A worker takes up whatever there is to do, until it is in one of these states."""
    work_off(
        f"payment:{row.pk}:",
        ports=watched_ports(box_ports(box), instants),
        now=NOON,
        until=lambda: BillPayment.objects.get(pk=row.pk).state in until,
        ended=lambda: instants.reach("before the engine hears of it"),
    )


@pytest.mark.parametrize("fault", ["", "drop_after"])
def test_a_bill_that_is_paid(box: RunningBox, fault: str) -> None:
    def begin() -> BillPayment:
        box.clear_faults()
        if fault:
            box.fault("payments", fault, "create_session", times=1)
        return asked(fault)

    def work(row: BillPayment, instants: Instants) -> None:
        row = open_page(row, box, instants)
        here = RunningBox(box.addresses, box.process)  # its connections are the parent's
        page = here.row("checkout_sessions", row.reference)
        if page["payment_status"] != "paid":
            here.pays(row.reference, "pay")
        follow_payment(row, box, instants, ("paid",))

    def check(row: BillPayment) -> None:
        row.refresh_from_db()
        bill = row.bill
        assert bill
        bill.refresh_from_db()
        assert (row.state, bill.state, bill.paid_minor) == (BillPaymentState.PAID, "paid", 3340)
        assert len(pages(box, row)) == 1
        assert Entry.objects.filter(cause=f"payment:{row.pk}").count() == 1
        assert not BalanceBucket.objects.filter(account=bill.account).exists()

    try_every_instant(begin=begin, work=work, check=check, least=10)


def test_a_page_that_the_customer_gives_up(box: RunningBox) -> None:
    def work(row: BillPayment, instants: Instants) -> None:
        row = open_page(row, box, instants)
        payments.give_up(payment=row, now=NOON)
        follow_payment(row, box, instants, ("expired",))

    def check(row: BillPayment) -> None:
        row.refresh_from_db()
        bill = row.bill
        assert bill
        bill.refresh_from_db()
        assert (row.state, bill.state, bill.paid_minor) == ("expired", "unpaid", 0)
        assert [box.row("checkout_sessions", page)["status"] for page in pages(box, row)] == [
            "expired"
        ]
        assert not Entry.objects.filter(cause=f"payment:{row.pk}").exists()

    try_every_instant(begin=lambda: asked("up"), work=work, check=check, least=10)
