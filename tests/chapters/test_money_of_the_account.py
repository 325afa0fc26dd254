"""Money that belongs to the account and to no line is settled by one case, and not forgotten."""

import pytest

from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.closing.rules import Reason, Scope
from signoff.settlement.models import BalanceBucket, Payment
from tests.world import NOON, Customer, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Customer:
    """Two lines without money of their own, and 30.00 that belong to the account."""
    made = customer(lines=2, paid=())
    bucket = BalanceBucket.objects.create(
        reference="B-account", account=made.account, kind="paid", amount_minor=3000, as_of=NOON
    )
    Payment.objects.create(
        reference="ch_account", bucket=bucket, amount_minor=3000, method="Visa 4242", paid_at=NOON
    )
    return made


def submit(who: Customer, number: int) -> Case:
    """Closes one of the lines, as a person would."""
    lines = [who.lines[number]]
    case = closing.start_draft(
        account=who.account, lines=lines, scope=Scope.LINE, language="en", now=NOON
    )
    closing.save_reason(case=case, reason=Reason.PRICE, text="")
    shown = cases.preview(who.account, lines, scope=Scope.LINE, now=NOON, case=case)
    return closing.submit(
        case=case, settlement_digest=shown.settlement.digest, session_key="", now=NOON
    )


def refund_of(who: Customer, number: int) -> int:
    """What a preview of closing this line promises, in whole units."""
    shown = cases.preview(who.account, [who.lines[number]], scope=Scope.LINE, now=NOON)
    return int(shown.settlement.refund_total.amount)


def test_it_goes_with_the_last_line_even_while_the_other_is_only_leaving(who: Customer) -> None:
    assert refund_of(who, 0) == 0
    submit(who, 0)
    assert refund_of(who, 1) == 30


def test_it_is_promised_once(who: Customer) -> None:
    first = submit(who, 0)
    submit(who, 1)
    closing.withdraw(case=first, actor="customer", now=NOON)
    assert refund_of(who, 0) == 0


def test_who_looks_at_a_case_again_sees_what_was_confirmed(who: Customer) -> None:
    submit(who, 0)
    last = submit(who, 1)
    shown = cases.preview(who.account, [who.lines[1]], scope=Scope.LINE, now=NOON, case=last)
    assert shown.settlement.refund_total.amount == 30
