"""What was confirmed is what is paid; and what happens when the facts have changed since."""

from uuid import UUID

import pytest

from signoff.accounts.models import LineState
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case
from signoff.config import config
from signoff.journal.queries import open_items
from signoff.kernel.errors import Refusal
from signoff.kernel.keys import load_or_create
from signoff.notice.models import Notice
from signoff.sagas.closing import close_case
from signoff.settlement.models import (
    BalanceBucket,
    Bill,
    Place,
    PlaceKind,
    Refund,
    Settlement,
    Usage,
)
from signoff.settlement.queries import settlement_of, under_way, versions_of
from signoff.settlement.refunds import places
from tests.instant import InstantCarrier
from tests.world import LATER, NOON, Customer, approved, bill_for, customer, deposit, late_use

pytestmark = pytest.mark.django_db


def close(case: UUID, carrier: InstantCarrier | None = None) -> Case:
    """A run of the closing, at a carrier that answers at once."""
    load_or_create(config().signing_key_file)
    close_case(case, ports=(carrier or InstantCarrier()).ports(), now=lambda: LATER)
    return cases.case_by_id(case)


def letters(case: Case) -> list[str]:
    """Kinds of letters written, oldest first."""
    rows = Notice.objects.filter(case=case.pk, channel="letter").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_change_against_the_customer_asks_again_before_anything_is_touched() -> None:
    who = customer(paid=(5000,))
    case = approved(who)
    late_use(who, 700)
    carrier = InstantCarrier()
    case = close(case.pk, carrier)
    assert case.state == "to_confirm"
    assert not carrier.done
    assert letters(case)[-1] == "confirm_again"
    assert case.account.lines.get().state == LineState.ACTIVE
    agreed = settlement_of(case.pk)
    assert agreed
    assert agreed.version == 1
    changed = cases.settled_now(case, agreed)
    assert changed.refund_minor == 4300
    closing.confirm_again(case=case, settlement_digest=changed.digest, session_key="", now=LATER)
    case = close(case.pk, carrier)
    assert case.state == "closed"
    assert Refund.objects.get(case=case.pk).amount_minor == 4300
    assert [(s.version, s.why) for s in versions_of(case.pk)] == [
        (1, "confirmed"),
        (2, "confirmed_again"),
    ]


def test_an_amount_that_has_changed_once_more_cannot_be_confirmed() -> None:
    who = customer(paid=(5000,))
    case = approved(who)
    late_use(who, 700)
    case = close(case.pk)
    seen = settlement_of(case.pk)
    assert seen
    digest = cases.settled_now(case, seen).digest
    Usage.objects.update(amount_minor=900)
    with pytest.raises(Refusal) as refused:
        closing.confirm_again(case=case, settlement_digest=digest, session_key="", now=LATER)
    assert refused.value.code == "preview_changed"
    assert Settlement.objects.filter(case=case.pk).count() == 1


def test_what_must_be_paid_first_cannot_be_confirmed_away() -> None:
    who = customer(paid=())
    case = approved(who)
    late_use(who, 700)
    case = close(case.pk)
    assert case.state == "to_confirm"
    agreed = settlement_of(case.pk)
    assert agreed
    digest = cases.settled_now(case, agreed).digest
    with pytest.raises(Refusal) as refused:
        closing.confirm_again(case=case, settlement_digest=digest, session_key="", now=LATER)
    assert refused.value.code == "blocked"


def test_a_change_that_asks_again_can_still_be_undone() -> None:
    who = customer(paid=(5000,))
    case = approved(who)
    late_use(who, 700)
    case = closing.withdraw(case=close(case.pk), actor="customer", now=LATER)
    assert case.state == "withdrawn"
    assert not Settlement.objects.filter(case=case.pk).exists()


def test_a_change_in_the_customers_favour_goes_on_and_is_told() -> None:
    who = customer(paid=(5000,))
    bill_for(who, ("Boom 30", 1000))
    case = approved(who)
    Bill.objects.update(state="paid")  # elsewhere, meanwhile
    case = close(case.pk)
    assert case.state == "closed"
    assert Refund.objects.get(case=case.pk).amount_minor == 5000
    assert "amount_changed" in letters(case)


def test_nothing_changed_is_nothing_told() -> None:
    case = close(approved(customer()).pk)
    assert "amount_changed" not in letters(case)
    assert len(versions_of(case.pk)) == 1


def test_when_it_is_closed_the_journal_has_no_open_items() -> None:
    who = customer(paid=(5000, 2500))
    late_use(who, 1300)
    case = close(approved(who).pk)
    assert case.state == "closed"
    assert open_items() == {}
    assert under_way() == {}
    assert Usage.objects.get().billed_by_case == case.pk


def with_deposit(minor: int = 3000) -> Customer:
    """A customer with money that no payment of ours made."""
    who = deposit(customer(lines=2, paid=()), minor)
    who.lines = who.lines[:1]
    return who


IBAN = "DE89 3704 0044 0532 0130 00"


def test_the_rest_waits_for_a_place_and_the_closing_does_not() -> None:
    case = close(approved(with_deposit()).pk)
    assert case.state == "closed"
    assert "place_needed" in letters(case)
    refund = Refund.objects.get(case=case.pk)
    assert refund.state == "planned"
    assert open_items() == {(case.pk, "CNY"): -3000} == under_way()


def test_the_rest_goes_to_another_line_at_once() -> None:
    who = with_deposit()
    case = approved(who)
    kept = who.account.lines.exclude(pk=who.lines[0].pk).get()
    places.choose_line(
        case=case.pk, line=kept, closing={who.lines[0].pk}, actor="customer", now=NOON
    )
    case = close(case.pk)
    follow_all()
    assert Refund.objects.get(case=case.pk).state == "paid"
    assert BalanceBucket.objects.get(line=kept).amount_minor == 3000
    assert open_items() == {} == under_way()


def test_a_line_that_ends_or_has_ended_is_no_place() -> None:
    who = with_deposit()
    case = approved(who)
    with pytest.raises(Refusal):
        places.choose_line(
            case=case.pk, line=who.lines[0], closing={who.lines[0].pk}, actor="customer", now=NOON
        )
    other = who.account.lines.exclude(pk=who.lines[0].pk).get()
    other.state = LineState.CLOSED
    with pytest.raises(Refusal):
        places.choose_line(case=case.pk, line=other, closing=set(), actor="customer", now=NOON)
    assert not Place.objects.exists()


def follow_all(carrier: InstantCarrier | None = None) -> None:
    """What the worker does with refunds that were let go."""
    from signoff.sagas.refunds import follow_refund  # noqa: PLC0415 - needs the apps

    for row in Refund.objects.exclude(released_at=None):
        follow_refund(
            row.pk,
            row.attempt,
            row.tries,
            ports=(carrier or InstantCarrier()).ports(),
            now=lambda: LATER,
        )


def test_a_better_place_takes_the_place_of_the_first() -> None:
    case = approved(with_deposit())
    for holder in ("Li Wei", "Wei Li"):
        places.choose_account(
            case=case.pk, kind=PlaceKind.IBAN, holder=holder, account_number=IBAN,
            actor="customer", now=NOON,
        )  # fmt: skip
    assert Place.objects.get(is_current=True).holder == "Wei Li"
    assert Place.objects.count() == 2
