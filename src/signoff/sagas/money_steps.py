"""Steps that move money. The amounts are those that the customer confirmed."""

from signoff.closing.money_notices import ask_for_place, tell_of_failure
from signoff.ports.errors import Permanent
from signoff.ports.payments import RefundState as RemoteState
from signoff.sagas.refunds import REMOTE_STATES, ask_or_refund
from signoff.sagas.run import Run, Step
from signoff.settlement import operations as settlement
from signoff.settlement.models import RefundState
from signoff.settlement.queries import place_of, refund_of, settlement_of
from signoff.settlement.refunds import marking
from signoff.settlement.refunds import operations as refunds
from signoff.settlement.refunds.rules import PAYMENT, PLACE_UNKNOWN, waiting
from signoff.termination.models import Receipt
from signoff.termination.operations import Outcome


def _final_bill(run: Run, _receipt: Receipt) -> Outcome:
    settled = settlement_of(run.case.pk)
    if settled is None:
        raise Permanent("settlement", "the case has no confirmed settlement")
    content = settled.content
    return Outcome(
        "issued",
        reference=settled.digest,
        facts={
            "currency": content["currency"],
            "refund_total": content["refund_total"],
            "charges": sum(part["amount"] for part in content["charges"]),
        },
    )


def _bill_booked(run: Run, receipt: Receipt, _outcome: Outcome) -> None:
    settlement.book_final_bill(
        case=run.case.pk, account=run.case.account, step=receipt.step, now=run.now()
    )


def _refund(run: Run, receipt: Receipt) -> Outcome:
    """By the payment at once; what goes another way, or needs a person, is let go only."""
    refund = refund_of(int(receipt.subject))
    facts: dict[str, str | int | bool] = {
        "amount": refund.amount_minor,
        "currency": refund.currency,
    }
    hand_over_as = waiting(
        refunds.route_of(refund, place_of(run.case.pk)), needs_approval=refund.needs_approval
    )
    if hand_over_as:
        return Outcome(hand_over_as, facts=facts)
    if refund.attempt > 1:
        facts["attempt"] = refund.attempt
    answer = ask_or_refund(run.ports.payments, refund)
    if answer.state is RemoteState.FAILED:
        facts["failure"] = answer.failure[:60]
    return Outcome(answer.state.value, reference=answer.reference, facts=facts)


def _refunded(run: Run, receipt: Receipt, outcome: Outcome) -> None:
    number, now = int(receipt.subject), run.now()
    if outcome.outcome in REMOTE_STATES:
        changed = marking.mark(
            refund=number,
            state=RefundState(outcome.outcome),
            route=PAYMENT,
            reference=outcome.reference,
            failure=str(outcome.facts.get("failure", "")),
            attempt=int(outcome.facts.get("attempt", 1)),
            now=now,
        )
        refunds.reached(refund=number, now=now)
        if changed and outcome.outcome == RefundState.FAILED:
            tell_of_failure(run.case, now)
        return
    refunds.hand_over(refund=number, case=run.case.pk, now=now)
    if outcome.outcome == PLACE_UNKNOWN:
        ask_for_place(run.case, now)


final_bill = Step(_final_bill, _bill_booked)
refund = Step(_refund, _refunded)
