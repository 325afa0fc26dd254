"""What a customer does with a case, on the real database."""

from datetime import timedelta
from uuid import UUID

import pytest

from signoff.accounts.models import Line, LineState
from signoff.audit.models import AuditRow
from signoff.closing import operations as closing
from signoff.closing import queries as cases
from signoff.closing.models import Case, CaseLine
from signoff.closing.rules import CaseState, NoSuchTransition, Reason, Scope
from signoff.config import config
from signoff.kernel.errors import Conflict, InvalidValue, Refusal
from signoff.kernel.keys import load_or_create
from signoff.notice.models import Notice
from signoff.ports.engine import engine
from signoff.sagas.closing import close_case
from signoff.sagas.engine import NotInTransaction
from signoff.settlement.models import BalanceBucket, Payment, Refund, Settlement
from tests.engine_rows import engine_rows
from tests.instant import InstantCarrier
from tests.world import NOON, Customer, approved, customer, submitted

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=3)


def draft(who: Customer, scope: Scope = Scope.LINE) -> Case:
    """The customer has begun."""
    return closing.start_draft(
        account=who.account, lines=who.lines, scope=scope, language="en", now=NOON
    )


def shown_to(who: Customer, case: Case) -> str:
    """The digest of the preview that the customer has on the screen."""
    return cases.preview(
        who.account, who.lines, scope=Scope(case.scope), now=NOON, case=case
    ).settlement.digest


def close(case_id: UUID) -> Case:
    """The whole closing, at a carrier that answers at once."""
    load_or_create(config().signing_key_file)
    close_case(case_id, ports=InstantCarrier().ports(), now=lambda: LATER)
    return cases.case_by_id(case_id)


def test_a_draft_is_found_again_in_a_second_tab() -> None:
    who = customer()
    assert draft(who).pk == draft(who).pk
    assert Case.objects.count() == 1


def test_a_line_that_is_being_closed_cannot_be_closed_again() -> None:
    who = customer()
    case = submitted(who)
    with pytest.raises(Refusal) as refused:
        draft(who)
    assert refused.value.code == "already_closing"
    assert refused.value.params["case"] == case.number


def test_somebody_elses_line_cannot_be_closed() -> None:
    one, other = customer(), customer()
    with pytest.raises(Refusal):
        closing.start_draft(
            account=one.account, lines=other.lines, scope=Scope.LINE, language="en", now=NOON
        )
    assert not Case.objects.exists()


def test_confirming_freezes_the_settlement_and_tells_the_customer() -> None:
    who = customer(paid=(5000, 2500))
    case = submitted(who)
    assert case.state == CaseState.SUBMITTED.value
    assert case.decide_by is not None
    assert case.decide_by > NOON.date()
    kept = Settlement.objects.get(case=case.pk)
    assert kept.content["refund_total"] == 7500
    assert [r.amount_minor for r in Refund.objects.order_by("position")] == [5000, 2500]
    assert sorted(n.channel for n in Notice.objects.filter(case=case.pk)) == ["letter", "text"]
    asked_for = set(engine_rows("notice:"))
    assert asked_for == {f"notice:{n.pk}:0" for n in Notice.objects.all()}


def test_confirming_twice_is_confirming_once() -> None:
    who = customer()
    case = draft(who)
    closing.save_reason(case=case, reason=Reason.PRICE, text="")
    stale, digest = cases.case_by_id(case.pk), shown_to(who, case)
    for seen in (case, stale, cases.case_by_id(case.pk)):
        done = closing.submit(case=seen, settlement_digest=digest, session_key="", now=NOON)
        assert done.state == CaseState.SUBMITTED.value
    assert Settlement.objects.count() == 1
    assert Notice.objects.filter(channel="letter").count() == 1


def test_an_amount_that_has_changed_is_shown_again_and_nothing_is_written() -> None:
    who = customer()
    case = draft(who)
    closing.save_reason(case=case, reason=Reason.PRICE, text="")
    digest = shown_to(who, case)
    BalanceBucket.objects.update(amount_minor=7400)
    recorded = AuditRow.objects.count()
    with pytest.raises(Refusal) as refused:
        closing.submit(case=case, settlement_digest=digest, session_key="", now=NOON)
    assert refused.value.code == "preview_changed"
    assert cases.case_by_id(case.pk).state == CaseState.DRAFT.value
    assert not Settlement.objects.exists()
    assert not Refund.objects.exists()
    assert not Notice.objects.exists()
    assert AuditRow.objects.count() == recorded


def test_a_missing_answer_is_asked_for() -> None:
    who = customer()
    case = draft(who)
    with pytest.raises(Refusal) as refused:
        closing.submit(case=case, settlement_digest=shown_to(who, case), session_key="", now=NOON)
    assert refused.value.code == "incomplete"


def test_a_contact_number_that_ends_with_the_line_is_refused() -> None:
    who = customer()
    case = draft(who)
    national = who.lines[0].msisdn.removeprefix("+86")
    for typed in (who.lines[0].msisdn, national, f" {national[:3]}-{national[3:]} "):
        with pytest.raises(InvalidValue) as refused:
            closing.save_contact(case=case, name="Li Wei", email="li@example.org", phone=typed)
        assert refused.value.field == "phone"
    closing.save_contact(case=case, name="Li Wei", email="li@example.org", phone="138 0013 8000")
    assert cases.case_by_id(case.pk).contact_phone == "+8613800138000"
    closing.save_contact(case=case, name="Li Wei", email="li@example.org", phone=" ")
    assert cases.case_by_id(case.pk).contact_phone == ""


def test_answers_cannot_be_changed_after_confirming() -> None:
    case = submitted(customer())
    with pytest.raises(Conflict):
        closing.save_reason(case=case, reason=Reason.MOVING, text="")
    with pytest.raises(Conflict):
        closing.save_contact(case=case, name="Mallory", email="m@example.org", phone="")


@pytest.mark.parametrize("how_far", [draft, submitted, approved])
def test_undo_frees_the_lines_and_the_money(how_far: object) -> None:
    who = customer()
    case = how_far(who)  # type: ignore[operator]
    gone = closing.withdraw(case=case, actor="customer", now=NOON)
    assert gone.state == CaseState.WITHDRAWN.value
    assert not CaseLine.objects.filter(is_open=True).exists()
    assert not Settlement.objects.exists()
    assert not Refund.objects.exists()
    assert Line.objects.get().state == LineState.ACTIVE
    assert BalanceBucket.objects.get().amount_minor == 7500
    assert Notice.objects.filter(kind="withdrawn").count() == (how_far is not draft)
    assert submitted(who).pk != case.pk  # and it can be asked for again


def test_there_is_no_undo_after_the_closing_has_begun() -> None:
    who = customer()
    case = approved(who)
    done = close(case.pk)
    assert done.state == CaseState.CLOSED.value
    with pytest.raises(NoSuchTransition):
        closing.withdraw(case=done, actor="customer", now=LATER)
    with pytest.raises(Conflict):  # a page that was open since before
        closing.withdraw(case=case, actor="customer", now=LATER)
    assert cases.case_by_id(case.pk).state == CaseState.CLOSED.value


def account_money(who: Customer, minor: int) -> BalanceBucket:
    """Money that belongs to the account and to no line, with the payment that made it."""
    bucket = BalanceBucket.objects.create(
        reference=f"own-{who.account.number}",
        account=who.account,
        kind="paid",
        amount_minor=minor,
        as_of=NOON,
    )
    Payment.objects.create(
        reference=f"ch_own_{who.account.number}",
        bucket=bucket,
        amount_minor=minor,
        method="Visa 4242",
        paid_at=NOON,
    )
    return bucket


def test_money_of_the_account_is_spent_with_its_last_line() -> None:
    who = customer(paid=(5000,))
    account_money(who, 1000)
    case = approved(who)
    assert close(case.pk).state == CaseState.CLOSED.value
    assert sum(r.amount_minor for r in Refund.objects.all()) == 6000
    assert [b.amount_minor for b in BalanceBucket.objects.all()] == [0, 0]


def test_money_of_the_account_stays_while_another_line_lives() -> None:
    who = customer(lines=2, paid=(5000,))
    account_money(who, 1000)
    first = Customer(who.user, who.account, who.lines[:1])
    case = approved(first)
    Line.objects.filter(pk=who.lines[1].pk).update(state=LineState.CLOSED)  # meanwhile
    close(case.pk)
    assert sum(r.amount_minor for r in Refund.objects.all()) == 5000
    kept = BalanceBucket.objects.get(line=None)
    assert kept.amount_minor == 1000


def test_money_that_comes_in_before_the_closing_begins_goes_back_too() -> None:
    who = customer(paid=(5000,))
    case = approved(who)
    BalanceBucket.objects.update(amount_minor=5300)
    close(case.pk)
    assert sum(r.amount_minor for r in Refund.objects.all()) == 5300
    assert BalanceBucket.objects.get().amount_minor == 0


@pytest.mark.django_db(transaction=True)
def test_a_command_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction):
        engine().enqueue("close_case", "close:nobody:1", "nobody", 1)
    assert engine_rows("nobody") == {}
