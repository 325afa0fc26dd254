"""Who decides a dispute gets the money to the right place, and the customer reads why."""

import pytest

from signoff.audit.models import AuditRow
from signoff.closing.disputes import resolve_dispute
from signoff.closing.models import Case
from signoff.config import config
from signoff.journal.queries import open_items
from signoff.kernel.errors import InvalidValue, Refusal
from signoff.kernel.keys import load_or_create
from signoff.notice.models import Notice
from signoff.sagas.closing import close_case
from signoff.settlement.disputes.operations import open_dispute
from signoff.settlement.models import Bill, Credit, Dispute, DisputeReason, Refund
from signoff.settlement.models import PlaceKind as Kind
from signoff.settlement.queries import under_way
from signoff.settlement.refunds.places import choose_account
from signoff.settlement.refunds.queries import ready_by_file
from tests.instant import InstantCarrier
from tests.world import LATER, NOON, Customer, approved, bill_for, customer, reviewer

pytestmark = pytest.mark.django_db

ANSWER = "You were right: this was charged twice, and we are sorry."


def disputed(who: Customer, state: str = "paid", *, of_line: bool = True) -> Dispute:
    """One item of 10.00, on a bill of the line or of the account."""
    made = bill_for(who, ("Roaming", 1000), state=state)
    if not of_line:
        Bill.objects.update(line=None)
    return open_dispute(
        item=made.items.get(), amount_minor=1000, reason=DisputeReason.NOT_USED, text="", now=NOON
    )


def decide(row: Dispute, *, upheld: bool = True, answer: str = ANSWER) -> Dispute:
    return resolve_dispute(
        dispute=row.pk, upheld=upheld, answer=answer, agent=reviewer(), now=LATER
    )


def closed(who: Customer) -> Case:
    load_or_create(config().signing_key_file)
    case = approved(who)
    close_case(case.pk, ports=InstantCarrier().ports(), now=lambda: LATER)
    return Case.objects.get(pk=case.pk)


def letter() -> Notice:
    return Notice.objects.get(kind="dispute_resolved")


def test_what_was_paid_for_a_line_that_goes_on_is_a_credit() -> None:
    who = customer(paid=())
    decide(disputed(who))
    assert Credit.objects.get().amount_minor == 1000
    assert (letter().recipient, letter().case) == (who.account.email, None)
    for words in (
        "“Roaming” on bill F1", "You are right.", "CN¥10.00", "as a credit",
        ANSWER, "We never ask for a password",
    ):  # fmt: skip
        assert words in letter().text
    assert letter().is_posted


def test_what_was_not_paid_is_taken_off_the_bill() -> None:
    decide(disputed(customer(), "unpaid"))
    assert "CN¥10.00 is taken off the bill: you need not pay it." in letter().text
    assert "as a credit" not in letter().text


def test_a_rejection_says_that_another_person_will_look() -> None:
    row = decide(disputed(customer()), upheld=False, answer="The network saw the line in Japan.")
    assert row.state == "rejected"
    assert "another person will look" in letter().text
    assert "The network saw the line in Japan." in letter().text
    assert not Credit.objects.exists()


def test_after_the_closing_it_goes_back_with_the_money_of_the_case() -> None:
    who = customer(paid=(5000,))
    row = disputed(who)
    case = closed(who)
    Case.objects.filter(pk=case.pk).update(contact_email="new@example.org")
    decide(row)
    assert letter().recipient == "new@example.org"
    assert f"the money of case {case.number}" in letter().text
    assert Notice.objects.filter(case=case.pk, kind="place_needed").count() == 1
    assert open_items() == under_way() == {(case.pk, "CNY"): -1000}
    assert not Credit.objects.exists()


def test_a_place_that_the_customer_has_named_before_is_used() -> None:
    who = customer(paid=(5000,))
    row = disputed(who)
    case = closed(who)
    choose_account(
        case=case.pk, kind=Kind.CN_CARD, holder="李伟", account_number="6222021234567890128",
        actor="customer", now=LATER,
    )  # fmt: skip
    decide(row)
    assert [(r.kind, r.currency, r.count, r.minor) for r in ready_by_file()] == [
        (Kind.CN_CARD, "CNY", 1, 1000)
    ]
    assert not Notice.objects.filter(kind="place_needed").exists()


def test_a_bill_of_the_account_is_not_settled_by_a_closing_of_one_of_its_lines() -> None:
    who = customer(lines=2)
    row = disputed(who, of_line=False)
    closed(Customer(who.user, who.account, who.lines[:1]))
    decide(row)
    assert Credit.objects.get().line is None


def test_while_a_closing_runs_and_has_booked_nothing_nobody_decides() -> None:
    who = customer(paid=(5000,))
    row = disputed(who)
    case = approved(who)
    Case.objects.filter(pk=case.pk).update(state="closing")
    with pytest.raises(Refusal) as refused:
        decide(row)
    assert refused.value.code == "closing_runs"
    assert not Notice.objects.filter(kind="dispute_resolved").exists()
    row.refresh_from_db()
    assert row.state == "open"
    decide(row, upheld=False)  # nothing is owed by that: it need not wait


def test_decided_once_and_never_without_words() -> None:
    row = disputed(customer())
    with pytest.raises(InvalidValue):
        decide(row, answer="no")
    decide(row)
    with pytest.raises(Refusal):
        decide(row, upheld=False)
    assert Notice.objects.filter(kind="dispute_resolved").count() == 1
    assert AuditRow.objects.filter(event="dispute_resolved").count() == 1
    assert Refund.objects.count() == 0
